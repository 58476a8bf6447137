//! What was ruled on one image product, with what the ruling rests on.
//!
//! Each ruling is built from its evidence only: no permission without a basis in which every condition holds, no refusal
//! without a broken condition, no "I do not know" without something that would settle it or a reading the brief leaves open.

use std::{collections::HashSet, sync::Arc};

use super::{Basis, ConditionCode, Finding, Path, Truth};

/// The answer for one image product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It may be put on the device.
    Permitted(Grounds),
    /// It may not, whatever the unstated facts are.
    NotPermitted(Obstacles),
    /// What is stated does not decide. What keeps it open is told of the image as a whole, and so is the same for each of its open
    /// products.
    Indeterminate(Openings),
}

/// What a permission rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grounds {
    basis: Basis,
    license: usize,
}

impl Grounds {
    /// Grounds on `basis` by the license at index `license`; `None` unless every finding holds.
    #[must_use]
    pub fn new(basis: Basis, license: usize, findings: &[Finding]) -> Option<Self> {
        let all_hold = !findings.is_empty() && findings.iter().all(|finding| finding.outcome.truth() == Truth::Holds);
        all_hold.then_some(Self { basis, license })
    }

    /// The basis.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// Index of the license.
    #[must_use]
    pub fn license(&self) -> usize {
        self.license
    }
}

/// What a refusal rests on: at least one broken condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacles(Vec<ConditionCode>);

impl Obstacles {
    /// The broken conditions among `findings`; `None` when there are none.
    #[must_use]
    pub fn among(findings: &[Finding]) -> Option<Self> {
        let broken: Vec<ConditionCode> = findings
            .iter()
            .filter(|finding| finding.outcome.truth() == Truth::Broken)
            .map(|finding| finding.condition)
            .collect();
        (!broken.is_empty()).then_some(Self(broken))
    }

    /// The broken conditions.
    #[must_use]
    pub fn conditions(&self) -> &[ConditionCode] {
        &self.0
    }
}

/// One thing that keeps an answer open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Opening {
    /// A fact that is not stated.
    Missing(Path),
    /// A condition on which everything is stated and the brief leaves the answer open.
    Unsettled {
        /// The condition.
        condition: ConditionCode,
        /// The facts it turns on.
        facts: Vec<Path>,
    },
}

/// What keeps an answer open: at least one thing, each named once. A clone is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Openings(Arc<[Opening]>);

impl Openings {
    /// Openings in the order given, repetitions dropped; `None` when there are none.
    pub fn collect(openings: impl IntoIterator<Item = Opening>) -> Option<Self> {
        let mut seen = HashSet::new();
        let distinct: Arc<[Opening]> = openings
            .into_iter()
            .filter(|opening| seen.insert(opening.clone()))
            .collect();
        (!distinct.is_empty()).then_some(Self(distinct))
    }

    /// The openings.
    #[must_use]
    pub fn as_slice(&self) -> &[Opening] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Outcome;

    fn finding(outcome: Outcome) -> Finding {
        Finding {
            condition: ConditionCode::SameLanguage,
            outcome,
            reason: "test",
        }
    }

    #[test]
    fn no_permission_without_a_basis_that_holds() {
        assert!(Grounds::new(Basis::OemRecovery, 0, &[finding(Outcome::Holds)]).is_some());
        assert!(Grounds::new(Basis::OemRecovery, 0, &[finding(Outcome::Unknown)]).is_none());
        assert!(Grounds::new(Basis::OemRecovery, 0, &[]).is_none());
    }

    #[test]
    fn no_refusal_without_a_broken_condition() {
        assert!(Obstacles::among(&[finding(Outcome::Unknown), finding(Outcome::Holds)]).is_none());
        assert!(Obstacles::among(&[finding(Outcome::Broken)]).is_some());
    }

    #[test]
    fn no_open_answer_without_something_that_would_settle_it() {
        assert!(Openings::collect([]).is_none());
        let missing = Opening::Missing(Path::fixed("agreement.program"));
        assert_eq!(
            Openings::collect([missing.clone(), missing]).map(|open| open.as_slice().len()),
            Some(1)
        );
    }
}
