//! What is known of a condition, for the reader of `explain`.

use crate::{
    rules::{bases_of, condition},
    verdict::{ConditionCode, Outcome},
    wire::{Wire as _, pb},
};

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

/// Every condition, in the order of the rules.
pub(super) fn conditions() -> Vec<ConditionPage> {
    ConditionCode::ALL.into_iter().map(page).collect()
}

fn page(code: ConditionCode) -> ConditionPage {
    let condition = condition(code);
    let on_wire = |outcome: Outcome| pb::Outcome::try_from(outcome.number()).unwrap_or_default();
    let mut outcomes: Vec<Outcome> = condition.reasons.iter().map(|reason| reason.outcome).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    ConditionPage {
        code: code.as_str(),
        decides: condition.decides,
        citations: condition
            .cites
            .iter()
            .map(|place| (place.section, place.paragraph))
            .collect(),
        outcomes: outcomes.into_iter().map(on_wire).collect(),
        reasons: condition
            .reasons
            .iter()
            .map(|reason| (reason.code, on_wire(reason.outcome), reason.meaning))
            .collect(),
        bases: bases_of(code)
            .filter_map(|basis| pb::Basis::try_from(basis.number()).ok())
            .collect(),
    }
}
