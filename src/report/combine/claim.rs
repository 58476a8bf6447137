//! Fields about which something was said beside what was stated.

use super::choose::Sourced;
use crate::{
    domain::{Claim, Field, Reported, Said},
    report::{Subject, Weight},
};

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
    pub why: &'static str,
}

/// The claim of a fact.
pub(super) fn claim(sourced: &Sourced<'_>) -> Claim {
    let Sourced {
        reading, tool, fact, ..
    } = *sourced;
    Claim {
        value: fact.value.to_string(),
        said: Said::Reported(Box::new(Reported {
            report: reading,
            tool: tool.as_str().to_owned(),
            key: fact.origin.key.clone(),
            raw: fact.origin.raw.clone(),
            mapping: fact.origin.mapping.clone(),
            source: fact.origin.source,
        })),
    }
}

/// Facts that count for nothing, all for one reason. A hint settles nothing, so it is not missed; nor is how a copy runs.
pub(super) fn asides(facts: &[Sourced<'_>], why: &'static str) -> Vec<Aside> {
    let counts = |sourced: &&Sourced<'_>| {
        sourced.fact.weight == Weight::Tells && sourced.fact.value.field() != Field::RunningChannel
    };
    let aside = |sourced: &Sourced<'_>| Aside {
        field: sourced.fact.value.field(),
        subject: sourced.subject,
        claim: claim(sourced),
        why,
    };
    facts.iter().filter(counts).map(aside).collect()
}
