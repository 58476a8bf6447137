//! The checkpoints that are kept outside the database, held against those in it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Fault, Subject, VerifyError,
    checkpoints::{Note, Place, Signed, all_of, fault, last, told},
};
use crate::{
    audit::{CheckpointError, Log},
    store::Store,
};

/// How the file is named.
pub(super) const FILE: &str = "the checkpoint file";

/// What the file has, as far as it was read.
#[derive(Debug)]
pub(super) struct Outside {
    subject: Subject,
    /// Records in each log of the database.
    sizes: BTreeMap<Log, u64>,
    places: BTreeSet<Place>,
    /// The largest size that the database ends before: told when the whole file was read, since how much is gone matters.
    beyond: BTreeMap<Log, u64>,
}

impl Outside {
    pub(super) async fn new(store: &Store, subject: Subject) -> Result<Self, VerifyError> {
        let mut sizes = BTreeMap::new();
        for log in Log::ALL {
            sizes.insert(log, store.size(log).await?);
        }
        Ok(Self {
            subject,
            sizes,
            places: BTreeSet::new(),
            beyond: BTreeMap::new(),
        })
    }

    /// Holds the next note against those of the database.
    pub(super) fn hold(&mut self, note: &Note, inside: &mut Signed) -> Result<(), Fault> {
        let (log, at) = note.place;
        let size = self.sizes.get(&log).copied().unwrap_or_default();
        let problem = match (inside.same(note), &note.claim) {
            (Some(true), _) => {
                self.places.insert(note.place);
                return Ok(());
            }
            // The service signed at this size or later only after the copy was made.
            (None, _) if self.subject == Subject::Copy && at >= size => {
                self.places.insert(note.place);
                if at == size || note.claim.is_some() {
                    inside.insert(note);
                } else {
                    inside.comes_later(log, at);
                }
                return Ok(());
            }
            (None, None) if at > size => {
                let beyond = self.beyond.entry(log).or_default();
                *beyond = at.max(*beyond);
                return Ok(());
            }
            (None, _) => "the database does not have it".to_owned(),
            (Some(false), None) => "the database has another".to_owned(),
            (Some(false), Some(claim)) => told(&CheckpointError::UnknownKey {
                signers: claim.signers.clone(),
            }),
        };
        Err(fault(log, at, FILE, problem))
    }

    /// Whether either has what the other lacks, once all of the file was read.
    pub(super) fn end(&self, inside: &Signed) -> Result<(), Fault> {
        if let Some((log, signed)) = self.beyond.first_key_value() {
            let size = self.sizes.get(log).copied().unwrap_or_default();
            return Err(Fault::Behind {
                log: *log,
                size,
                signed: *signed,
            });
        }
        for log in Log::ALL {
            let places = inside.places(log, self.last(log));
            let lacking = places.filter(|place| !self.places.contains(place)).min();
            if let Some((_, size)) = lacking {
                let problem = "the checkpoint file does not have it".to_owned();
                return Err(fault(log, size, "the database", problem));
            }
        }
        Ok(())
    }

    /// Whether the file has no note of the database.
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The largest size that the file has a note of the database for; 0 where there is none.
    pub(super) fn last(&self, log: Log) -> u64 {
        last(self.places.range(all_of(log)))
    }
}
