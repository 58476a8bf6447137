//! Answers as text for people: pure functions of a message and a width.
//!
//! Colors are always written; whoever prints the text takes them out where they do not show. What a message says is shown
//! harmless: no control of it reaches the terminal.

mod condition;
mod decision;
mod finding;
mod harmless;
mod note;
mod page;
mod record;
pub(super) mod word;

pub(super) use condition::{condition, condition_list};
pub use decision::decision;
pub(super) use harmless::harmless;
pub use record::record;

/// How much to say of what holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The codes of the conditions that hold.
    #[default]
    Brief,
    /// Their explanations and the other bases, too.
    Long,
}

impl Detail {
    pub(super) const fn from_flag(long: bool) -> Self {
        if long { Self::Long } else { Self::Brief }
    }
}

/// How to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Columns to wrap at; `None` does not wrap.
    pub width: Option<usize>,
    /// How much to say.
    pub detail: Detail,
}
