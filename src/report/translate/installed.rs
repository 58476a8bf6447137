//! Names of installed programs that are no product of the catalogue.

use super::{
    Draft,
    draft::Row,
    name::{is_year, without_language},
};
use crate::{
    catalogue::{Catalogue, Source},
    domain::Name,
    report::{SoftwareKind, Tool, Value, item::Clue, read::kind_of},
};

/// Most words of the name of a family.
const FAMILY_WORD_COUNT_MAX: usize = 4;
/// How its maker is written.
const MAKERS: [&str; 2] = ["microsoft", "майкрософт"];

/// Notes that there is a program, and of the family with whose name it begins. Of other makers' programs nothing is known here; what runs as
/// the system is told by other values. The inventory of OCS has a list of nothing but Office.
pub(super) fn translate(draft: &mut Draft<'_>, clue: &Clue, catalogue: &Catalogue) {
    let text = without_language(&clue.raw);
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let maker = |word: &&str| {
        let word = word
            .trim_end_matches(|sign: char| !sign.is_alphanumeric())
            .to_lowercase();
        MAKERS.iter().any(|maker| word.trim_end_matches("(r)") == *maker)
    };
    let is_makers = words.first().is_some_and(maker);
    if is_makers {
        words.remove(0);
    }
    match beginning(&words, catalogue) {
        Some((family, _)) if kind_of(&family) == SoftwareKind::OperatingSystem => {}
        Some((family, rest)) => of_family(draft, clue, family, rest),
        None if is_makers || draft.reading.tool == Tool::Ocs => {
            draft.hint_editions(clue, &Row::new("edition", "none", Source::Seen), [], &clue.raw);
        }
        None => {}
    }
}

/// The family of the catalogue with whose name the words begin, and the words behind it.
fn beginning<'w>(words: &'w [&'w str], catalogue: &Catalogue) -> Option<(Name, &'w [&'w str])> {
    let lengths = (1..=words.len().min(FAMILY_WORD_COUNT_MAX)).rev();
    lengths.into_iter().find_map(|length| {
        let (start, rest) = words.split_at_checked(length)?;
        let parts = catalogue.resolve(Some(&start.join(" ")), None, None).ok()?;
        let family = parts.family?;
        let is_known = catalogue.products().any(|product| product.family == family);
        is_known.then_some((family, rest))
    })
}

/// The edition in its own words, without the version.
fn of_family(draft: &mut Draft<'_>, clue: &Clue, family: Name, rest: &[&str]) {
    let row = Row::new("catalogue", &family, Source::Seen);
    draft.tell(clue, &row, Value::Family(family));
    let (versions, edition): (Vec<&str>, Vec<&str>) = rest.iter().partition(|word| is_version(word));
    if let [version] = versions.as_slice()
        && let Some(version) = Name::parse(version)
    {
        draft.hint(clue, &row, Value::OneOfVersions(vec![version]));
    }
    draft.hint_editions(clue, &row, [], &edition.join(" "));
}

fn is_version(word: &str) -> bool {
    is_year(word) || word.eq_ignore_ascii_case("XP")
}
