//! The signed checkpoints, in the database and outside it: read, believed only with a key that is trusted, and held against each other.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::RangeInclusive,
};

use super::{Fault, VerifyError};
use crate::{
    audit::{Checkpoint, CheckpointError, Hash, Log, TrustedKeys},
    store::{Store, checkpoint_file::Notes},
};

/// Notes of the database that are read at a time: of each only the root is kept, since in years there are millions.
const NOTES_READ: usize = 4096;

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
        outside: Option<Notes>,
    ) -> Result<Result<Self, Fault>, VerifyError> {
        let mut inside = Self::default();
        for log in Log::ALL {
            let mut last = Some(0);
            while let Some(size) = last {
                let notes = store.checkpoints_above(log, size, NOTES_READ).await?;
                last = notes.last().map(|(size, _)| *size);
                if let Err(fault) = inside.take(keys, log, notes) {
                    return Ok(Err(fault));
                }
            }
        }
        match outside {
            None => Ok(Ok(inside)),
            Some(notes) => inside.compared(keys, notes),
        }
    }

    /// Takes notes of the database, with the sizes that they are kept under.
    fn take(&mut self, keys: &TrustedKeys, log: Log, notes: Vec<(u64, String)>) -> Result<(), Fault> {
        for (size, note) in notes {
            let fault = |problem: String| fault(log, size, "the database", problem);
            let found = keys.open(note.as_bytes()).map_err(|error| fault(told(&error)))?;
            if found.size != size || found.origin.log() != log {
                return Err(fault("it is kept under another log or size than it names".to_owned()));
            }
            self.insert(&found);
        }
        Ok(())
    }

    /// What was signed of a log, from a size on.
    pub(super) fn of(&self, log: Log, from: u64) -> VecDeque<(u64, Hash)> {
        let signed = self.roots.range((log, from)..=(log, u64::MAX));
        signed.map(|((_, size), root)| (*size, *root)).collect()
    }

    /// Holds the notes of the file against those of the database: none of the file may be lacking there, and none of the database in the
    /// file, up to the last that the file has. The service writes the database first.
    fn compared(mut self, keys: &TrustedKeys, notes: Notes) -> Result<Result<Self, Fault>, VerifyError> {
        const FILE: &str = "the checkpoint file";
        let mut outside = BTreeSet::new();
        // What stands behind the last whole note is one on its way, or cut off by a crash: the service begins it anew.
        for note in notes {
            let found = match keys.open(note?.as_bytes()) {
                Ok(found) => found,
                Err(error) => return Ok(Err(fault(Log::Decisions, 0, FILE, told(&error)))),
            };
            let place @ (log, size) = (found.origin.log(), found.size);
            let problem = match self.roots.get(&place) {
                Some(root) if *root == found.root => {
                    outside.insert(place);
                    continue;
                }
                Some(_) => "the database has another root",
                None => "the database does not have it",
            };
            return Ok(Err(fault(log, size, FILE, problem.to_owned())));
        }
        for log in Log::ALL {
            let last = last(outside.range(all_of(log)));
            let lacking = self.roots.range((log, 0)..(log, last));
            let lacking = lacking.map(|(place, _)| place).find(|place| !outside.contains(place));
            if let Some((_, size)) = lacking {
                let problem = "the checkpoint file does not have it".to_owned();
                return Ok(Err(fault(log, *size, "the database", problem)));
            }
        }
        self.outside = Some(last(outside.range(all_of(Log::Decisions)))).filter(|size| *size > 0);
        Ok(Ok(self))
    }

    /// The size of the last checkpoint of a log; 0 where there is none.
    pub(super) fn last(&self, log: Log) -> u64 {
        last(self.roots.range(all_of(log)).map(|(place, _)| place))
    }

    fn insert(&mut self, checkpoint: &Checkpoint) {
        self.count += 1;
        let place = (checkpoint.origin.log(), checkpoint.size);
        self.roots.insert(place, checkpoint.root);
    }
}

fn all_of(log: Log) -> RangeInclusive<(Log, u64)> {
    (log, 0)..=(log, u64::MAX)
}

/// The largest size; 0 where there is none.
fn last<'a>(mut places: impl DoubleEndedIterator<Item = &'a (Log, u64)>) -> u64 {
    places.next_back().map_or(0, |(_, size)| *size)
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
