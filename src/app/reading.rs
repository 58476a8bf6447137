//! A service that only reads a database as it lies: without keys, without a lock, and without a trace in it.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, bail};

use super::engine::ENGINE;
use crate::{
    audit::{Checkpoint, Log, TrustedKeys},
    config::{Origin, Settings},
    service::{Committer, Limits, Service},
    store::{Owner, Store},
};

/// A service that records nothing.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) service: Arc<Service>,
    pub(super) store: Store,
}

impl Reading {
    /// A service over a database that may be anybody's.
    pub(super) fn of(store: Store, settings: &Settings, keys: TrustedKeys) -> Self {
        let limits = Limits::from(settings);
        let service = Service::new(store.clone(), Committer::none(), ENGINE.to_owned(), limits, keys);
        Self {
            service: Arc::new(service),
            store,
        }
    }

    /// Refuses keys that do not open the last checkpoint: without it nothing is proven.
    pub(super) async fn prove(&self, keys: &TrustedKeys) -> anyhow::Result<()> {
        if let Some(note) = self.store.last_checkpoint(Log::Decisions).await? {
            keys.open(note.as_bytes())
                .context("the last checkpoint of the copy cannot be believed; give its key with `--key`")?;
        }
        Ok(())
    }

    /// How many decisions are under no checkpoint: in a copy nobody signs them any more.
    pub(super) async fn unsigned(&self) -> anyhow::Result<u64> {
        let note = self.store.last_checkpoint(Log::Decisions).await?;
        let signed = note.and_then(|note| Checkpoint::claimed(note.as_bytes()).ok());
        let signed = signed.map_or(0, |checkpoint| checkpoint.size);
        Ok(self.store.size(Log::Decisions).await?.saturating_sub(signed))
    }
}

/// Refuses a database that is in use: who reads that one is noted.
pub(super) fn is_copy(database: &Path, settings: &Settings) -> anyhow::Result<()> {
    if let Some(owner) = Owner::of(database) {
        bail!(
            "`{}` is no copy: it is held by {owner}; leave out `--copy`, reads of it are noted",
            database.display()
        );
    }
    // A key file whose place follows from that of the database: a copy has none. Elsewhere it may be given to check a copy by; beside the database
    // that a service here has, it is the one that signs.
    let follows = settings.key_file.origin == Origin::Default;
    let own = (follows || is_usual(database, settings)) && settings.key_path().is_ok_and(Path::exists);
    if own {
        bail!(
            "`{}` is no copy: the keys that sign it are on this machine; leave out `--copy`, reads of it are noted",
            database.display()
        );
    }
    Ok(())
}

fn is_usual(database: &Path, settings: &Settings) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    let usual = settings.usual_database.as_ref();
    usual.is_some_and(|usual| real(usual.path()).is_some_and(|usual| real(database) == Some(usual)))
}
