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
    /// Whether the transaction of the first decisions failed, so that their checkpoint is in the database or not.
    first_in_doubt: bool,
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
                if let Some(Checkpoint { size, .. }) = outside {
                    return Err(NotaryError::Forked { log, size });
                }
                changes.extend(unsigned(log, 0, size));
                continue;
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
            changes.extend(unsigned(log, opened.size, size));
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
            first_in_doubt: false,
        };
        Ok((notary, changes))
    }

    /// Whether decisions may be recorded: not before the start is signed.
    pub(super) fn has_begun(&self) -> bool {
        self.signed_of(Log::Operations) > 0 && self.unsure.is_empty()
    }

    /// Signs the first decisions of all, in the transaction that records them: decisions without a checkpoint are then ones that somebody removed
    /// it from, whenever the service ended. Gives their number, which is to be told once they are durable; until then nobody sees the checkpoint.
    ///
    /// # Errors
    ///
    /// When the database cannot be read or written.
    pub(super) async fn sign_first(&mut self, append: &mut Append<'_>) -> Result<Option<u64>, WriteError> {
        self.recall_first(append).await?;
        if self.signed_of(Log::Decisions) > 0 {
            return Ok(None);
        }
        let Some((log, size, note)) = self.note(append, Log::Decisions) else {
            return Ok(None);
        };
        append.put_checkpoint(log, size, &note)?;
        self.first_in_doubt = true;
        Ok(Some(size))
    }

    /// Hears that the first decisions are durable, and so their checkpoint, which the file lacks.
    pub(super) fn signed_first(&mut self, size: u64) {
        self.first_in_doubt = false;
        self.set_signed(Log::Decisions, size);
        self.arrears.add(Log::Decisions, 0);
        if !self.file_fails {
            self.signed_at = None;
        }
    }

    /// Finds out whether a transaction that failed signed the first decisions.
    async fn recall_first(&mut self, append: &mut Append<'_>) -> Result<(), WriteError> {
        if self.first_in_doubt {
            if let Some((size, _)) = append.checkpoints_above(Log::Decisions, 0, 1).await?.pop() {
                self.signed_first(size);
            }
            self.first_in_doubt = false;
        }
        Ok(())
    }

    fn signed_of(&self, log: Log) -> u64 {
        let signed = Log::ALL.into_iter().zip(self.signed);
        signed.filter(|(one, _)| *one == log).map(|(_, size)| size).sum()
    }

    fn set_signed(&mut self, log: Log, size: u64) {
        for (one, signed) in Log::ALL.into_iter().zip(&mut self.signed) {
            if one == log {
                *signed = size;
            }
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
        self.recall_first(&mut append).await?;
        while !self.arrears.is_empty() {
            self.owed = self.arrears.next(&mut append).await?;
            if !self.settle().await {
                append.rollback().await?;
                return Ok(false);
            }
        }
        let fresh: Vec<_> = Log::ALL.into_iter().filter_map(|log| self.note(&append, log)).collect();
        for (log, size, _) in &fresh {
            self.set_signed(*log, *size);
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

    /// The checkpoint of a log as it is in a transaction, if that is more than was signed.
    fn note(&self, append: &Append<'_>, log: Log) -> Option<(Log, u64, String)> {
        let tree = append.tree(log);
        if tree.size() <= self.signed_of(log) {
            return None;
        }
        let key = self.keys.of(log);
        let checkpoint = Checkpoint {
            origin: key.origin().clone(),
            size: tree.size(),
            root: tree.root(),
            extensions: Vec::new(),
        };
        match checkpoint.sign(key) {
            Ok(note) => Some((log, checkpoint.size, note)),
            Err(error) => {
                tracing::error!(%error, %log, "a checkpoint could not be signed");
                None
            }
        }
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

/// What is to be said where a log is larger than it was signed. What a crash left cannot be told from what somebody added.
fn unsigned(log: Log, from: u64, to: u64) -> Option<Operation> {
    (to > from).then(|| {
        tracing::warn!(%log, from, to, "records that were not signed when the service ended; the next checkpoint signs them, and the log of operations says so");
        Operation::Unsigned {
            log: log.name(),
            from,
            to,
        }
    })
}

/// Whether the tree that is stored had this root at this size.
async fn is_of(store: &Store, checkpoint: &Checkpoint) -> Result<bool, ReadError> {
    let tree = store.tree(checkpoint.origin.log(), checkpoint.size).await?;
    Ok(tree.is_ok_and(|tree| tree.root() == checkpoint.root))
}
