//! The answer for one product, short: met conditions by their reasons, other bases by their codes, the license by its place.

use super::super::{Wire as _, pb};
use crate::{
    rules::{condition, conditions_of},
    verdict::{Basis, ConditionCode, Outcome, Path, Truth},
};

/// Prefix of the name of a basis, which a short form goes without.
const BASIS: &str = "BASIS_";
/// Bytes that nearly every basis in brief fits into.
const BRIEF_LEN: usize = 80;
/// Marks a code as that of an unknown condition.
const UNKNOWN: char = '?';

/// The item without what [`restore`] can tell; `licenses` are those of the request.
pub fn short(item: &pb::Item, verdict: i32, licenses: &[pb::License]) -> pb::Item {
    let license_index = license_index(&item.license_id, licenses);
    let mut short = pb::Item {
        product: item.product.clone(),
        verdict: if item.verdict == verdict { 0 } else { item.verdict },
        basis: item.basis,
        license_id: license_index.map_or_else(|| item.license_id.clone(), |_| String::new()),
        license_index,
        met: Vec::with_capacity(item.findings.len()),
        others: Vec::with_capacity(item.other_bases.len()),
        ..pb::Item::default()
    };
    for finding in &item.findings {
        match met(finding) {
            Some(met) => short.met.push(met),
            None => short.findings.push(finding.clone()),
        }
    }
    for other in &item.other_bases {
        match in_brief(other, &item.license_id) {
            Some(brief) => short.others.push(brief),
            None => short.other_bases.push(other.clone()),
        }
    }
    short
}

/// Fills in what [`short`] left out, and what records of format 1 left out.
pub fn restore(item: &mut pb::Item, verdict: i32, licenses: &[pb::License]) {
    if item.verdict == 0 {
        item.verdict = verdict;
    }
    if let Some(index) = item.license_index.take()
        && item.license_id.is_empty()
    {
        item.license_id = license_id(index, licenses);
    }
    let met = std::mem::take(&mut item.met);
    item.findings.extend(met.iter().map(|met| finding_of(met)));
    if !met.is_empty() {
        in_order_of_the_basis(item);
    }
    for finding in item.findings.iter_mut().filter(|finding| finding.outcome == 0) {
        finding.outcome = told_outcome(finding).unwrap_or_default();
    }
    let others = std::mem::take(&mut item.others);
    item.other_bases.extend(others.iter().map(|brief| other_basis(brief)));
    item.other_bases.sort_by_key(|other| other.basis);
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

/// Conditions stand in the order of their basis; those decided over the whole image follow.
fn in_order_of_the_basis(item: &mut pb::Item) {
    let order = Basis::from_number(item.basis).map_or(&[][..], conditions_of);
    item.findings.sort_by_key(|finding| {
        let place = order.iter().position(|code| code.as_str() == finding.condition);
        place.unwrap_or(order.len())
    });
}

/// Index in the request of the license that answers call `id`.
fn license_index(id: &str, licenses: &[pb::License]) -> Option<u32> {
    (0_u32..)
        .zip(licenses)
        .find(|(index, license)| is_called(license, *index, id))
        .map(|(index, _)| index)
}

fn is_called(license: &pb::License, index: u32, id: &str) -> bool {
    if license.id.trim().is_empty() {
        path(index).as_str() == id
    } else {
        license.id == id
    }
}

/// What answers call the license at an index.
fn license_id(index: u32, licenses: &[pb::License]) -> String {
    let license = usize::try_from(index).ok().and_then(|index| licenses.get(index));
    match license {
        Some(license) if !license.id.trim().is_empty() => license.id.clone(),
        _ => path(index).to_string(),
    }
}

fn path(index: u32) -> Path {
    Path::license(usize::try_from(index).unwrap_or(usize::MAX), "")
}

/// A met condition in brief: `condition/reason`, or one code where both are the same.
fn met(finding: &pb::Finding) -> Option<String> {
    if told_outcome(finding) != Some(finding.outcome) {
        return None;
    }
    let pb::Finding { condition, reason, .. } = finding;
    Some(if condition == reason {
        condition.clone()
    } else {
        [condition, "/", reason].concat()
    })
}

fn finding_of(met: &str) -> pb::Finding {
    let (condition, reason) = met.split_once('/').unwrap_or((met, met));
    pb::Finding {
        condition: condition.to_owned(),
        reason: reason.to_owned(),
        ..pb::Finding::default()
    }
}

/// Another basis in brief: its name, the codes of its broken conditions, those of its unknown ones with a mark. `None` where that
/// is not all.
fn in_brief(other: &pb::OtherBasis, license_id: &str) -> Option<String> {
    if other.outcome != told_basis_outcome(other) || other.license_id != license_id {
        return None;
    }
    let name = Basis::from_number(other.basis)?.wire_name();
    let mut brief = String::with_capacity(BRIEF_LEN);
    brief.push_str(name.strip_prefix(BASIS)?);
    for code in &other.broken {
        brief.push(' ');
        brief.push_str(code);
    }
    for code in &other.unknown {
        brief.push(' ');
        brief.push_str(code);
        brief.push(UNKNOWN);
    }
    Some(brief)
}

fn other_basis(brief: &str) -> pb::OtherBasis {
    let mut words = brief.split(' ');
    let name = words.next().unwrap_or_default();
    let basis = Basis::ALL
        .into_iter()
        .find(|basis| basis.wire_name().strip_prefix(BASIS) == Some(name));
    let mut other = pb::OtherBasis {
        basis: basis.map_or(0, Basis::number),
        ..pb::OtherBasis::default()
    };
    for code in words {
        match code.strip_suffix(UNKNOWN) {
            Some(code) => other.unknown.push(code.to_owned()),
            None => other.broken.push(code.to_owned()),
        }
    }
    other
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
