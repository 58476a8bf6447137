//! Where in the log a page ended.

/// In which direction of the log decisions are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// From the last decision back.
    #[default]
    NewestFirst,
    /// From the first decision on.
    OldestFirst,
}

/// A place in the log behind which, in the order asked for, the next page begins.
///
/// It names a decision, not a count: it stays right while decisions keep arriving, and costs the same on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    log_index: u64,
}

impl Cursor {
    /// Continues behind the decision with this log index.
    #[must_use]
    pub fn behind(log_index: u64) -> Self {
        Self { log_index }
    }

    /// The log index of the last decision that was looked at.
    #[must_use]
    pub fn log_index(self) -> u64 {
        self.log_index
    }
}
