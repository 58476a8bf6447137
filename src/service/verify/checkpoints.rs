//! The signed checkpoints, in the database and outside it: read, believed only with a key that is trusted, and held against each other.

use std::collections::{BTreeMap, VecDeque};

use super::{Fault, VerifyError};
use crate::{
    audit::{Checkpoint, CheckpointError, Hash, Log, NoteLines, TrustedKeys},
    store::Store,
};

/// What was signed of each log, by size.
#[derive(Debug, Default)]
pub(super) struct Signed {
    roots: BTreeMap<(Log, u64), Hash>,
    /// Checkpoints that were read.
    pub(super) count: u64,
    /// Decisions under the last checkpoint of the file.
    pub(super) outside: Option<u64>,
}

impl Signed {
    /// Reads all checkpoints; the first that cannot be believed, or that is in one place only, is a fault.
    pub(super) async fn read(
        store: &Store,
        keys: &TrustedKeys,
        outside: Option<&str>,
    ) -> Result<Result<Self, Fault>, VerifyError> {
        let mut inside = Self::default();
        for log in Log::ALL {
            for (size, note) in store.checkpoints_above(log, 0).await? {
                let fault = |problem: String| fault(log, size, "the database", problem);
                match keys.open(note.as_bytes()) {
                    Ok(found) if found.size == size && found.origin.log() == log => inside.insert(&found),
                    Ok(_) => {
                        return Ok(Err(fault(
                            "it is kept under another log or size than it names".to_owned(),
                        )));
                    }
                    Err(error) => return Ok(Err(fault(told(&error)))),
                }
            }
        }
        Ok(match outside {
            None => Ok(inside),
            Some(notes) => inside.compared(keys, notes),
        })
    }

    /// What was signed of a log, from a size on.
    pub(super) fn of(&self, log: Log, from: u64) -> VecDeque<(u64, Hash)> {
        let signed = self.roots.range((log, from)..=(log, u64::MAX));
        signed.map(|((_, size), root)| (*size, *root)).collect()
    }

    /// Holds the notes of the file against those of the database: none of the file may be lacking there, and none of the database in the
    /// file, up to the last that the file has. The service writes the database first.
    fn compared(mut self, keys: &TrustedKeys, notes: &str) -> Result<Self, Fault> {
        const FILE: &str = "the checkpoint file";
        let mut outside = Self::default();
        let mut lines = NoteLines::default();
        let mut read = |note: String| -> Result<(), Fault> {
            let found = keys
                .open(note.as_bytes())
                .map_err(|error| fault(Log::Decisions, 0, FILE, told(&error)))?;
            let (log, size) = (found.origin.log(), found.size);
            match self.roots.get(&(log, size)) {
                Some(root) if *root == found.root => outside.insert(&found),
                Some(_) => return Err(fault(log, size, FILE, "the database has another root".to_owned())),
                None => return Err(fault(log, size, FILE, "the database does not have it".to_owned())),
            }
            Ok(())
        };
        notes
            .lines()
            .filter_map(|line| lines.push(line))
            .try_for_each(&mut read)?;
        // What stands behind the last whole note is one on its way, or cut off by a crash: the service begins it anew.
        let lacking = self
            .roots
            .keys()
            .find(|(log, size)| *size < outside.last(*log) && !outside.roots.contains_key(&(*log, *size)));
        if let Some((log, size)) = lacking {
            let problem = "the checkpoint file does not have it".to_owned();
            return Err(fault(*log, *size, "the database", problem));
        }
        self.outside = Some(outside.last(Log::Decisions)).filter(|size| *size > 0);
        Ok(self)
    }

    /// The size of the last checkpoint of a log; 0 where there is none.
    pub(super) fn last(&self, log: Log) -> u64 {
        let mut of_log = self.roots.range((log, 0)..=(log, u64::MAX));
        of_log.next_back().map_or(0, |((_, size), _)| *size)
    }

    fn insert(&mut self, checkpoint: &Checkpoint) {
        self.count += 1;
        let place = (checkpoint.origin.log(), checkpoint.size);
        self.roots.insert(place, checkpoint.root);
    }
}

/// The error with what is behind it.
fn told(error: &CheckpointError) -> String {
    match error {
        CheckpointError::Origin(origin) => format!("{error}: {origin}"),
        _ => error.to_string(),
    }
}

fn fault(log: Log, size: u64, place: &str, problem: String) -> Fault {
    Fault::Checkpoint {
        log,
        size,
        place: place.to_owned(),
        problem,
    }
}
