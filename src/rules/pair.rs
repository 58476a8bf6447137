//! One basis tried for one image product on one license.

use super::{
    Case,
    basis::{NOTED, conditions_of},
    reading::{find, uses},
};
use crate::verdict::{Basis, ConditionCode, Finding, Opening, Outcome, Standing, Truth};

/// A basis with its findings on one license.
#[derive(Debug)]
pub struct Tried<'a> {
    /// The question.
    pub case: Case<'a>,
    /// Every condition of the basis.
    pub findings: Vec<Finding>,
}

impl<'a> Tried<'a> {
    /// Tries the basis of `case`.
    pub fn new(case: Case<'a>) -> Self {
        let codes = conditions_of(case.basis);
        let mut findings = Vec::with_capacity(codes.len().saturating_add(1));
        findings.extend(codes.iter().map(|code| find(*code, &case)));
        if !case.facts.notes.is_empty() {
            let noted = NOTED.map(|code| find(code, &case));
            findings.extend(noted.into_iter().filter(|finding| finding.outcome == Outcome::Unknown));
        }
        Self { case, findings }
    }

    /// The basis as a whole: AND over its conditions.
    pub fn truth(&self) -> Truth {
        Truth::all(self.findings.iter().map(|finding| finding.outcome.truth()))
    }

    /// Whether every condition holds on this license.
    pub fn grants(&self, license: usize) -> bool {
        self.case.license == Some(license) && self.truth() == Truth::Holds
    }

    /// How near it is to holding: fewest broken, then fewest unknown, then the order of the bases.
    pub fn distance(&self) -> (usize, usize, Basis) {
        (
            self.count(Outcome::Broken),
            self.count(Outcome::Unknown),
            self.case.basis,
        )
    }

    /// Codes of the conditions with an outcome.
    pub fn codes(&self, outcome: Outcome) -> Vec<ConditionCode> {
        self.findings
            .iter()
            .filter(|finding| finding.outcome == outcome)
            .map(|finding| finding.condition)
            .collect()
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.outcome == outcome)
            .count()
    }

    /// What keeps this basis open; nothing where a condition is broken, since no fact would mend that.
    pub fn openings(&self) -> Vec<Opening> {
        if self.truth() != Truth::Unknown {
            return Vec::new();
        }
        let unknown = self
            .findings
            .iter()
            .filter(|finding| finding.outcome == Outcome::Unknown);
        unknown.flat_map(|finding| openings_of(finding, &self.case)).collect()
    }
}

fn openings_of(finding: &Finding, case: &Case<'_>) -> Vec<Opening> {
    let uses = uses(finding.condition, finding.reason, case);
    let missing: Vec<Opening> = uses
        .iter()
        .filter(|used| used.standing == Standing::Missing)
        .map(|used| Opening::Missing(used.path.clone()))
        .collect();
    if missing.is_empty() {
        let facts = uses.into_iter().map(|used| used.path).collect();
        return vec![Opening::Unsettled {
            condition: finding.condition,
            facts,
        }];
    }
    missing
}
