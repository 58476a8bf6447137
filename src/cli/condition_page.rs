//! What is known of a condition, for the reader of `explain`.

use crate::wire::pb;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionPage {
    /// Its code.
    pub code: &'static str,
    /// What it decides, in a sentence or two.
    pub decides: &'static str,
    /// Section and paragraph of each place in the brief that it rests on.
    pub citations: Vec<(&'static str, &'static str)>,
    /// The outcomes it can have.
    pub outcomes: Vec<pb::Outcome>,
    /// Its reasons: code, outcome and meaning.
    pub reasons: Vec<(&'static str, pb::Outcome, &'static str)>,
    /// The bases it belongs to.
    pub bases: Vec<pb::Basis>,
}

/// Every condition, in the order of the bases. STAND-IN, to be replaced by a conversion of the registry of `rules`.
pub(super) const fn conditions() -> Vec<ConditionPage> {
    Vec::new()
}
