//! A service with its record: opened, and closed in the order that loses nothing.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use tokio::sync::watch;

use super::keys;
use crate::{
    audit::Log,
    catalogue::Catalogue,
    config::{ConfigError, Settings},
    rules::Edition,
    service::{
        Clock, Committer, Committing, Counters, Limits, Notary, Operation, Recording, Service, Sources, Stamper,
    },
    store::{CheckpointFile, PageLimit, Store, Writer},
};

/// Version of this program in its decisions.
pub(super) const ENGINE: &str = env!("CARGO_PKG_VERSION");

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self {
            queue_len_max: settings.queue_len_max.value.get(),
            batch_len_max: settings.batch_len_max.value.get(),
            batch_call_count_max: settings.batch_call_count_max.value.get(),
            stream_call_count_max: settings.stream_call_count_max.value.get(),
            stream_in_flight_max: settings.stream_in_flight_max.value.get(),
            rate_max: settings.rate_max.value,
        }
    }
}

/// What a service is opened on, and how.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The database.
    pub database: PathBuf,
    /// The keys that sign its checkpoints; made where there are none and nothing was signed yet.
    pub key_file: PathBuf,
    /// The checkpoints outside the database.
    pub checkpoint_file: PathBuf,
    /// What bounds the work in hand.
    pub limits: Limits,
    /// SHA-256 of the settings in force, for the log of operations.
    pub configuration_digest: String,
}

impl Opening {
    /// As the settings have it, on this database.
    ///
    /// # Errors
    ///
    /// When there is no place for keys or checkpoints.
    pub fn of(settings: &Settings, database: PathBuf) -> Result<Self, ConfigError> {
        Ok(Self {
            database,
            key_file: settings.key_path()?.to_owned(),
            checkpoint_file: settings.checkpoint_path()?.to_owned(),
            limits: Limits::from(settings),
            configuration_digest: settings.digest(),
        })
    }
}

/// A running service and its record.
#[derive(Debug)]
pub struct Engine {
    /// The use cases.
    pub service: Arc<Service>,
    /// Whether decisions can be recorded.
    pub recording: watch::Receiver<Recording>,
    /// What was done so far, in numbers.
    pub counters: Arc<Counters>,
    /// What time it is.
    pub clock: Clock,
    /// The database.
    pub database: PathBuf,
    /// How large the database may grow.
    pub page_limit: PageLimit,
    store: Store,
    committing: Committing,
}

impl Engine {
    /// Opens the database, creating it where there is none, and starts the committer.
    ///
    /// # Errors
    ///
    /// When the database cannot be opened or written, or keys and checkpoints do not belong to it.
    pub async fn open(opening: Opening, mut sources: Sources) -> anyhow::Result<Self> {
        let Opening { limits, .. } = opening;
        let (store, mut writer) = Store::open_owned(&opening.database, None).await?;
        let keys = keys::load(&opening, &store).await?;
        let file = CheckpointFile::open(&opening.checkpoint_file)
            .context("decisions are recorded only where their checkpoints can be kept outside the database too; name a file with `--checkpoint-file`")?;
        let keys = match keys {
            Some(keys) => keys,
            // Only now: keys that then signed nothing would make a database look as if somebody had removed its checkpoints.
            None => keys::make(&opening.key_file, &mut sources)?,
        };
        let trusted = keys.trusted();
        let start = start(&keys, opening.configuration_digest);
        let (notary, mut begun) = Notary::new(&store, keys, file).await?;
        begun.push(start);
        let clock = sources.clock.clone();
        let stamper = prepare(&mut writer, sources)
            .await
            .context("the database cannot be prepared for recording")?;
        let page_limit = writer.page_limit();
        let (committer, committing) = Committer::start(writer, stamper, notary, begun, limits)
            .context("no thread can be started to record on")?;
        let recording = committer.recording();
        let counters = Arc::clone(committer.counters());
        let service = Arc::new(Service::new(
            store.clone(),
            committer,
            ENGINE.to_owned(),
            limits,
            trusted,
        ));
        Ok(Self {
            service,
            recording,
            counters,
            clock,
            database: opening.database,
            page_limit,
            store,
            committing,
        })
    }

    /// Tells whoever finds the database owned where it is served.
    pub fn announce(&self, address: &str) {
        if let Err(error) = self.store.announce(address) {
            tracing::warn!(%error, "the lock file does not name this server; other commands must be given `--server`");
        }
    }

    /// Records what still waits, then closes the database.
    pub async fn close(self) {
        self.store.close().await;
        self.committing.finish().await;
    }
}

/// What the log of operations says of this start.
fn start(keys: &crate::audit::KeyRing, configuration_digest: String) -> Operation {
    Operation::Start {
        engine: ENGINE.to_owned(),
        edition: Edition::February2011.as_str().to_owned(),
        rules_revision: Edition::February2011.revision().to_owned(),
        catalogue_digest: Catalogue::embedded().digest().to_owned(),
        configuration_digest,
        keys: Log::ALL.map(|log| keys.of(log).verifier().name()).into(),
    }
}

/// Keeps the catalogue of this program in the record, and finds out when the last decision was made.
async fn prepare(writer: &mut Writer, sources: Sources) -> anyhow::Result<Stamper> {
    let catalogue = Catalogue::embedded();
    let mut append = writer.begin().await?;
    let last_us = append.last_decided_at_us();
    // On a full disk, a database that has it is served for those who read.
    if append.has_catalogue(catalogue.digest()).await? {
        append.rollback().await?;
    } else {
        append.put_catalogue(catalogue.digest(), catalogue.bytes())?;
        append.commit().await?;
    }
    let stamper = Stamper::new(sources, last_us);
    let lag_us = stamper.clock_lag_us();
    if lag_us > 0 {
        tracing::warn!(
            lag_seconds = lag_us / 1_000_000,
            "the clock is behind the last decision; decisions carry its time until the clock is past it"
        );
    }
    Ok(stamper)
}
