//! Export: decisions with everything that proves them, as one file, written as it is read.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use prometheus_client::metrics::counter::Counter;
use tokio::{
    sync::mpsc,
    task::{self, JoinError},
};
use tokio_stream::{Stream, wrappers::ReceiverStream};

use super::{Caller, Place, Room, Service, ServiceError, check::unreadable, history::json, transparency::unproven};
use crate::{
    audit::{
        Checkpoint, Inclusion, Kind, Log, Proof, TrustedKeys,
        bundle::{BundleHead, BundleWriter, WriteError},
    },
    history::{Cursor, Order, Page, PageSize},
    store::Stored,
    wire::{HistoryQuery, conditions_json, decode, parse_history, pb},
};

/// Most exports at one time; more are refused.
const EXPORT_COUNT_MAX: usize = 2;
/// When a caller may try again who met too many.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// Pieces that may wait for whoever reads them.
const CHUNKS_WAITING_MAX: usize = 4;
/// About how many bytes a piece has.
const CHUNK_LEN: usize = 256 * 1024;

type Chunk = Result<Vec<u8>, ServiceError>;
type Writer = BundleWriter<Pieces>;

/// The room for exports.
pub(super) fn room(busy: Counter) -> Room {
    Room::new("exports", EXPORT_COUNT_MAX, RETRY_AFTER, busy)
}

impl Service {
    /// An evidence bundle of the decisions asked for, piece by piece. Everything that was acknowledged before is in it: the logs are
    /// signed first.
    ///
    /// # Errors
    ///
    /// When the question is wrong, there are too many exports, nothing can be signed, or the record cannot be read.
    pub async fn export(
        self: Arc<Self>,
        caller: &Caller,
        request: pb::ExportRequest,
    ) -> Result<impl Stream<Item = Chunk> + Send + use<>, ServiceError> {
        let asked = pb::HistoryRequest {
            // A bundle is in the order of the log.
            order: pb::DecisionOrder::OldestFirst.into(),
            page_token: String::new(),
            page_size: 0,
            view: 0,
            ..request.history.unwrap_or_default()
        };
        let selection = json(&asked).to_string();
        let query = parse_history(asked.clone(), self.catalogue)?;
        // A place comes first: whoever gets none has read nothing, and a signature would be for nobody.
        let place = self.exports.enter()?;
        self.note_read(caller, "Export", json(&asked));
        let signed = self.committer.operations().sign().await;
        let (note, checkpoint) = self.last_checkpoint(Log::Decisions).await?;
        // A bundle that silently lacks what was acknowledged would be worse than none. What nobody can sign any more, in a copy, whoever opened
        // it was told of.
        let size = self
            .store
            .size(Log::Decisions)
            .await
            .map_err(|error| unreadable(&error))?;
        if self.committer.has_task() && !signed && checkpoint.size < size {
            return Err(ServiceError::Unsignable);
        }
        let (pieces, chunks) = mpsc::channel(CHUNKS_WAITING_MAX);
        let export = Export {
            service: self,
            _place: place,
            query,
            checkpoint,
            pieces,
        };
        tokio::spawn(export.run(note, selection));
        Ok(ReceiverStream::new(chunks))
    }
}

/// An export under way.
struct Export {
    service: Arc<Service>,
    _place: Place,
    query: HistoryQuery,
    checkpoint: Checkpoint,
    pieces: mpsc::Sender<Chunk>,
}

/// A record, and the digest of the catalogue that it names; `None` where it cannot be read.
type Found = (Stored, Option<String>);
/// A page of records, each with its proof.
type Proven = Vec<(Stored, Proof)>;

impl Export {
    async fn run(self, note: String, selection: String) {
        if let Err(error) = Box::pin(self.write(&note, &selection)).await {
            // Nobody may be there any more.
            let _ = self.pieces.send(Err(error)).await;
        }
    }

    async fn write(&self, note: &str, selection: &str) -> Result<(), ServiceError> {
        let output = Pieces::default();
        let mut writer = begin(output.clone(), note, selection, &self.service.keys)?;
        let mut cursor = None;
        let mut digests = BTreeSet::new();
        loop {
            let page = self.page(cursor).await?;
            cursor = page.next;
            let proven = self.prove(page.items, &mut digests).await?;
            writer = blocking(move || add(writer, proven)).await??;
            for piece in output.take_full() {
                if !self.send(piece).await {
                    return Ok(());
                }
            }
            if self.pieces.is_closed() {
                return Ok(());
            }
            if cursor.is_none() {
                break;
            }
        }
        for digest in digests {
            let bytes = self.service.store.catalogue(&digest).await;
            if let Some(bytes) = bytes.map_err(|error| unreadable(&error))? {
                writer.catalogue(&bytes).map_err(unwritten)?;
            }
        }
        writer.finish().map_err(unwritten)?;
        for piece in output.take() {
            self.send(piece).await;
        }
        Ok(())
    }

    /// The next records that the checkpoint has.
    async fn page(&self, cursor: Option<Cursor>) -> Result<Page<Found>, ServiceError> {
        let (query, size) = (&self.query, self.checkpoint.size);
        let mut beyond = false;
        let accept = |stored: Stored| {
            if stored.log_index >= size {
                beyond = true;
                return None;
            }
            match decode(&stored.record, stored.log_index) {
                Ok(decision) => query
                    .matches(&decision)
                    .then_some((stored, Some(decision.catalogue_digest))),
                // It is evidence, whatever it says.
                Err(_) => Some((stored, None)),
            }
        };
        let page = self
            .service
            .store
            .page(&query.filter, Order::OldestFirst, cursor, PageSize::MAX, accept)
            .await;
        let mut page = page.map_err(|error| unreadable(&error))?;
        if beyond {
            page.next = None;
        }
        Ok(page)
    }

    async fn prove(&self, found: Vec<Found>, digests: &mut BTreeSet<String>) -> Result<Proven, ServiceError> {
        let mut claims = Vec::with_capacity(found.len());
        let mut paths = BTreeSet::new();
        for (stored, _) in &found {
            let claim = Inclusion::new(stored.log_index, self.checkpoint.size);
            let claim = claim.map_err(|error| unproven(Log::Decisions, error))?;
            paths.extend(claim.tiles());
            claims.push(claim);
        }
        let paths: Vec<_> = paths.into_iter().collect();
        let tiles = self.service.tiles_of(Log::Decisions, &paths).await?;
        let mut proven = Vec::with_capacity(found.len());
        for ((stored, digest), claim) in found.into_iter().zip(claims) {
            let proof = claim.prove(&tiles).map_err(|error| unproven(Log::Decisions, error))?;
            digests.extend(digest);
            proven.push((stored, proof));
        }
        Ok(proven)
    }

    /// Gives a piece away; whether somebody is there to take more.
    async fn send(&self, piece: Vec<u8>) -> bool {
        self.pieces.send(Ok(piece)).await.is_ok()
    }
}

fn begin(output: Pieces, note: &str, selection: &str, keys: &TrustedKeys) -> Result<Writer, ServiceError> {
    let conditions = conditions_json();
    let head = BundleHead {
        note,
        conditions: conditions.as_bytes(),
        selection,
        program: concat!("reimage-rights ", env!("CARGO_PKG_VERSION")),
    };
    BundleWriter::begin(output, &head, keys).map_err(unwritten)
}

/// Adds records; packing them keeps a core busy.
fn add(mut writer: Writer, proven: Proven) -> Result<Writer, ServiceError> {
    for (stored, proof) in proven {
        let record = stored.record.as_bytes();
        writer
            .record(stored.log_index, Kind::Decision, record, proof)
            .map_err(unwritten)?;
    }
    Ok(writer)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ServiceError> {
    task::spawn_blocking(work).await.map_err(|error: JoinError| {
        tracing::error!(%error, "an export ended out of order");
        ServiceError::Unreadable
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is the end of the error")]
fn unwritten(error: WriteError) -> ServiceError {
    tracing::error!(%error, "an export could not be written");
    match error {
        WriteError::Proof { .. } | WriteError::LineBreak(_) => ServiceError::Altered(Log::Decisions),
        WriteError::Output(_) | WriteError::Checkpoint(_) | WriteError::Order(_) => ServiceError::Unreadable,
    }
}

/// What was written and not taken yet. Clones share it.
#[derive(Clone, Debug, Default)]
struct Pieces(Arc<Mutex<Vec<u8>>>);

impl Pieces {
    /// Everything that was written, in pieces.
    fn take(&self) -> Vec<Vec<u8>> {
        let all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        all.chunks(CHUNK_LEN).map(<[u8]>::to_vec).collect()
    }

    /// The same, once it is enough for a piece.
    fn take_full(&self) -> Vec<Vec<u8>> {
        let len = self.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        if len >= CHUNK_LEN { self.take() } else { Vec::new() }
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
