//! What a decision can be found by, computed from the record and nothing else.

use std::{collections::HashMap, sync::LazyLock};

use uuid::Uuid;

use super::{RecordError, Wire as _, pb};
use crate::{
    domain::Name,
    history::{Projection, Term, TermKind},
    rules::Edition,
    verdict::{Basis, ConditionCode, Outcome, Verdict},
};

/// Terms of what comes from a closed list, hashed once: every decision has several.
static CLOSED: LazyLock<HashMap<(TermKind, &str), Term>> = LazyLock::new(|| {
    let verdicts = Verdict::TABLE
        .iter()
        .map(|(_, _, name)| ((TermKind::Verdict, *name), Term::verdict(name)));
    let bases = Basis::TABLE
        .iter()
        .map(|(_, _, name)| ((TermKind::Basis, *name), Term::basis(name)));
    let editions = Edition::ALL.map(|edition| ((TermKind::Edition, edition.as_str()), Term::edition(edition.as_str())));
    let conditions =
        ConditionCode::ALL.map(|code| ((TermKind::Condition, code.as_str()), Term::condition(code.as_str())));
    verdicts.chain(bases).chain(editions).chain(conditions).collect()
});

fn closed(kind: TermKind, term: fn(&str) -> Term, code: &str) -> Term {
    CLOSED.get(&(kind, code)).copied().unwrap_or_else(|| term(code))
}

/// Projects a decision.
///
/// # Errors
///
/// When the decision lacks its id or its time, as one does that is not yet recorded.
pub fn projection(decision: &pb::Decision) -> Result<Projection, RecordError> {
    let id = Uuid::try_parse(&decision.decision_id).map_err(|_| RecordError::Incomplete("decision id"))?;
    let decided_at = decision.decided_at.as_ref().ok_or(RecordError::Incomplete("time"))?;
    let decided_at_us = decided_at
        .seconds
        .saturating_mul(1_000_000)
        .saturating_add(i64::from(decided_at.nanos / 1000));
    let head = head_terms(decision, request_term(decision));
    let terms = head.into_iter().chain(opinion_terms(decision));
    Ok(Projection::new(id, decided_at_us, terms))
}

/// What a decision is found by of who asked what.
pub fn head_terms(decision: &pb::Decision, request_term: Option<Term>) -> Vec<Term> {
    let mut terms = vec![Term::caller(&decision.caller)];
    terms.extend(request_term);
    terms.extend(decision.request.iter().flat_map(place_terms));
    terms
}

/// What a decision is found by of what was asked and decided.
pub fn opinion_terms(decision: &pb::Decision) -> Vec<Term> {
    let mut terms = vec![
        closed(TermKind::Verdict, Term::verdict, decision.verdict().as_str_name()),
        closed(TermKind::Edition, Term::edition, &decision.edition),
    ];
    for item in &decision.items {
        terms.push(closed(TermKind::Basis, Term::basis, item.basis().as_str_name()));
        let open = item.findings.iter().filter(|finding| is_open(finding));
        terms.extend(open.map(|finding| closed(TermKind::Condition, Term::condition, &finding.condition)));
    }
    terms.extend(image_products(decision).flat_map(product_terms));
    terms
}

/// The term of the request's key; `None` when it has none.
pub fn request_term(decision: &pb::Decision) -> Option<Term> {
    let request_id = &decision.request.as_ref()?.request_id;
    (!request_id.is_empty()).then(|| Term::request(request_id))
}

/// Where a request belongs: its device, its image, its labels.
fn place_terms(request: &pb::CheckRequest) -> impl Iterator<Item = Term> {
    let device = request.device.as_ref().map(|device| device.id.as_str());
    let image = request.image.as_ref().map(|image| image.id.as_str());
    let named = |id: &&str| !id.is_empty();
    let labels = request.labels.iter().map(|(key, value)| Term::label(key, value));
    let device = device.filter(named).map(Term::device);
    device
        .into_iter()
        .chain(image.filter(named).map(Term::image))
        .chain(labels)
}

/// Whether a finding is broken or unknown.
pub fn is_open(finding: &pb::Finding) -> bool {
    matches!(
        Outcome::from_number(finding.outcome),
        Some(Outcome::Broken | Outcome::Unknown)
    )
}

/// The resolved products of a decision's image.
pub fn image_products(decision: &pb::Decision) -> impl Iterator<Item = &pb::Product> {
    let image = decision.resolved.as_ref().and_then(|facts| facts.image.as_ref());
    image
        .into_iter()
        .flat_map(|image| &image.products)
        .filter_map(|product| product.product.as_ref())
}

fn product_terms(product: &pb::Product) -> Vec<Term> {
    let [family, version, edition] =
        [&product.family, &product.version, &product.edition].map(|part| Name::parse(part));
    let levels = |family: &Name| {
        let [version, edition] = [&version, &edition].map(|part| part.as_ref().map(Name::key));
        Term::product_levels(family.key(), version, edition)
    };
    family.as_ref().map_or_else(Vec::new, levels)
}
