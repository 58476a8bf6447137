//! The notary: signs how large each log is and what it comes to, into the database and beside it.

use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;

use super::{Operation, arrears::Arrears};
use crate::{
    audit::{Checkpoint, CheckpointError, KeyRing, Log, TrustedKeys},
    store::{Append, CheckpointFile, ReadError, Store, WriteError, Writer},
};

/// How often a log that grows is signed.
const PERIOD: Duration = Duration::from_secs(2);

/// Signs the logs of one database.
#[derive(Debug)]
pub struct Notary {
    keys: KeyRing,
    /// Away while it is written.
    file: Option<CheckpointFile>,
    /// Checkpoints that the database may lack, oldest first. A transaction that failed can have been made durable all the same; so they
    /// are kept, and put again, until one went well.
    unsure: Vec<(Log, u64, String)>,
    /// Checkpoints of the database that the file lacks, oldest first.
    owed: Vec<(Log, u64, String)>,
    /// Those that it lacks since before the start, and which are owed part by part.
    arrears: Arrears,
    signed: [u64; Log::ALL.len()],
    signed_at: Option<Instant>,
    file_fails: bool,
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
    /// The last checkpoint in the file is signed by another installation's key, or was changed.
    #[error(
        "the last checkpoint in `{file}` cannot be believed with the keys given: {problem}; give the checkpoint file of this database"
    )]
    Outside {
        /// The file.
        file: String,
        /// Why not.
        problem: CheckpointError,
    },
    /// The tree in the database is not the one that was signed.
    #[error(
        "the log of {log} is not the one that was signed at {size}: it was changed, or is another; `reimage-rights verify` says where. It is not signed again; restore it from a backup"
    )]
    Forked {
        /// The log.
        log: Log,
        /// Records that were signed.
        size: u64,
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
        let (mut arrears, mut changes, mut signed) = (Arrears::default(), Vec::new(), [0; Log::ALL.len()]);
        for (log, signed) in Log::ALL.into_iter().zip(&mut signed) {
            let size = store.size(log).await?;
            let outside = outside(&trusted, &file, log, size)?;
            let Some(last) = store.last_checkpoint(log).await? else {
                match outside {
                    Some(Checkpoint { size, .. }) => return Err(NotaryError::Forked { log, size }),
                    None => continue,
                }
            };
            let opened = trusted.open(last.as_bytes());
            let opened = opened.map_err(|problem| NotaryError::Stranger { log, problem })?;
            for checkpoint in outside.iter().chain([&opened]) {
                if !is_of(store, checkpoint).await? {
                    return Err(NotaryError::Forked {
                        log,
                        size: checkpoint.size,
                    });
                }
            }
            *signed = opened.size;
            let present = keys.of(log).verifier();
            let signers = crate::audit::signers(last.as_bytes());
            if !signers.contains(&present.name()) {
                changes.push(Operation::KeyChange {
                    log: log.name(),
                    from: signers.join(" "),
                    to: present.text().to_owned(),
                });
            }
            if outside.is_none() {
                let size = opened.size;
                tracing::warn!(%log, size, "the checkpoint file has none of this log; it is given those of the database");
                changes.push(Operation::CheckpointFileGone { log: log.name(), size });
            }
            arrears.add(log, outside.map_or(0, |outside| outside.size));
        }
        let notary = Self {
            keys,
            file: Some(file),
            unsure: Vec::new(),
            owed: Vec::new(),
            arrears,
            signed,
            signed_at: None,
            file_fails: false,
        };
        Ok((notary, changes))
    }

    /// Hears of decisions: the first of all are signed at once.
    pub(super) fn saw_decisions(&mut self) {
        if self.signed.first() == Some(&0) && !self.file_fails {
            self.signed_at = None;
        }
    }

    /// Whether the file lacks something.
    pub(super) fn owes(&self) -> bool {
        !self.owed.is_empty() || !self.arrears.is_empty()
    }

    /// Whether it is time to sign again.
    pub(super) fn is_due(&self) -> bool {
        self.signed_at.is_none_or(|at| at.elapsed() >= PERIOD)
    }

    /// Signs each log that grew since it was signed last: first into the database, then into the file. While the file cannot be written
    /// nobody is kept from deciding, and nothing more is signed: what is signed shall be in both places.
    ///
    /// Gives whether everything is signed now.
    ///
    /// # Errors
    ///
    /// When the database cannot be read or written.
    pub(super) async fn sign(&mut self, writer: &mut Writer) -> Result<bool, WriteError> {
        self.signed_at = Some(Instant::now());
        if !self.settle().await {
            return Ok(false);
        }
        let mut append = writer.begin().await?;
        while !self.arrears.is_empty() {
            self.owed = self.arrears.next(&mut append).await?;
            if !self.settle().await {
                append.rollback().await?;
                return Ok(false);
            }
        }
        let fresh = self.notes(&append);
        for (log, size, _) in &fresh {
            let place = Log::ALL.iter().position(|one| one == log);
            if let Some(signed) = place.and_then(|place| self.signed.get_mut(place)) {
                *signed = *size;
            }
        }
        self.unsure.extend(fresh);
        if self.unsure.is_empty() {
            append.rollback().await?;
            return Ok(true);
        }
        for (log, size, note) in &self.unsure {
            append.put_checkpoint(*log, *size, note)?;
        }
        append.commit().await?;
        self.owed.append(&mut self.unsure);
        Ok(self.settle().await)
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

    /// Gives the file what it lacks; whether it has everything now. A failure is logged once.
    async fn settle(&mut self) -> bool {
        let Some(mut file) = self.file.take() else {
            return false;
        };
        let owed = std::mem::take(&mut self.owed);
        // Not on the thread that records: it could not tell any more that the disk does not answer.
        let appended = spawn_blocking(move || {
            let result = file.append(&owed);
            (file, owed, result)
        });
        let (file, owed, result) = match appended.await {
            Ok(appended) => appended,
            Err(error) => {
                tracing::error!(%error, "the file of checkpoints was given up, and nothing is signed until the next start; decisions are recorded all the same");
                return false;
            }
        };
        self.file = Some(file);
        if result.is_err() {
            self.owed = owed;
        }
        let fails = result.is_err();
        match (std::mem::replace(&mut self.file_fails, fails), result) {
            (false, Err(error)) => {
                tracing::error!(%error, "nothing is signed until the file of checkpoints can be written; decisions are recorded all the same");
            }
            (true, Ok(())) => tracing::info!("the file of checkpoints can be written again"),
            (_, _) => {}
        }
        !fails
    }
}

/// The last checkpoint of a log in the file, which must be signed, and not of more than the database has.
fn outside(
    trusted: &TrustedKeys,
    file: &CheckpointFile,
    log: Log,
    size: u64,
) -> Result<Option<Checkpoint>, NotaryError> {
    let Some(note) = file.last(log) else {
        return Ok(None);
    };
    let opened = trusted.open(note.as_bytes());
    let opened = opened.map_err(|problem| NotaryError::Outside {
        file: file.path().display().to_string(),
        problem,
    })?;
    if opened.size > size {
        return Err(NotaryError::Behind {
            log,
            file: file.path().display().to_string(),
            signed: opened.size,
            size,
        });
    }
    Ok(Some(opened))
}

/// Whether the tree that is stored had this root at this size.
async fn is_of(store: &Store, checkpoint: &Checkpoint) -> Result<bool, ReadError> {
    let tree = store.tree(checkpoint.origin.log(), checkpoint.size).await?;
    Ok(tree.is_ok_and(|tree| tree.root() == checkpoint.root))
}
