//! The notary: signs how large each log is and what it comes to, into the database and beside it.

use std::time::{Duration, Instant};

use super::Operation;
use crate::{
    audit::{Checkpoint, CheckpointError, KeyRing, Log},
    store::{Append, CheckpointFile, CheckpointFileError, ReadError, Store, WriteError, Writer},
};

/// How often a log that grows is signed.
const PERIOD: Duration = Duration::from_secs(2);

/// Signs the logs of one database.
#[derive(Debug)]
pub struct Notary {
    keys: KeyRing,
    file: CheckpointFile,
    /// Checkpoints of the database that the file lacks, oldest first.
    owed: Vec<(Log, u64, String)>,
    signed: [u64; Log::ALL.len()],
    signed_at: Option<Instant>,
}

/// Why a database must not be signed with these keys, or not beside this file.
#[derive(Debug, thiserror::Error)]
pub enum NotaryError {
    /// The database cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The last checkpoint is signed by another installation's key, or was changed.
    #[error(
        "the last checkpoint of its log of {log} cannot be believed with the keys given: {problem}; give the key file that this database was signed with"
    )]
    Stranger {
        /// The log.
        log: Log,
        /// Why not.
        problem: CheckpointError,
    },
    /// The file has a later checkpoint than the database.
    #[error(
        "`{file}` has a signed checkpoint of {signed} {log}, and the database has {size}: it lost some, or is another. Restore it; or go on without what is lost: move that file away, with an empty database the key file too, and keep them as evidence"
    )]
    Behind {
        /// The log.
        log: Log,
        /// The file.
        file: String,
        /// Records that were signed.
        signed: u64,
        /// Records that are there.
        size: u64,
    },
}

impl Notary {
    /// A notary for a database; and the changes of keys since its last checkpoints, which belong into the log of operations.
    ///
    /// # Errors
    ///
    /// When the database and what was signed of it do not belong together.
    pub async fn new(
        store: &Store,
        keys: KeyRing,
        file: CheckpointFile,
    ) -> Result<(Self, Vec<Operation>), NotaryError> {
        let trusted = keys.trusted();
        let (mut owed, mut changes, mut signed) = (Vec::new(), Vec::new(), [0; Log::ALL.len()]);
        for (log, signed) in Log::ALL.into_iter().zip(&mut signed) {
            let size = store.size(log).await?;
            let outside = file.last_size(log);
            if let Some(outside) = outside.filter(|outside| *outside > size) {
                return Err(NotaryError::Behind {
                    log,
                    file: file.path().display().to_string(),
                    signed: outside,
                    size,
                });
            }
            let Some(last) = store.last_checkpoint(log).await? else {
                continue;
            };
            let opened = trusted.open(last.as_bytes());
            *signed = opened.map_err(|problem| NotaryError::Stranger { log, problem })?.size;
            let present = keys.of(log).verifier();
            let signers = crate::audit::signers(last.as_bytes());
            if !signers.contains(&present.name()) {
                changes.push(Operation::KeyChange {
                    log: log.name(),
                    from: signers.join(" "),
                    to: present.text().to_owned(),
                });
            }
            let lacking = store.checkpoints_above(log, outside.unwrap_or(0)).await?;
            owed.extend(lacking.into_iter().map(|(size, note)| (log, size, note)));
        }
        let notary = Self {
            keys,
            file,
            owed,
            signed,
            signed_at: None,
        };
        Ok((notary, changes))
    }

    /// Whether a log that grew is to be signed again; its first record is at once.
    pub(super) fn is_due(&self) -> bool {
        let first = self.signed.contains(&0) || !self.owed.is_empty();
        first || self.signed_at.is_none_or(|at| at.elapsed() >= PERIOD)
    }

    /// Signs each log that grew since it was signed last: first into the database, then into the file. A file that cannot be written
    /// keeps nobody from deciding; what it lacks is added as soon as it can be.
    ///
    /// # Errors
    ///
    /// When the database cannot be written.
    pub(super) async fn sign(&mut self, writer: &mut Writer) -> Result<(), WriteError> {
        let mut append = writer.begin().await?;
        let fresh = self.notes(&append);
        if fresh.is_empty() {
            append.rollback().await?;
        } else {
            for (log, size, note) in &fresh {
                append.put_checkpoint(*log, *size, note).await?;
            }
            append.commit().await?;
            for (log, size, _) in &fresh {
                if let Some(signed) = Log::ALL
                    .iter()
                    .position(|one| one == log)
                    .and_then(|at| self.signed.get_mut(at))
                {
                    *signed = *size;
                }
            }
            self.owed.extend(fresh);
        }
        self.signed_at = Some(Instant::now());
        if let Err(error) = self.settle() {
            tracing::error!(%error, owed = self.owed.len(), "checkpoints are in the database only; the file is given them as soon as it can be written");
        }
        Ok(())
    }

    fn notes(&self, append: &Append<'_>) -> Vec<(Log, u64, String)> {
        let mut notes = Vec::new();
        for (log, signed) in Log::ALL.into_iter().zip(self.signed) {
            let tree = append.tree(log);
            if tree.size() <= signed {
                continue;
            }
            let key = self.keys.of(log);
            let checkpoint = Checkpoint {
                origin: key.origin().clone(),
                size: tree.size(),
                root: tree.root(),
                extensions: Vec::new(),
            };
            match checkpoint.sign(&[key]) {
                Ok(note) => notes.push((log, checkpoint.size, note)),
                Err(error) => tracing::error!(%error, %log, "a checkpoint could not be signed"),
            }
        }
        notes
    }

    fn settle(&mut self) -> Result<(), CheckpointFileError> {
        let mut given = 0;
        let result = self.owed.iter().try_for_each(|(log, size, note)| {
            self.file.append(*log, *size, note)?;
            given += 1;
            Ok(())
        });
        self.owed.drain(..given);
        result
    }
}
