//! The cases under `tests/cases`: requests with the verdicts and outcomes that the rules page says they have.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use reimage_rights::{
    catalogue::Catalogue,
    rules::{condition, evaluate},
    verdict::{AdviceCode, ConditionCode, Outcome},
    wire::{Context, Wire as _, parse_check, pb, unrecorded},
};
use serde::Deserialize;

use crate::support::cases::read_cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    description: String,
    request: pb::CheckRequest,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    verdict: String,
    #[serde(default)]
    items: Vec<ExpectedItem>,
    /// Where stated, everything that is missing, unsettled or advised: what is not named must not be there.
    missing: Option<BTreeSet<String>>,
    unsettled: Option<BTreeSet<String>>,
    advice: Option<BTreeSet<Advice>>,
    /// What is noted of facts, by their paths.
    #[serde(default)]
    notes: BTreeMap<String, String>,
}

/// An advice that there is: a code that nobody gives would be missed by every decision.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Advice(AdviceCode);

impl TryFrom<String> for Advice {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        let known = || AdviceCode::ALL.map(AdviceCode::as_str).join("`, `");
        AdviceCode::parse(&code)
            .map(Self)
            .ok_or_else(|| format!("there is no advice `{code}`; known: `{}`", known()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ExpectedItem {
    verdict: Option<String>,
    basis: Option<String>,
    license: Option<String>,
    #[serde(default)]
    outcomes: BTreeMap<String, String>,
    #[serde(default)]
    other_bases: BTreeMap<String, ExpectedBasis>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedBasis {
    broken: BTreeSet<String>,
    unknown: BTreeSet<String>,
}

fn decide(path: &Path, request: pb::CheckRequest) -> pb::Decision {
    let catalogue = Catalogue::embedded();
    let check = parse_check(request, catalogue).unwrap_or_else(|violations| panic!("{}: {violations}", path.display()));
    let judgement = evaluate(&check.facts, catalogue);
    unrecorded(
        check.request.clone(),
        check.edition,
        &check.facts,
        &judgement,
        catalogue,
        Context::default(),
    )
}

/// What differs from the expectation, one line each.
fn misses(case: &Case, decision: &pb::Decision) -> Vec<String> {
    let mut misses = Vec::new();
    let mut compare = |what: &str, expected: String, found: String| {
        if expected != found {
            misses.push(format!("  {what}: expected {expected}, found {found}"));
        }
    };
    compare(
        "verdict",
        case.expect.verdict.clone(),
        decision.verdict().as_str_name().to_owned(),
    );
    for (index, (expected, found)) in case.expect.items.iter().zip(&decision.items).enumerate() {
        compare_item(&mut compare, index, expected, found);
    }
    if let Some(expected) = &case.expect.missing {
        let found: BTreeSet<String> = decision.missing_facts.iter().cloned().collect();
        compare("missing", format!("{expected:?}"), format!("{found:?}"));
    }
    if let Some(expected) = &case.expect.unsettled {
        let found: BTreeSet<String> = decision
            .unsettled
            .iter()
            .map(|reading| reading.condition.clone())
            .collect();
        compare("unsettled", format!("{expected:?}"), format!("{found:?}"));
    }
    let resolved = decision.resolved.as_ref();
    for (path, kind) in &case.expect.notes {
        let notes = resolved.iter().flat_map(|facts| &facts.notes);
        let found: BTreeSet<&str> = notes
            .filter(|note| note.path == *path)
            .map(|note| note.kind().as_str_name())
            .collect();
        if !found.contains(kind.as_str()) {
            compare(&format!("note on {path}"), kind.clone(), format!("{found:?}"));
        }
    }
    if let Some(expected) = &case.expect.advice {
        let expected: BTreeSet<&str> = expected.iter().map(|advice| advice.0.as_str()).collect();
        let found: BTreeSet<&str> = decision.advice.iter().map(|advice| advice.code.as_str()).collect();
        compare("advice", format!("{expected:?}"), format!("{found:?}"));
    }
    misses
}

fn compare_item(
    compare: &mut impl FnMut(&str, String, String),
    index: usize,
    expected: &ExpectedItem,
    found: &pb::Item,
) {
    let at = |what: &str| format!("items[{index}].{what}");
    if let Some(verdict) = &expected.verdict {
        compare(
            &at("verdict"),
            verdict.clone(),
            found.verdict().as_str_name().to_owned(),
        );
    }
    if let Some(basis) = &expected.basis {
        compare(&at("basis"), basis.clone(), found.basis().as_str_name().to_owned());
    }
    if let Some(license) = &expected.license {
        compare(&at("license"), license.clone(), found.license_id.clone());
    }
    for (condition, outcome) in &expected.outcomes {
        let finding = found.findings.iter().find(|finding| finding.condition == *condition);
        let found = finding.map_or("(not shown)", |finding| finding.outcome().as_str_name());
        compare(&at(condition), outcome.clone(), found.to_owned());
    }
    for (basis, expected) in &expected.other_bases {
        let other = found
            .other_bases
            .iter()
            .find(|other| other.basis().as_str_name() == basis);
        let codes = |codes: &[String]| format!("{:?}", codes.iter().collect::<BTreeSet<_>>());
        let other = other.cloned().unwrap_or_default();
        compare(
            &at(&format!("{basis}.broken")),
            format!("{:?}", expected.broken),
            codes(&other.broken),
        );
        compare(
            &at(&format!("{basis}.unknown")),
            format!("{:?}", expected.unknown),
            codes(&other.unknown),
        );
    }
}

#[test]
fn every_case_has_the_verdict_and_outcomes_it_states() {
    let mut failures = Vec::new();
    for (path, case) in read_cases::<Case>() {
        let decision = decide(&path, case.request.clone());
        let misses = misses(&case, &decision);
        if !misses.is_empty() {
            failures.push(format!(
                "{} ({})\n{}",
                path.display(),
                case.description,
                misses.join("\n")
            ));
        }
    }
    assert!(
        failures.is_empty(),
        "{} cases fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn advice_that_a_case_does_not_list_must_not_be_given() {
    let mut cases = read_cases::<Case>().into_iter();
    let (path, mut case) = cases
        .find(|(path, _)| path.ends_with("advice/volume-keys.json"))
        .unwrap();
    let decision = decide(&path, case.request.clone());
    assert_eq!(misses(&case, &decision), [""; 0]);
    let listed = case.expect.advice.as_mut().unwrap();
    assert!(listed.remove(&Advice(AdviceCode::VolumeKeys)), "{listed:?}");
    let misses = misses(&case, &decision);
    assert!(misses.iter().any(|miss| miss.contains("volume-keys")), "{misses:?}");
}

#[test]
fn a_case_cannot_expect_advice_that_nobody_gives() {
    let expected = serde_json::json!({ "verdict": "VERDICT_PERMITTED", "advice": ["volume-key"] });
    let refused = serde_json::from_value::<Expected>(expected)
        .map(drop)
        .unwrap_err()
        .to_string();
    assert!(refused.contains("no advice `volume-key`"), "{refused}");
    assert!(refused.contains("`volume-keys`"), "{refused}");
}

#[test]
fn what_reports_tell_decides_as_if_it_were_stated() {
    let mut count = 0;
    for (path, case) in read_cases::<Case>() {
        let told = decide(&path, case.request.clone());
        let facts = told.resolved.clone().unwrap();
        let withheld =
            |note: &pb::FactNote| matches!(note.kind(), pb::FactNoteKind::Conflict | pb::FactNoteKind::Impossible);
        if facts.notes.is_empty() || facts.notes.iter().any(withheld) {
            continue;
        }
        count += 1;
        let restated = pb::CheckRequest {
            device: facts.device,
            image: facts.image,
            agreement: facts.agreement,
            activation: facts.activation,
            ..case.request
        };
        let stated = decide(&path, restated);
        assert_eq!(stated.verdict, told.verdict, "{}", path.display());
        assert_eq!(stated.items, told.items, "{}", path.display());
        assert_eq!(
            without_places_in_terms(&stated.missing_facts),
            without_places_in_terms(&told.missing_facts),
            "{}",
            path.display()
        );
    }
    assert!(count >= 20, "{count}");
}

/// Terms that were not stated have no places that a caller could name; once they are stated, they do.
fn without_places_in_terms(missing: &[String]) -> BTreeSet<&str> {
    let whole = |path: &'_ String| path.find(".products[").filter(|_| path.starts_with("device"));
    missing
        .iter()
        .map(|path| whole(path).map_or(path.as_str(), |end| &path[..end]))
        .collect()
}

#[test]
fn a_case_shows_each_outcome_that_a_condition_declares() {
    let mut shown: BTreeSet<(String, Outcome)> = BTreeSet::new();
    for (path, case) in read_cases::<Case>() {
        for item in decide(&path, case.request).items {
            for finding in item.findings {
                shown.insert((
                    finding.condition.clone(),
                    Outcome::from_number(finding.outcome).unwrap(),
                ));
            }
        }
    }
    let mut absent = Vec::new();
    for code in ConditionCode::ALL {
        let outcomes: BTreeSet<Outcome> = condition(code).reasons.iter().map(|reason| reason.outcome).collect();
        absent.extend(
            outcomes
                .into_iter()
                .filter(|outcome| !shown.contains(&(code.to_string(), *outcome)))
                .map(|outcome| (code, outcome)),
        );
    }
    assert!(absent.is_empty(), "no case shows on a deciding basis: {absent:?}");
}
