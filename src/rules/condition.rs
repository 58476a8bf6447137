//! What a condition declares of itself.

use super::Case;
use crate::verdict::{Citation, ConditionCode, FactUse, Finding, Outcome};

/// A condition of the rules: one clause of the brief.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// Its code.
    pub code: ConditionCode,
    /// What it decides, in one or two plain sentences.
    pub decides: &'static str,
    /// Where the brief says so; the first place is the main one.
    pub cites: &'static [Citation],
    /// Every reason it can give, and with them every outcome it can have.
    pub reasons: &'static [&'static Reason],
    /// Decides a case.
    pub evaluate: fn(&Case<'_>) -> &'static Reason,
    /// The facts it reads in a case.
    pub uses: fn(&Case<'_>) -> Vec<FactUse>,
}

impl Condition {
    /// The finding that a reason stands for.
    #[must_use]
    pub fn finding(&self, reason: &Reason) -> Finding {
        Finding {
            condition: self.code,
            outcome: reason.outcome,
            reason: reason.code,
        }
    }

    /// The reason with this code.
    #[must_use]
    pub fn reason(&self, code: &str) -> Option<&'static Reason> {
        self.reasons.iter().copied().find(|reason| reason.code == code)
    }

    /// Where the brief backs a reason.
    #[must_use]
    pub fn citation_of(&self, reason: &Reason) -> Option<Citation> {
        reason.cites.or(self.cites.first().copied())
    }
}

/// Why a condition came out as it did. Codes are closed: once recorded, a code keeps its meaning forever.
#[derive(Clone, Copy, Debug)]
pub struct Reason {
    /// The code, unique within its condition.
    pub code: &'static str,
    /// The outcome it stands for.
    pub outcome: Outcome,
    /// What the code means, for documentation.
    pub meaning: &'static str,
    /// Says it of a case, with the values compared.
    pub explain: fn(&Case<'_>) -> String,
    /// What would have to be true, or what to state; empty where the condition holds.
    pub remedy: &'static str,
    /// Where the brief says so, when it is not the condition's main place.
    pub cites: Option<Citation>,
}

impl Reason {
    /// A reason for a condition to hold.
    #[must_use]
    pub const fn holds(code: &'static str, meaning: &'static str, explain: fn(&Case<'_>) -> String) -> Self {
        Self {
            code,
            outcome: Outcome::Holds,
            meaning,
            explain,
            remedy: "",
            cites: None,
        }
    }

    /// A reason for a condition not to apply.
    #[must_use]
    pub const fn does_not_apply(code: &'static str, meaning: &'static str, explain: fn(&Case<'_>) -> String) -> Self {
        Self {
            code,
            outcome: Outcome::DoesNotApply,
            meaning,
            explain,
            remedy: "",
            cites: None,
        }
    }

    /// A reason for a condition to be broken.
    #[must_use]
    pub const fn broken(
        code: &'static str,
        meaning: &'static str,
        explain: fn(&Case<'_>) -> String,
        remedy: &'static str,
    ) -> Self {
        Self {
            code,
            outcome: Outcome::Broken,
            meaning,
            explain,
            remedy,
            cites: None,
        }
    }

    /// A reason for a condition to be unknown.
    #[must_use]
    pub const fn unknown(
        code: &'static str,
        meaning: &'static str,
        explain: fn(&Case<'_>) -> String,
        remedy: &'static str,
    ) -> Self {
        Self {
            code,
            outcome: Outcome::Unknown,
            meaning,
            explain,
            remedy,
            cites: None,
        }
    }

    /// The same reason, backed by another place of the brief.
    #[must_use]
    pub const fn citing(self, place: Citation) -> Self {
        Self {
            cites: Some(place),
            ..self
        }
    }
}
