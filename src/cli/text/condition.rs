//! A condition, explained.

use super::{
    page::Page,
    word::{self, FAINT},
};
use crate::cli::condition_page::ConditionPage;

const LABEL_WIDTH: usize = 8;

/// One condition whole.
pub(in crate::cli) fn condition(condition: &ConditionPage, width: Option<usize>) -> String {
    let mut page = Page::new(width, LABEL_WIDTH);
    let plain = anstyle::Style::new();
    page.headline(plain.bold(), condition.code, "");
    page.line(plain, condition.decides);

    page.heading("Counts on");
    let bases: Vec<&str> = condition.bases.iter().map(|basis| word::basis(*basis)).collect();
    let bases = if bases.is_empty() {
        "the whole image, after every basis".to_owned()
    } else {
        bases.join(", ")
    };
    page.line(plain, &bases);

    page.heading("Can come out");
    for outcome in &condition.outcomes {
        let mut label = word::outcome(*outcome);
        for (code, _, meaning) in condition.reasons.iter().filter(|(_, of, _)| of == outcome) {
            page.entry(word::outcome_style(*outcome), label, &format!("{code}: {meaning}"));
            label = "";
        }
    }

    page.heading("The brief says so in");
    for (section, paragraph) in &condition.citations {
        page.line(FAINT, &format!("{section}, {paragraph}"));
    }
    page.into_text()
}

/// The conditions, one per line.
pub(in crate::cli) fn condition_list(conditions: &[ConditionPage], width: Option<usize>) -> String {
    let label_width = conditions.iter().map(|page| page.code.len()).max().unwrap_or_default();
    let mut page = Page::new(width, label_width.saturating_add(1));
    for condition in conditions {
        page.entry(anstyle::Style::new().bold(), condition.code, condition.decides);
    }
    page.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::language_page;

    #[test]
    fn a_condition_says_what_it_decides_and_where_that_stands() {
        let text = condition(&language_page(), Some(80));
        insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
    }

    #[test]
    fn the_list_has_a_line_for_each() {
        let text = condition_list(&[language_page()], None);
        assert_eq!(text.lines().count(), 1);
        assert!(text.contains("same-language"), "{text}");
    }
}
