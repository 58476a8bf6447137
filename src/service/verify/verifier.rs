//! The way of a verification: the file, and beside that checkpoints, decisions, operations, index, catalogues.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    hash::RandomState,
    sync::Arc,
    thread,
};

use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;

use super::{
    Fault, Subject, Unchecked,
    checkpoints::Signed,
    chunk::{self, Checked, Means},
    growth::Growth,
    index,
};
use crate::{
    audit::{Checkpoint, Hash, Log, Rebuild, TrustedKeys, hexadecimal, leaf_hash},
    catalogue::Catalogue,
    store::{CheckpointFileError, ReadError, Store, checkpoint_file::Notes},
};

/// Rows that are read and checked together.
const CHUNK_LEN: usize = 1024;
/// Log indices that a report names; more are counted.
const NAMED_MAX: usize = 20;

/// A verification of one database.
#[derive(Debug)]
pub struct Verifier {
    /// The database, for reading.
    pub store: Store,
    /// The keys that are trusted to sign checkpoints.
    pub keys: TrustedKeys,
    /// The checkpoints that are kept outside the database, from a file that was opened before it; `None` where there is no file.
    pub outside: Option<Notes>,
    /// A checkpoint that is trusted: decisions that it has are not read again.
    pub since: Option<Checkpoint>,
    /// Whether it is the database in use, or a copy.
    pub subject: Subject,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Decisions in the log.
    pub decisions: u64,
    /// Operations in the log.
    pub operations: u64,
    /// Signed checkpoints that fit.
    pub checkpoints: u64,
    /// Decisions that a checkpoint vouches for: none behind them is proven yet.
    pub signed: u64,
    /// Operations that a checkpoint vouches for.
    pub operations_signed: u64,
    /// Records of each log under its last checkpoint in the file outside the database, 0 where that has none of the log; empty where there is no
    /// file, or it has nothing of the database.
    pub outside: BTreeMap<Log, u64>,
    /// Whether the database in use was signed, and no checkpoint of it was there outside to hold it against.
    pub is_alone: bool,
    /// Decisions that were not read, since a trusted checkpoint has them.
    pub trusted: u64,
    /// Checkpoints that no key given is for.
    pub unchecked: Vec<Unchecked>,
    /// Logs of which the file has checkpoints that a copy ends before, with the largest size that was signed.
    pub later: BTreeMap<Log, u64>,
    /// When the last decision was made, in microseconds of Unix time; `None` where none was read.
    pub last_us: Option<i64>,
    /// The first thing that is wrong; `None` when the database is what it was.
    pub fault: Option<Fault>,
    /// Decisions that the rules decide otherwise now: the first of them, and how many.
    pub differ: (Vec<u64>, u64),
    /// Decisions that cannot be evaluated now: the first of them, and how many.
    pub cannot: (Vec<u64>, u64),
}

/// Why a verification came to no end.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The database cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file of checkpoints cannot be read.
    #[error(transparent)]
    File(#[from] CheckpointFileError),
    /// A thread ended out of order.
    #[error("a part of the verification ended out of order: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

impl Verifier {
    /// Verifies; `advance` hears of every so many decisions that are done.
    ///
    /// # Errors
    ///
    /// When the database cannot be read. What is wrong with it is in the report.
    pub async fn run(&mut self, mut advance: impl FnMut(u64)) -> Result<Report, VerifyError> {
        let outside = self.outside.take();
        let mut report = Report::default();
        let (file, content) = tokio::join!(
            self.store.file_fault(),
            self.content(outside, &mut report, &mut advance)
        );
        // It comes first: in a damaged file records can seem to be missing or altered that are neither.
        report.fault = match found(file.map_err(VerifyError::from))? {
            Some(Ok(problem)) => Some(Fault::File { problem }),
            Some(Err(damage)) => Some(damage),
            None => found(content)?.map(|found| found.unwrap_or_else(|damage| damage)),
        };
        Ok(report)
    }

    /// What the rows say, whatever the file is like that they are in.
    async fn content(
        &self,
        outside: Option<Notes>,
        report: &mut Report,
        advance: &mut impl FnMut(u64),
    ) -> Result<Option<Fault>, VerifyError> {
        // First what was signed: while a server runs, the logs may be longer then, but never shorter.
        let signed = match Signed::read(&self.store, &self.keys, outside, self.subject).await? {
            Ok(signed) => signed,
            Err(fault) => return Ok(Some(fault)),
        };
        report.decisions = self.store.size(Log::Decisions).await?;
        report.operations = self.store.size(Log::Operations).await?;
        report.checkpoints = signed.count;
        report.signed = signed.last(Log::Decisions);
        report.operations_signed = signed.last(Log::Operations);
        report.outside.clone_from(&signed.outside);
        report.is_alone = self.subject == Subject::Live && signed.count > 0 && signed.outside.is_empty();
        report.later.clone_from(&signed.later);
        report.trusted = self.since.as_ref().map_or(0, |since| since.size);
        let fault = self.all(&signed, report, advance).await?;
        report.unchecked = signed.into_unchecked();
        Ok(fault)
    }

    async fn all(
        &self,
        signed: &Signed,
        report: &mut Report,
        advance: &mut impl FnMut(u64),
    ) -> Result<Option<Fault>, VerifyError> {
        if let Some(problem) = self.store.schema_difference().await? {
            return Ok(Some(Fault::Schema { problem }));
        }
        if let Some(problem) = self.store.strays().await? {
            return Ok(Some(Fault::Stray { problem }));
        }
        let (mut catalogues, mut digests) = (BTreeMap::new(), BTreeSet::new());
        for (digest, bytes) in self.store.catalogues().await? {
            if hexadecimal(&Sha256::digest(&bytes)) != digest {
                return Ok(Some(Fault::Catalogue { digest }));
            }
            digests.insert(digest.clone());
            if let Ok(catalogue) = Catalogue::from_bytes(&bytes) {
                catalogues.insert(digest, catalogue);
            }
        }
        let means = Arc::new(Means {
            catalogues,
            digests,
            hasher: RandomState::new(),
        });
        let mut sums = BTreeMap::new();
        if let Some(fault) = self.decisions(signed, &means, report, &mut sums, advance).await? {
            return Ok(Some(fault));
        }
        if let Some(fault) = self.operations(signed, report.operations).await? {
            return Ok(Some(fault));
        }
        for (log, records, last) in [
            (Log::Decisions, report.decisions, report.signed),
            (Log::Operations, report.operations, report.operations_signed),
        ] {
            // With the key of its checkpoints they might turn out to be signed.
            if last == 0 && records > 0 && !signed.is_closed(log) {
                return Ok(Some(Fault::Unsigned { log, records }));
            }
        }
        // The index is compared whole, or, where a part of the log was not read, not at all.
        if self.since.is_some() {
            return Ok(None);
        }
        index::check(&self.store, &means, report.decisions, &sums).await
    }

    async fn decisions(
        &self,
        signed: &Signed,
        means: &Arc<Means>,
        report: &mut Report,
        sums: &mut BTreeMap<u64, u64>,
        advance: &mut impl FnMut(u64),
    ) -> Result<Option<Fault>, VerifyError> {
        let rebuild = match self.begin().await? {
            Ok(rebuild) => rebuild,
            Err(fault) => return Ok(Some(fault)),
        };
        let begun = rebuild.tree().size();
        if report.decisions < begun {
            return Ok(Some(Fault::Truncated {
                log: Log::Decisions,
                size: report.decisions,
                signed: begun,
            }));
        }
        let mut growth = Growth::new(&self.store, Log::Decisions, rebuild, signed.of(Log::Decisions, begun));
        let mut chunks = Chunks::new(&self.store, means, begun, report.decisions);
        let mut last_us = None;
        while let Some((from, checked)) = chunks.next().await? {
            let first_fault = match checked.first_us {
                Some(first_us) if last_us.is_some_and(|last_us| last_us > first_us) => {
                    Some(Fault::Time { log_index: from })
                }
                _ => checked.fault,
            };
            last_us = checked.last_us.or(last_us);
            if let Some(fault) = growth.push(&checked.leaves).await? {
                return Ok(Some(fault));
            }
            if let Some(fault) = first_fault {
                return growth.blame(fault).await.map(Some);
            }
            for (window, sum) in checked.sums {
                let total: &mut u64 = sums.entry(window).or_default();
                *total = total.wrapping_add(sum);
            }
            note(&mut report.differ, checked.differ);
            note(&mut report.cannot, checked.cannot);
            advance(checked.leaves.len() as u64);
        }
        report.last_us = last_us;
        growth.finish().await
    }

    /// The tree to go on from: that of the trusted checkpoint, or the empty one.
    async fn begin(&self) -> Result<Result<Rebuild, Fault>, VerifyError> {
        let Some(since) = &self.since else {
            return Ok(Ok(Rebuild::new()));
        };
        let tree = self.store.tree(Log::Decisions, since.size).await?.ok();
        let tree = tree.filter(|tree| tree.root() == since.root);
        let fault = Fault::Root {
            log: Log::Decisions,
            size: since.size,
        };
        Ok(tree.map(Rebuild::resume).ok_or(fault))
    }

    async fn operations(&self, signed: &Signed, count: u64) -> Result<Option<Fault>, VerifyError> {
        let log = Log::Operations;
        let mut growth = Growth::new(&self.store, log, Rebuild::new(), signed.of(log, 0));
        let mut from = 0;
        while from < count {
            let count_max = usize::try_from(count - from).map_or(CHUNK_LEN, |left| left.min(CHUNK_LEN));
            let rows = self.store.raw_operations(from, count_max).await?;
            let expected = from..;
            let gap = expected
                .zip(&rows)
                .find(|(expected, row)| row.0 != expected.cast_signed());
            if let Some((log_index, row)) = gap {
                let found = row.0;
                return Ok(Some(Fault::Gap { log, log_index, found }));
            }
            let leaves: Vec<Hash> = rows.iter().map(|row| leaf_hash(log.kind(), &row.1)).collect();
            if let Some(fault) = growth.push(&leaves).await? {
                return Ok(Some(fault));
            }
            from += rows.len().max(1) as u64;
        }
        growth.finish().await
    }
}

/// Chunks of a log, read one after the other, checked side by side, given in order.
struct Chunks<'a> {
    store: &'a Store,
    means: &'a Arc<Means>,
    from: u64,
    end: u64,
    under_way: VecDeque<(u64, JoinHandle<Checked>)>,
    side_by_side: usize,
}

impl<'a> Chunks<'a> {
    fn new(store: &'a Store, means: &'a Arc<Means>, from: u64, end: u64) -> Self {
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            store,
            means,
            from,
            end,
            under_way: VecDeque::new(),
            side_by_side: threads + 1,
        }
    }

    async fn next(&mut self) -> Result<Option<(u64, Checked)>, VerifyError> {
        while self.from < self.end && self.under_way.len() < self.side_by_side {
            let count_max = usize::try_from(self.end - self.from).map_or(CHUNK_LEN, |left| left.min(CHUNK_LEN));
            let rows = self.store.raw_decisions(self.from, count_max).await?;
            let (from, means) = (self.from, Arc::clone(self.means));
            // Where there is nothing left of what was there, somebody takes rows away.
            self.from = if rows.is_empty() {
                self.end
            } else {
                from + rows.len() as u64
            };
            let checked = tokio::task::spawn_blocking(move || chunk::check(from, &rows, &means));
            self.under_way.push_back((from, checked));
        }
        match self.under_way.pop_front() {
            Some((from, checked)) => Ok(Some((from, checked.await?))),
            None => Ok(None),
        }
    }
}

/// What was found, or the damage that was met on the way to it.
fn found<T>(found: Result<Option<T>, VerifyError>) -> Result<Option<Result<T, Fault>>, VerifyError> {
    match found {
        Ok(found) => Ok(found.map(Ok)),
        Err(VerifyError::Read(error)) => match error.damage() {
            Some(problem) => Ok(Some(Err(Fault::Damaged { problem }))),
            None => Err(error.into()),
        },
        Err(error) => Err(error),
    }
}

fn note((named, count): &mut (Vec<u64>, u64), more: Vec<u64>) {
    *count += more.len() as u64;
    let room = NAMED_MAX.saturating_sub(named.len());
    named.extend(more.into_iter().take(room));
}
