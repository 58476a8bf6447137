//! From facts to a judgement.

use std::cell::LazyCell;

use super::{
    Case, advice,
    case::Reading,
    conditions::license_taken,
    matching::{Matching, matching},
    pair::Tried,
};
use crate::{
    catalogue::Catalogue,
    domain::{Facts, Holdings},
    verdict::{
        Basis, Finding, Grounds, Item, Judgement, Obstacles, Opening, Openings, OtherBasis, Outcome, Ruling, Truth,
    },
};

/// Decides a request by its facts. Pure: the same facts and catalogue give the same judgement.
#[must_use]
pub fn evaluate(facts: &Facts, catalogue: &Catalogue) -> Judgement {
    let products: Vec<Vec<Tried<'_>>> = (0..facts.image.products.len())
        .map(|item| try_product(facts, catalogue, item))
        .collect();
    let truths: Vec<Vec<Truth>> = products
        .iter()
        .enumerate()
        .map(|(item, tried)| license_truths(facts, item, tried))
        .collect();
    let matching = matching(&truths);

    let contest = LazyCell::new(|| {
        let contested = matching.contested(&truths);
        let rivals = products.iter().zip(&truths).zip(&matching.sure).zip(&contested);
        let rivals = rivals.filter(|(_, contested)| **contested);
        Openings::collect(rivals.flat_map(|(((tried, truths), carrier), _)| openings(tried, truths, *carrier)))
    });
    let items: Vec<Item> = products
        .iter()
        .enumerate()
        .map(|(item, tried)| decide(item, tried, &matching, || contest.clone()))
        .collect();
    let advice = advice::advise(facts, catalogue, &items);
    Judgement { items, advice }
}

/// Tries every basis of one product on every candidate license, or once without a license.
fn try_product<'a>(facts: &'a Facts, catalogue: &'a Catalogue, item: usize) -> Vec<Tried<'a>> {
    let case = |license, basis| Case {
        facts,
        catalogue,
        basis,
        item,
        license,
        reading: Reading::Product,
    };
    let mut candidates: Vec<Option<usize>> = candidates(facts, item).map(Some).collect();
    if candidates.is_empty() {
        candidates.push(None);
    }
    let pairs = candidates
        .into_iter()
        .flat_map(|license| Basis::ALL.map(|basis| case(license, basis)));
    pairs.map(Tried::new).collect()
}

/// The licenses whose family is the product's, or unknown on either side.
fn candidates(facts: &Facts, item: usize) -> impl Iterator<Item = usize> {
    let family = facts
        .image
        .products
        .get(item)
        .and_then(|product| product.product.family.as_ref());
    let licenses = facts.device.holdings.licenses().iter().enumerate();
    licenses
        .filter(move |(_, license)| Truth::equal(license.product.family.as_ref(), family) != Truth::Broken)
        .map(|(index, _)| index)
}

/// Per license what it is for the product: OR over the bases. While no licenses are stated, each product has a place of its own
/// behind the stated ones, since there may be any number of licenses.
fn license_truths(facts: &Facts, item: usize, tried: &[Tried<'_>]) -> Vec<Truth> {
    let licenses = facts.device.holdings.licenses().len();
    let mut truths = vec![Truth::Broken; licenses.saturating_add(facts.image.products.len())];
    for tried in tried {
        let unstated = facts.device.holdings == Holdings::Unstated;
        let place = tried.case.license.or(unstated.then_some(licenses.saturating_add(item)));
        if let Some(truth) = place.and_then(|place| truths.get_mut(place)) {
            *truth = truth.or(tried.truth());
        }
    }
    truths
}

/// What keeps a product open that has to do with the contest for licenses. One that a license carries could only be moved to another,
/// so that for it nothing matters but the licenses of which it is unknown whether they could.
fn openings<'a>(tried: &'a [Tried<'_>], truths: &'a [Truth], carrier: Option<usize>) -> impl Iterator<Item = Opening> {
    let may_matter = move |tried: &&Tried<'_>| {
        let truth = tried.case.license.and_then(|license| truths.get(license));
        carrier.is_none() || truth == Some(&Truth::Unknown)
    };
    tried.iter().filter(may_matter).flat_map(Tried::openings)
}

#[expect(
    clippy::expect_used,
    reason = "every product is tried on five bases, and an unknown pair names what keeps it open"
)]
fn decide(item: usize, tried: &[Tried<'_>], matching: &Matching, contest: impl FnOnce() -> Option<Openings>) -> Item {
    let carrier = matching.sure.get(item).copied().flatten();
    let granted = tried
        .iter()
        .find(|tried| carrier.is_some_and(|license| tried.grants(license)));
    let deciding = granted
        .or_else(|| tried.iter().min_by_key(|tried| tried.distance()))
        .expect("a product is tried");

    let mut findings = deciding.findings.clone();
    let grounds = granted
        .zip(carrier)
        .and_then(|(granted, license)| Grounds::new(granted.case.basis, license, &findings));
    let ruling = if let Some(grounds) = grounds {
        Ruling::Permitted(grounds)
    } else {
        findings.extend(contention(tried, deciding, matching.possible.get(item) == Some(&true)));
        withhold(&findings, contest)
    };
    Item {
        ruling,
        basis: deciding.case.basis,
        license: deciding.case.license,
        findings,
        other_bases: other_bases(tried, deciding.case.basis),
    }
}

/// Refuses where something is broken, else leaves the answer open by all that bears on the contest for licenses: what a product's own
/// licenses turn out to be may matter less than whether the product that one of them carries can be moved.
#[expect(
    clippy::expect_used,
    reason = "what may be carried and is not for sure is so by an unknown pair of a contested product, which names what keeps it open"
)]
fn withhold(findings: &[Finding], contest: impl FnOnce() -> Option<Openings>) -> Ruling {
    match Obstacles::among(findings) {
        Some(obstacles) => Ruling::NotPermitted(obstacles),
        None => Ruling::Indeterminate(contest().expect("an unknown pair keeps the answer open")),
    }
}

/// The finding that a license which could carry the product carries another one.
fn contention(tried: &[Tried<'_>], deciding: &Tried<'_>, possible: bool) -> Option<Finding> {
    let contended = tried.iter().any(|tried| tried.truth() != Truth::Broken);
    if contended && !possible {
        Some(license_taken::CONDITION.finding(&license_taken::TAKEN))
    } else if deciding.truth() == Truth::Holds {
        Some(license_taken::CONDITION.finding(&license_taken::MAY_BE_TAKEN))
    } else {
        None
    }
}

/// The bases that did not decide, each on its nearest license.
fn other_bases(tried: &[Tried<'_>], deciding: Basis) -> Vec<OtherBasis> {
    let others = Basis::ALL.into_iter().filter(|basis| *basis != deciding);
    let nearest = others.filter_map(|basis| {
        tried
            .iter()
            .filter(|tried| tried.case.basis == basis)
            .min_by_key(|tried| tried.distance())
    });
    nearest
        .map(|tried| OtherBasis {
            basis: tried.case.basis,
            license: tried.case.license,
            truth: tried.truth(),
            broken: tried.codes(Outcome::Broken),
            unknown: tried.codes(Outcome::Unknown),
        })
        .collect()
}
