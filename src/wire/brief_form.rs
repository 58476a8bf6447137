//! What a record leaves out because the rest of it tells.
//!
//! A met condition is stored by its reason alone, another basis by its codes alone, and what the catalogue left as it was by
//! the request alone: a record is kept for years, and these would be a quarter of it. What is broken or unknown is always stored in so many words.

use super::{Wire as _, pb};
use crate::{
    rules::condition,
    verdict::{ConditionCode, Outcome, Truth},
};

/// Leaves out what [`restore`] can tell.
pub fn shorten(decision: &mut pb::Decision) {
    shorten_resolved(decision);
    if edition_of(&decision.rules_revision) == decision.edition {
        decision.edition.clear();
    }
    for item in &mut decision.items {
        if item.verdict == decision.verdict {
            item.verdict = 0;
        }
        for finding in &mut item.findings {
            if told_outcome(finding) == Some(finding.outcome) {
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
    restore_resolved(decision);
    if decision.edition.is_empty() {
        decision.edition = edition_of(&decision.rules_revision).to_owned();
    }
    for item in &mut decision.items {
        if item.verdict == 0 {
            item.verdict = decision.verdict;
        }
        for finding in item.findings.iter_mut().filter(|finding| finding.outcome == 0) {
            finding.outcome = told_outcome(finding).unwrap_or_default();
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

/// What names no product is the same in the request and after the catalogue, and is kept once.
fn shorten_resolved(decision: &mut pb::Decision) {
    let (Some(request), Some(resolved)) = (&decision.request, &mut decision.resolved) else {
        return;
    };
    leave_out(&mut resolved.activation, &request.activation);
    leave_out(&mut resolved.agreement, &request.agreement);
    if let (Some(asked), Some(image)) = (&request.image, &mut resolved.image) {
        leave_out(&mut image.media, &asked.media);
        leave_out(&mut image.deployment, &asked.deployment);
        leave_out(&mut image.performed_by, &asked.performed_by);
    }
    for (asked, license) in licenses(request.device.as_ref(), resolved.device.as_mut()) {
        leave_out(&mut license.channel, &asked.channel);
        leave_out(&mut license.kind, &asked.kind);
        leave_out(&mut license.software_assurance, &asked.software_assurance);
    }
}

fn restore_resolved(decision: &mut pb::Decision) {
    let (Some(request), Some(resolved)) = (&decision.request, &mut decision.resolved) else {
        return;
    };
    fill_in(&mut resolved.activation, &request.activation);
    fill_in(&mut resolved.agreement, &request.agreement);
    if let (Some(asked), Some(image)) = (&request.image, &mut resolved.image) {
        fill_in(&mut image.media, &asked.media);
        fill_in(&mut image.deployment, &asked.deployment);
        fill_in(&mut image.performed_by, &asked.performed_by);
    }
    for (asked, license) in licenses(request.device.as_ref(), resolved.device.as_mut()) {
        fill_in(&mut license.channel, &asked.channel);
        fill_in(&mut license.kind, &asked.kind);
        fill_in(&mut license.software_assurance, &asked.software_assurance);
    }
}

fn licenses<'a>(
    asked: Option<&'a pb::Device>,
    resolved: Option<&'a mut pb::Device>,
) -> impl Iterator<Item = (&'a pb::License, &'a mut pb::License)> {
    let asked = asked.into_iter().flat_map(|device| &device.licenses);
    asked.zip(resolved.into_iter().flat_map(|device| &mut device.licenses))
}

fn leave_out<T: Default + PartialEq>(field: &mut T, told: &T) {
    if field == told {
        *field = T::default();
    }
}

fn fill_in<T: Default + PartialEq + Clone>(field: &mut T, told: &T) {
    if *field == T::default() {
        field.clone_from(told);
    }
}

/// The outcome that a reason stands for, where it counts as met. A reason that this program does not know tells none: the finding
/// is then shown without an outcome rather than with a guessed one.
fn told_outcome(finding: &pb::Finding) -> Option<i32> {
    let code = ConditionCode::parse(&finding.condition)?;
    let outcome = condition(code).reason(&finding.reason)?.outcome;
    (outcome.truth() == Truth::Holds).then(|| outcome.number())
}

fn told_basis_outcome(other: &pb::OtherBasis) -> i32 {
    match (other.broken.is_empty(), other.unknown.is_empty()) {
        (false, _) => Outcome::Broken.number(),
        (true, false) => Outcome::Unknown.number(),
        (true, true) => Outcome::Holds.number(),
    }
}

/// The edition that a rules revision, such as "2011-02/1", is of.
fn edition_of(revision: &str) -> &str {
    revision.split('/').next().unwrap_or_default()
}
