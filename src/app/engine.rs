//! A service with its record: opened, and closed in the order that loses nothing.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use tokio::sync::watch;

use crate::{
    catalogue::Catalogue,
    config::Settings,
    service::{Committer, Committing, Counters, Limits, Recording, Service, Sources, Stamper},
    store::{PageLimit, Store, Writer},
};

/// Version of this program in its decisions.
const ENGINE: &str = env!("CARGO_PKG_VERSION");

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self {
            queue_len_max: settings.queue_len_max.value.get(),
            batch_len_max: settings.batch_len_max.value.get(),
            batch_call_count_max: settings.batch_call_count_max.value.get(),
            stream_call_count_max: settings.stream_call_count_max.value.get(),
            stream_in_flight_max: settings.stream_in_flight_max.value.get(),
        }
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
    /// How large the database may grow.
    pub page_limit: PageLimit,
    store: Store,
    committing: Committing,
}

impl Engine {
    /// Opens the database at `path`, creating it where there is none, and starts the committer.
    ///
    /// # Errors
    ///
    /// When the database cannot be opened or written.
    pub async fn open(path: PathBuf, limits: Limits, sources: Sources) -> anyhow::Result<Self> {
        let (store, mut writer) = Store::open_owned(&path, None).await?;
        let stamper = prepare(&mut writer, sources)
            .await
            .context("the database cannot be prepared for recording")?;
        let page_limit = writer.page_limit();
        let (committer, committing) =
            Committer::start(writer, stamper, limits).context("no thread can be started to record on")?;
        let recording = committer.recording();
        let counters = Arc::clone(committer.counters());
        let service = Arc::new(Service::new(store.clone(), committer, ENGINE.to_owned(), limits));
        Ok(Self {
            service,
            recording,
            counters,
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

/// Keeps the catalogue of this program in the record, and finds out when the last decision was made.
async fn prepare(writer: &mut Writer, sources: Sources) -> anyhow::Result<Stamper> {
    let catalogue = Catalogue::embedded();
    let mut append = writer.begin().await?;
    append.put_catalogue(catalogue.digest(), catalogue.bytes()).await?;
    let last_us = append.last_decided_at_us();
    append.commit().await?;
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
