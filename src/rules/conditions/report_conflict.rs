//! report-conflict: what was stated and what reports say, or two reports, contradict each other on a fact that counts here.
//!
//! Unlike other conditions it is of no basis: it stands beside the conditions that miss the fact, and says why it is missing.

use crate::{
    domain::{Note, NoteKind},
    rules::{
        Case, Condition, Reason,
        basis::conditions_of,
        brief::{ELIGIBILITY, place},
        reading, words,
    },
    verdict::{ConditionCode, FactUse, Outcome, Path, Standing},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::ReportConflict,
    decides: "Where a condition misses a fact, that is not because what was stated and what reports say of it contradict.",
    cites: &[place(ELIGIBILITY, "paragraph 1")],
    reasons: &[&CONTRADICTED],
    evaluate,
    uses,
};

static CONTRADICTED: Reason = Reason::unknown(
    "values-contradict",
    "two values are given for a fact that a condition needs, so that it is not known",
    |case| {
        let facts: Vec<String> = needed(case).into_iter().map(|note| sentence(case, note)).collect();
        facts.join(" ")
    },
    "Find out which value is right: state it, and leave out the report that says otherwise.",
);
/// What is never reported.
static AGREE: Reason = Reason::does_not_apply("values-agree", "no fact that a condition needs is contradicted", |_| {
    "No fact that counts here is contradicted.".to_owned()
});

fn sentence(case: &Case<'_>, note: &Note) -> String {
    let claims: Vec<String> = note.claims.iter().map(words::claim).collect();
    format!("{} is {}.", case.noted_path(note), claims.join(" and "))
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    if needed(case).is_empty() { &AGREE } else { &CONTRADICTED }
}

/// The contradicted facts that an unknown condition of the basis misses, whichever license they are of: some look at all of them.
fn needed<'a>(case: &Case<'a>) -> Vec<&'a Note> {
    let notes = case.facts.notes.iter();
    let contradicted: Vec<&Note> = notes.filter(|note| note.kind == NoteKind::Conflict).collect();
    if contradicted.is_empty() {
        return contradicted;
    }
    let findings = conditions_of(case.basis).iter().map(|code| reading::find(*code, case));
    let unknown = findings.filter(|finding| finding.outcome == Outcome::Unknown);
    let missing: Vec<Path> = unknown
        .flat_map(|finding| reading::uses(finding.condition, finding.reason, case))
        .filter(|used| used.standing == Standing::Missing)
        .map(|used| used.path)
        .collect();
    let is_missed = |note: &&Note| missing.contains(&case.noted_path(note));
    contradicted.into_iter().filter(is_missed).collect()
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let paths = needed(case).into_iter().map(|note| case.noted_path(note));
    paths.map(|path| FactUse::needed::<()>(path, None)).collect()
}
