//! How one condition came out.

use super::{ConditionCode, Outcome};

/// One condition, its outcome and the closed code of why.
///
/// Wording is not part of it: a sentence is rendered from the reason and the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The condition.
    pub condition: ConditionCode,
    /// How it came out.
    pub outcome: Outcome,
    /// Why, e.g. "languages-differ"; one reason has one outcome.
    pub reason: &'static str,
}
