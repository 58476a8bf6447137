//! The signed checkpoints, in the database and outside it: read, believed only with a key that is trusted, and held against each other.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::RangeInclusive,
};

use sha2::{Digest as _, Sha256};

use super::{
    Fault, VerifyError,
    outside::{FILE, Outside},
    unchecked::{Gathered, Unchecked},
};
use crate::{
    audit::{Checkpoint, CheckpointError, Hash, Log, TrustedKeys},
    store::{Store, checkpoint_file::Notes},
};

/// Notes of the database that are read at a time: of each only the root is kept, since in years there are millions.
const NOTES_READ: usize = 4096;

/// What a database is said to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// The one that the service writes: it has whatever was ever signed.
    #[default]
    Live,
    /// A copy, which ends where the log did when it was made.
    Copy,
}

/// A log, and the size of one of its checkpoints.
pub(super) type Place = (Log, u64);

/// What was signed of each log, by size.
#[derive(Debug, Default)]
pub(super) struct Signed {
    roots: BTreeMap<Place, Hash>,
    /// SHA-256 of the notes that no key given is for, by the place that they claim.
    closed: BTreeMap<Place, [u8; 32]>,
    unchecked: Gathered,
    /// Checkpoints that were read and are believed.
    pub(super) count: u64,
    /// Records of each log under its last checkpoint in the file, 0 where the file has none of it; empty where it has none at all.
    pub(super) outside: BTreeMap<Log, u64>,
    /// Sizes of the last checkpoints in the file that a copy ends before.
    pub(super) later: BTreeMap<Log, u64>,
}

impl Signed {
    /// Reads all checkpoints; the first that is not what it must be, or that is in one place only, is a fault. Those that no key given
    /// is for are counted.
    pub(super) async fn read(
        store: &Store,
        keys: &TrustedKeys,
        outside: Option<Notes>,
        subject: Subject,
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
            Some(notes) => inside.compared(store, keys, notes, subject).await,
        }
    }

    /// Takes notes of the database, with the sizes that they are kept under.
    fn take(&mut self, keys: &TrustedKeys, log: Log, notes: Vec<(u64, String)>) -> Result<(), Fault> {
        for (size, note) in notes {
            let fault = |problem: String| fault(log, size, "the database", problem);
            let note = Note::open(keys, &note).map_err(|error| fault(told(&error)))?;
            if note.place != (log, size) {
                return Err(fault("it is kept under another log or size than it names".to_owned()));
            }
            self.insert(&note);
        }
        Ok(())
    }

    /// What was signed of a log, from a size on.
    pub(super) fn of(&self, log: Log, from: u64) -> VecDeque<(u64, Hash)> {
        let signed = self.roots.range((log, from)..=(log, u64::MAX));
        signed.map(|((_, size), root)| (*size, *root)).collect()
    }

    /// Holds the notes of the file against those of the database: none of the file may be lacking there, and none of the database in the
    /// file, up to the last that the file has. The service writes the database first, and the same text into both.
    async fn compared(
        mut self,
        store: &Store,
        keys: &TrustedKeys,
        notes: Notes,
        subject: Subject,
    ) -> Result<Result<Self, Fault>, VerifyError> {
        let mut outside = Outside::new(store, subject).await?;
        // What stands behind the last whole note is one on its way, or cut off by a crash: the service begins it anew.
        for note in notes {
            let held = Note::open(keys, &note?)
                .map_err(|error| fault(Log::Decisions, 0, FILE, told(&error)))
                .and_then(|note| outside.hold(&note, &mut self));
            if let Err(fault) = held {
                return Ok(Err(fault));
            }
        }
        if let Err(fault) = outside.end(&self) {
            return Ok(Err(fault));
        }
        // Of a file that has one log only somebody took out the other: both are signed from the start.
        if !outside.is_empty() {
            self.outside = Log::ALL.map(|log| (log, outside.last(log))).into();
        }
        Ok(Ok(self))
    }

    /// The size of the last checkpoint of a log that is believed; 0 where there is none.
    pub(super) fn last(&self, log: Log) -> u64 {
        last(self.roots.range(all_of(log)).map(|(place, _)| place))
    }

    /// Whether a log has checkpoints that no key given is for.
    pub(super) fn is_closed(&self, log: Log) -> bool {
        self.closed.range(all_of(log)).next().is_some()
    }

    /// What was not checked.
    pub(super) fn into_unchecked(self) -> Vec<Unchecked> {
        self.unchecked.into_list()
    }

    /// Takes note of a checkpoint in the file that the database ends before.
    pub(super) fn comes_later(&mut self, log: Log, size: u64) {
        let later = self.later.entry(log).or_default();
        *later = size.max(*later);
    }

    /// Whether a note stands here too; `None` where nothing is at its place.
    pub(super) fn same(&self, note: &Note) -> Option<bool> {
        let believed = self
            .roots
            .get(&note.place)
            .map(|root| note.claim.is_none() && *root == note.root);
        let digest = note.claim.as_ref().map(|claim| claim.digest);
        believed.or_else(|| self.closed.get(&note.place).map(|closed| Some(*closed) == digest))
    }

    /// Takes a note in, by what it is worth.
    pub(super) fn insert(&mut self, note: &Note) {
        let (log, size) = note.place;
        if let Some(claim) = &note.claim {
            self.closed.insert(note.place, claim.digest);
            self.unchecked.add(log, size, claim.signers.clone());
        } else {
            self.count += 1;
            self.roots.insert(note.place, note.root);
        }
    }

    /// The places of all notes of a log up to a size, in no order.
    pub(super) fn places(&self, log: Log, end: u64) -> impl Iterator<Item = Place> {
        let range = (log, 0)..(log, end);
        let closed = self.closed.range(range.clone()).map(|(place, _)| *place);
        self.roots.range(range).map(|(place, _)| *place).chain(closed)
    }
}

/// A note that was opened.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) place: Place,
    root: Hash,
    /// There where no key given is for it: then it only claims to be what it says.
    pub(super) claim: Option<Claim>,
}

/// What is kept of a note that nobody can believe.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) signers: String,
    /// SHA-256 of its text.
    digest: [u8; 32],
}

impl Note {
    fn open(keys: &TrustedKeys, text: &str) -> Result<Self, CheckpointError> {
        let (found, claim) = match keys.open(text.as_bytes()) {
            Ok(found) => (found, None),
            Err(CheckpointError::UnknownKey { signers }) if !keys.are_all() => {
                let digest = Sha256::digest(text.as_bytes()).into();
                (Checkpoint::claimed(text.as_bytes())?, Some(Claim { signers, digest }))
            }
            Err(error) => return Err(error),
        };
        Ok(Self {
            place: (found.origin.log(), found.size),
            root: found.root,
            claim,
        })
    }
}

pub(super) fn all_of(log: Log) -> RangeInclusive<(Log, u64)> {
    (log, 0)..=(log, u64::MAX)
}

/// The largest size; 0 where there is none.
pub(super) fn last<'a>(mut places: impl DoubleEndedIterator<Item = &'a (Log, u64)>) -> u64 {
    places.next_back().map_or(0, |(_, size)| *size)
}

/// The error with what is behind it.
pub(super) fn told(error: &CheckpointError) -> String {
    match error {
        CheckpointError::Origin(origin) => format!("{error}: {origin}"),
        _ => error.to_string(),
    }
}

pub(super) fn fault(log: Log, size: u64, place: &str, problem: String) -> Fault {
    Fault::Checkpoint {
        log,
        size,
        place: place.to_owned(),
        problem,
    }
}
