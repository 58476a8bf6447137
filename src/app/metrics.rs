//! Everything that can be watched in numbers, in one place.

use std::{fmt, fs, path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _},
    metrics::{counter::Counter, family::Family, gauge::ConstGauge, info::Info},
    registry::Registry,
};
use tokio::sync::watch;

use super::{Engine, engine::ENGINE, listener::Places};
use crate::{
    door::Meter,
    service::{Recording, Service},
    tls::Identity,
};

/// Begins the name of each.
const PREFIX: &str = "reimage_rights";

/// Which file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfFile {
    pub file: &'static str,
}

/// How often a file that was changed could not be read again.
pub(super) type ReloadFailures = Family<OfFile, Counter>;

/// All numbers of a server.
pub(super) fn registry(
    engine: &Engine,
    meter: &Meter,
    places: &Arc<Places>,
    tls: Option<&Arc<ArcSwap<Identity>>>,
    reload_failures: &ReloadFailures,
) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    registry.register("build", "The program", Info::new([("version", ENGINE)]));
    engine.counters.register(&mut registry);
    meter.register(&mut registry);
    registry.register(
        "connections_refused",
        "Connections closed at once, since there were as many as there may be",
        places.refused.clone(),
    );
    registry.register(
        "connections_failed",
        "Attempts to accept a connection that failed, as they do without a file descriptor",
        places.failed.clone(),
    );
    registry.register(
        "reload_failures",
        "Changed files that are wrong, so that what was read before stays in force",
        reload_failures.clone(),
    );
    registry.register_collector(Box::new(Now {
        service: Arc::clone(&engine.service),
        recording: engine.recording.clone(),
        database: engine.database.clone(),
        places: Arc::clone(places),
        tls: tls.cloned(),
    }));
    registry
}

/// What is looked up when somebody asks.
#[derive(Debug)]
struct Now {
    service: Arc<Service>,
    recording: watch::Receiver<Recording>,
    database: PathBuf,
    places: Arc<Places>,
    tls: Option<Arc<ArcSwap<Identity>>>,
}

impl Now {
    /// The database with what was not yet moved into it.
    fn database_bytes(&self) -> u64 {
        let len = |path: PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.len());
        let mut log = self.database.clone().into_os_string();
        log.push("-wal");
        len(self.database.clone()).saturating_add(len(log.into()))
    }
}

impl Collector for Now {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut gauge = |name: &str, help: &str, value: i64| {
            let gauge = ConstGauge::new(value);
            let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(metric)
        };
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let (waiting, most) = self.service.queue();
        gauge("queue_length", "Decisions that wait to be recorded", count(waiting))?;
        gauge(
            "queue_length_max",
            "Most decisions that may wait to be recorded",
            count(most),
        )?;
        let is_ready = Recording::now(&self.recording) == Recording::Ready;
        gauge(
            "recording",
            "1 while decisions can be recorded, else 0",
            i64::from(is_ready),
        )?;
        let bytes = i64::try_from(self.database_bytes()).unwrap_or(i64::MAX);
        gauge("database_bytes", "Bytes of the database and its write-ahead log", bytes)?;
        gauge("connections", "Connections at this time", count(self.places.taken()))?;
        if let Some(tls) = &self.tls {
            let expires = tls.load().expires.as_second();
            gauge(
                "certificate_expiry_timestamp_seconds",
                "When the server's certificate expires, in seconds of Unix time",
                expires,
            )?;
        }
        Ok(())
    }
}
