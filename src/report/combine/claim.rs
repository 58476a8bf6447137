//! Who says what.

use crate::{
    catalogue::Source,
    report::{Fact, Field, Subject, Tool},
};

/// A value that somebody gave a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The value, in words.
    pub value: String,
    /// Who says so.
    pub said: Said,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It was stated.
    Stated,
    /// A report says so.
    Reported {
        /// Which of the readings it stands in, from 0.
        reading: usize,
        /// The tool.
        tool: Tool,
        /// The key.
        key: String,
        /// The value as it was reported.
        raw: String,
        /// The table and the row that translate it.
        mapping: String,
        /// How well that translation is known.
        source: Source,
    },
}

/// A field about which two values contradict each other: it is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// Every value, the stated one first.
    pub claims: Vec<Claim>,
}

/// A field that was not stated and that reports fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The field.
    pub field: Field,
    /// Every report that says so.
    pub claims: Vec<Claim>,
}

/// A value that counts for nothing here, though it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The field.
    pub field: Field,
    /// What it is about.
    pub subject: Subject,
    /// The value, and who says so.
    pub claim: Claim,
    /// Why it does not count.
    pub why: String,
}

impl Claim {
    /// The claim of a fact.
    pub(super) fn of(reading: usize, tool: Tool, fact: &Fact) -> Self {
        Self {
            value: fact.value.to_string(),
            said: Said::Reported {
                reading,
                tool,
                key: fact.origin.key.clone(),
                raw: fact.origin.raw.clone(),
                mapping: fact.origin.mapping.clone(),
                source: fact.origin.source,
            },
        }
    }
}
