//! What this process left in the logs, held against what it finds there when it comes back after a failure: whoever can write the file can
//! add records that look like its own.

use super::tree::Trees;
use crate::audit::{Log, Tree};

/// A log that is not as this process can have left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedBeside {
    /// The log.
    pub log: Log,
    /// Records that were left.
    pub expected: u64,
    /// Records that were found: as many where it was only changed.
    pub found: u64,
}

/// The logs as the last transactions left them.
#[derive(Debug)]
pub(super) struct Left {
    durable: Trees,
    /// As the transaction leaves them whose end nobody knows.
    tried: Option<Trees>,
    changed: Vec<ChangedBeside>,
}

impl Left {
    pub(super) fn new(trees: &Trees) -> Self {
        Self {
            durable: trees.clone(),
            tried: None,
            changed: Vec::new(),
        }
    }

    /// A transaction that leaves this is about to be committed.
    pub(super) fn tries(&mut self, trees: &Trees) {
        self.tried = Some(trees.clone());
    }

    /// It is durable.
    pub(super) fn succeeded(&mut self) {
        if let Some(trees) = self.tried.take() {
            self.durable = trees;
        }
    }

    /// Takes what is found for what is there from now on, and keeps in mind where this process cannot have left it so.
    pub(super) fn found(&mut self, trees: &Trees) {
        for log in Log::ALL {
            let (expected, found) = (self.durable.of(log), trees.of(log));
            let tried = self.tried.as_ref().is_some_and(|tried| is_same(tried.of(log), found));
            if !tried && !is_same(expected, found) {
                self.changed.push(ChangedBeside {
                    log,
                    expected: expected.size(),
                    found: found.size(),
                });
            }
        }
        (self.durable, self.tried) = (trees.clone(), None);
    }

    /// What was changed since this was asked last.
    pub(super) fn take_changed(&mut self) -> Vec<ChangedBeside> {
        std::mem::take(&mut self.changed)
    }
}

fn is_same(one: &Tree, other: &Tree) -> bool {
    one.size() == other.size() && one.root() == other.root()
}
