//! A verdict and what it rests on.

use super::{
    Detail, Style,
    finding::{explained, listed},
    note::notes,
    page::Page,
    word::{self, FAINT},
};
use crate::{cli::moment, wire::pb};

const LABEL_WIDTH: usize = 8;

/// The verdict first, then what decided for each product, what to state, what stays open, what to know, and which decision
/// this is. Conditions that hold take one line together, unless the style asks for more.
#[must_use]
pub fn decision(decision: &pb::Decision, style: Style) -> String {
    let mut page = Page::new(style.width, LABEL_WIDTH);
    headline(&mut page, decision);
    for each in &decision.items {
        item(&mut page, each, style.detail);
    }
    open_questions(&mut page, decision);
    notes(&mut page, decision, style.detail);
    advice(&mut page, decision);
    origin(&mut page, decision);
    page.into_text()
}

fn headline(page: &mut Page, decision: &pb::Decision) {
    let request = decision.request.as_ref();
    let device = request
        .and_then(|request| request.device.as_ref())
        .map(|device| &device.id);
    let image = request
        .and_then(|request| request.image.as_ref())
        .map(|image| &image.id);
    let named = |what: &str, id: Option<&String>| match id {
        Some(id) if !id.is_empty() => format!("{what} {id}"),
        _ => format!("this {what}"),
    };
    let rest = format!("{} on {}", named("image", image), named("device", device));
    let verdict = decision.verdict();
    page.headline(
        word::verdict_style(verdict),
        &word::verdict(verdict).to_uppercase(),
        &rest,
    );
}

fn item(page: &mut Page, item: &pb::Item, detail: Detail) {
    let product = item
        .product
        .as_ref()
        .map_or_else(|| "a product".to_owned(), word::product);
    let verdict = item.verdict();
    page.heading(&format!("{product}: {}", word::verdict(verdict)));
    let label = if verdict == pb::Verdict::Permitted {
        "by"
    } else {
        "nearest"
    };
    page.entry(anstyle::Style::new(), label, &ground(item.basis(), &item.license_id));

    let of = |outcome| item.findings.iter().filter(move |finding| finding.outcome() == outcome);
    for outcome in [pb::Outcome::Broken, pb::Outcome::Unknown, pb::Outcome::Unspecified] {
        of(outcome).for_each(|finding| explained(page, finding));
    }
    for outcome in [pb::Outcome::Holds, pb::Outcome::DoesNotApply] {
        match detail {
            Detail::Brief => listed(page, outcome, of(outcome)),
            Detail::Long => of(outcome).for_each(|finding| explained(page, finding)),
        }
    }
    if verdict != pb::Verdict::Permitted || detail == Detail::Long {
        item.other_bases.iter().for_each(|other| other_basis(page, other));
    }
}

fn ground(basis: pb::Basis, license_id: &str) -> String {
    let basis = word::basis(basis);
    if license_id.is_empty() {
        format!("{basis}, no license considered")
    } else {
        format!("{basis}, license {license_id}")
    }
}

fn other_basis(page: &mut Page, other: &pb::OtherBasis) {
    let codes = |outcome, codes: &[String]| {
        (!codes.is_empty()).then(|| format!("{} {}", word::outcome(outcome), codes.join(", ")))
    };
    let broken = codes(pb::Outcome::Broken, &other.broken);
    let unknown = codes(pb::Outcome::Unknown, &other.unknown);
    let why: Vec<String> = broken.into_iter().chain(unknown).collect();
    let why = if why.is_empty() {
        word::outcome(other.outcome()).to_owned()
    } else {
        why.join("; ")
    };
    let license = if other.license_id.is_empty() {
        String::new()
    } else {
        format!(", license {}", other.license_id)
    };
    page.entry_in(
        FAINT,
        "else",
        &format!("{}{license}: {why}", word::basis(other.basis())),
    );
}

fn open_questions(page: &mut Page, decision: &pb::Decision) {
    if !decision.missing_facts.is_empty() {
        page.heading("Tell me");
        for path in &decision.missing_facts {
            page.line(anstyle::Style::new(), path);
        }
    }
    if !decision.unsettled.is_empty() {
        page.heading("The brief leaves open, though all is stated");
        for reading in &decision.unsettled {
            let on = if reading.facts.is_empty() { "" } else { ", on " };
            let line = format!("{}{on}{}", reading.condition, reading.facts.join(", "));
            page.line(anstyle::Style::new(), &line);
        }
    }
}

fn advice(page: &mut Page, decision: &pb::Decision) {
    if decision.advice.is_empty() {
        return;
    }
    page.heading("To know");
    for advice in &decision.advice {
        let text = if advice.text.is_empty() {
            &advice.code
        } else {
            &advice.text
        };
        page.line(anstyle::Style::new(), &format!("- {text}"));
    }
}

fn origin(page: &mut Page, decision: &pb::Decision) {
    page.heading(&format!("Decision {}", decision.decision_id));
    let decided_at = moment::shown(decision.decided_at.as_ref());
    let (index, rules) = (decision.log_index, &decision.rules_revision);
    page.line(FAINT, &format!("{decided_at}, log index {index}, rules {rules}"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::{indeterminate, not_permitted, permitted, two_products};

    fn plain(message: &pb::Decision, style: Style) -> String {
        anstream::adapter::strip_str(&decision(message, style)).to_string()
    }

    #[test]
    fn a_permission_is_short() {
        insta::assert_snapshot!(plain(&permitted(), Style::default()));
    }

    #[test]
    fn a_permission_at_length_explains_what_holds() {
        let style = Style {
            width: Some(80),
            detail: Detail::Long,
        };
        insta::assert_snapshot!(plain(&permitted(), style));
    }

    #[test]
    fn a_refusal_says_what_would_have_to_be_true() {
        insta::assert_snapshot!(plain(&not_permitted(), Style::default()));
    }

    #[test]
    fn an_open_answer_says_what_to_state() {
        insta::assert_snapshot!(plain(&indeterminate(), Style::default()));
    }

    #[test]
    fn each_product_has_its_answer_within_the_width() {
        let style = Style {
            width: Some(60),
            detail: Detail::Brief,
        };
        let text = plain(&two_products(), style);
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn color_changes_no_word() {
        let colored = decision(&not_permitted(), Style::default());
        assert!(
            colored.contains("\u{1b}[1m\u{1b}[31mNOT PERMITTED\u{1b}[0m"),
            "{colored:?}"
        );
        assert!(!plain(&not_permitted(), Style::default()).contains('\u{1b}'));
    }

    #[test]
    fn a_hostile_name_cannot_steer_the_terminal() {
        let mut message = permitted();
        if let Some(device) = message.request.as_mut().and_then(|request| request.device.as_mut()) {
            device.id = "PC\u{1b}[2J".to_owned();
        }
        let text = decision(&message, Style::default());
        assert!(text.contains("PC\\u{1b}[2J"), "{text:?}");
    }
}
