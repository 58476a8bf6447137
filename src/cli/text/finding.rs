//! Conditions and how they came out.

use super::{
    page::Page,
    word::{self, FAINT},
};
use crate::wire::pb;

/// A condition with the values compared and, unless it holds, its remedy and its citation.
pub(super) fn explained(page: &mut Page, finding: &pb::Finding) {
    let outcome = finding.outcome();
    let why = if finding.explanation.is_empty() {
        &finding.reason
    } else {
        &finding.explanation
    };
    let body = format!("{}: {why}", finding.condition);
    page.entry(word::outcome_style(outcome), word::outcome(outcome), &body);
    if !finding.remedy.is_empty() {
        page.under(anstyle::Style::new(), &format!("do: {}", finding.remedy));
    }
    if let Some(citation) = &finding.citation {
        page.under(FAINT, &format!("see: {}", cited(citation)));
    }
}

/// The codes of conditions that came out alike, if there are any.
pub(super) fn listed<'a>(page: &mut Page, outcome: pb::Outcome, findings: impl Iterator<Item = &'a pb::Finding>) {
    let codes: Vec<&str> = findings.map(|finding| finding.condition.as_str()).collect();
    if !codes.is_empty() {
        page.entry_in(word::outcome_style(outcome), word::outcome(outcome), &codes.join(", "));
    }
}

fn cited(citation: &pb::Citation) -> String {
    [&citation.edition, &citation.section, &citation.paragraph]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
