//! Facts that were not simply stated: on whose word they count, and why others do not.

use super::{Detail, page::Page};
use crate::wire::pb;

/// What was taken on the word of reports and the catalogue, and what was said in vain. What was set aside shows where it is missing,
/// or where more detail is asked for, but for a report that could not be read at all.
pub(super) fn notes(page: &mut Page, decision: &pb::Decision, detail: Detail) {
    let noted = decision.resolved.iter().flat_map(|facts| &facts.notes);
    let (taken, refused): (Vec<_>, Vec<_>) = noted.partition(|note| is_taken(note));
    if !taken.is_empty() {
        page.heading("Not stated, and taken from");
        for note in taken {
            page.line(anstyle::Style::new(), &sentence(note));
        }
    }
    let refused: Vec<&pb::FactNote> = refused
        .into_iter()
        .filter(|note| {
            note.kind() != pb::FactNoteKind::SetAside
                || detail == Detail::Long
                || note.path.ends_with("reports")
                || decision.missing_facts.contains(&note.path)
        })
        .collect();
    if !refused.is_empty() {
        page.heading("Said, and not counted");
        for note in refused {
            page.line(anstyle::Style::new(), &sentence(note));
        }
    }
}

fn is_taken(note: &pb::FactNote) -> bool {
    matches!(note.kind(), pb::FactNoteKind::Reported | pb::FactNoteKind::Known)
}

fn sentence(note: &pb::FactNote) -> String {
    let claims: Vec<String> = note.claims.iter().map(claim).collect();
    let why = match note.kind() {
        pb::FactNoteKind::Conflict => ": they contradict".to_owned(),
        pb::FactNoteKind::Impossible => ": never sold".to_owned(),
        _ if note.why.is_empty() => String::new(),
        _ => format!(": {}", note.why),
    };
    format!("{}: {}{why}", note.path, claims.join(" and "))
}

fn claim(claim: &pb::Claim) -> String {
    let by = match claim.source.as_str() {
        "" => "stated".to_owned(),
        "catalogue" => "the catalogue".to_owned(),
        _ if claim.key.is_empty() => format!("{}, `{}`", claim.tool, claim.raw),
        _ => format!("{}, {} `{}`", claim.tool, claim.key, claim.raw),
    };
    let recalled = match claim.knowledge() {
        pb::Knowledge::Recalled => ", recalled",
        pb::Knowledge::Seen | pb::Knowledge::Unspecified => "",
    };
    format!("{} ({by}{recalled})", claim.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::reported;

    fn text(detail: Detail) -> String {
        let mut page = Page::new(Some(100), 8);
        notes(&mut page, &reported(), detail);
        anstream::adapter::strip_str(&page.into_text()).to_string()
    }

    #[test]
    fn what_was_taken_and_what_contradicts_is_told_with_its_source() {
        insta::assert_snapshot!(text(Detail::Brief));
    }

    #[test]
    fn what_was_set_aside_and_is_not_missed_shows_at_length() {
        assert!(!text(Detail::Brief).contains("running_channel"));
        assert!(text(Detail::Long).contains("device.licenses[0].running_channel"));
    }

    #[test]
    fn a_decision_without_notes_says_nothing_of_them() {
        let mut page = Page::new(None, 8);
        notes(&mut page, &crate::cli::testing::permitted(), Detail::Long);
        assert_eq!(page.into_text(), "");
    }
}
