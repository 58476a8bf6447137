//! Verify: a database checked in place, beside whoever writes it.

use std::path::{Path, PathBuf};

use crate::{
    audit::{Checkpoint, Log, TrustedKeys},
    service::{self, Report, Subject, Verifier},
    store::{OpenError, Store, checkpoint_file::Notes},
};

/// What a database is held against, and what is trusted.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The file of checkpoints outside it, if there is one.
    pub checkpoint_file: Option<PathBuf>,
    /// The keys that checkpoints are believed by.
    pub keys: TrustedKeys,
    /// A checkpoint that was verified before: what it covers is not read again.
    pub since: Option<Checkpoint>,
}

/// A database that can be verified, open for reading.
#[derive(Debug)]
pub struct Verifiable {
    store: Store,
    subject: Subject,
}

impl Verifiable {
    /// Opens what a path names: the database in use, or a copy.
    ///
    /// # Errors
    ///
    /// When it is no database, or cannot be read; the words say why.
    pub async fn open(database: &Path, subject: Subject) -> Result<Self, OpenError> {
        let store = match subject {
            Subject::Live => Store::open_reading(database).await,
            Subject::Copy => Store::open_copy(database).await,
        };
        Ok(Self { store: store?, subject })
    }

    /// Verifies it, reading only. `begin` hears how many decisions there are to check, `advance` of those that are done.
    ///
    /// # Errors
    ///
    /// When the database or the file of checkpoints cannot be read at all. What is wrong with them is in the report.
    pub async fn verify(
        &self,
        verification: Verification,
        begin: impl FnOnce(u64),
        advance: impl FnMut(u64),
    ) -> anyhow::Result<Report> {
        // Before anything is read of the database, which is written first: it must have whatever the file has.
        let outside = match verification.checkpoint_file.as_deref().map(Notes::open) {
            Some(opened) => opened?,
            None => None,
        };
        let covered = verification.since.as_ref().map_or(0, |since| since.size);
        // Whatever is wrong with it is met, and told, below.
        begin(
            self.store
                .size(Log::Decisions)
                .await
                .unwrap_or_default()
                .saturating_sub(covered),
        );
        let mut verifier = Verifier {
            store: self.store.clone(),
            keys: verification.keys,
            outside,
            since: verification.since,
            subject: self.subject,
        };
        Ok(verifier.run(advance).await?)
    }

    /// Closes it.
    pub async fn close(self) {
        self.store.close().await;
    }
}

/// What a database that cannot be opened for this problem is worth by the checkpoints that were signed of it: not what it was. `None` where nothing
/// signed says what it was.
///
/// # Errors
///
/// When the file of checkpoints cannot be read.
pub fn lost(problem: String, checkpoint_file: &Path, keys: &TrustedKeys) -> anyhow::Result<Option<Report>> {
    match Notes::open(checkpoint_file)? {
        Some(outside) => Ok(service::lost(problem, keys, outside)?),
        None => Ok(None),
    }
}

/// The verifier keys of a key file, for whoever verifies where it lies.
///
/// # Errors
///
/// When there is no such file, or it holds no keys.
pub fn trusted_keys(path: &Path) -> anyhow::Result<TrustedKeys> {
    let keys = crate::store::key_file::load(path)?;
    keys.map(|keys| keys.trusted()).ok_or_else(|| {
        anyhow::anyhow!(
            "there is no key file `{}`; give the verifier keys with `--key`, one for each log",
            path.display()
        )
    })
}
