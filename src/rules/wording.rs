//! Findings in words: explanation, citation, remedy and facts, rendered from reason and facts and never stored.

use super::{Case, conditions::condition, reading};
use crate::verdict::{Citation, ConditionCode, Path};

/// What a reader gets to see of a finding beside its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Paths of the facts used.
    pub facts: Vec<Path>,
    /// One plain sentence with the values compared.
    pub explanation: String,
    /// Where the brief says so.
    pub citation: Option<Citation>,
    /// What would have to be true, or what to state; empty where the condition holds.
    pub remedy: &'static str,
}

/// Puts a condition's reason in a case into words.
///
/// A reason that this program does not know, recorded by a later one, is said to be unknown.
#[must_use]
pub fn word(condition_code: ConditionCode, reason: &str, case: &Case<'_>) -> Wording {
    let condition = condition(condition_code);
    let mut facts: Vec<Path> = Vec::new();
    for used in reading::uses(condition_code, reason, case) {
        if !facts.contains(&used.path) {
            facts.push(used.path);
        }
    }
    let Some(reason) = condition.reason(reason) else {
        let explanation = format!("Recorded for reason `{reason}`, which this version does not know.");
        return Wording {
            facts,
            explanation,
            citation: condition.cites.first().copied(),
            remedy: "",
        };
    };
    Wording {
        facts,
        explanation: (reason.explain)(&reading::case_in_words(case)),
        citation: condition.citation_of(reason),
        remedy: reason.remedy,
    }
}
