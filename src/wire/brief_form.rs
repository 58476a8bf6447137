//! What a record leaves out because the rest of it tells.
//!
//! A met condition is stored by its reason alone, and another basis by its codes alone: a record is kept for years, and these
//! would be a fifth of it. What is broken or unknown is always stored in so many words.

use super::{Wire as _, pb};
use crate::{
    rules::condition,
    verdict::{ConditionCode, Outcome, Truth},
};

/// Leaves out what [`restore`] can tell.
pub fn shorten(decision: &mut pb::Decision) {
    for item in &mut decision.items {
        for finding in &mut item.findings {
            if told_outcome(finding) == finding.outcome {
                finding.outcome = 0;
            }
        }
        for other in &mut item.other_bases {
            if told_basis_outcome(other) == other.outcome {
                other.outcome = 0;
            }
            if other.license_id == item.license_id {
                other.license_id.clear();
            }
        }
    }
}

/// Fills in what [`shorten`] left out.
pub fn restore(decision: &mut pb::Decision) {
    for item in &mut decision.items {
        for finding in item.findings.iter_mut().filter(|finding| finding.outcome == 0) {
            finding.outcome = told_outcome(finding);
        }
        for other in &mut item.other_bases {
            if other.outcome == 0 {
                other.outcome = told_basis_outcome(other);
            }
            // Either every basis was tried on a license or none was, so that an empty id means the item's.
            if other.license_id.is_empty() {
                other.license_id.clone_from(&item.license_id);
            }
        }
    }
}

/// The outcome that a reason stands for, where it counts as met.
fn told_outcome(finding: &pb::Finding) -> i32 {
    let reason = ConditionCode::parse(&finding.condition).and_then(|code| condition(code).reason(&finding.reason));
    let met = reason
        .map(|reason| reason.outcome)
        .filter(|outcome| outcome.truth() == Truth::Holds);
    met.unwrap_or(Outcome::Holds).number()
}

fn told_basis_outcome(other: &pb::OtherBasis) -> i32 {
    match (other.broken.is_empty(), other.unknown.is_empty()) {
        (false, _) => Outcome::Broken.number(),
        (true, false) => Outcome::Unknown.number(),
        (true, true) => Outcome::Holds.number(),
    }
}
