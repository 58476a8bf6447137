//! Names of whole products: captions, names of license records, titles that somebody gave an image.

use super::{Draft, draft::Row, installed};
use crate::{
    catalogue::{Catalogue, Source},
    domain::{Language, Name},
    report::{
        Tool, Value,
        item::Clue,
        table::{Lifted, Means, TABLES, TrapRow, Withheld},
    },
};

/// Longest name that is looked up, in bytes.
const NAME_LEN_MAX: usize = 128;
/// Most names that are looked up about one subject: each costs a search.
const NAME_COUNT_MAX: usize = 8;

/// What a name says.
struct Parts {
    family: Name,
    version: Name,
    edition: Option<Name>,
    source: Source,
}

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue], catalogue: &Catalogue) {
    let names = clues.iter().filter(|clue| {
        matches!(
            clue.means,
            Means::ProductName | Means::FreeName | Means::InstalledName | Means::LicenseRecordName
        )
    });
    for clue in names.take(NAME_COUNT_MAX) {
        let version = clues.iter().find(|other| other.means == Means::LicensedVersion);
        let version = version.filter(|_| clue.means == Means::LicenseRecordName);
        let parts = resolve(&clue.raw, catalogue).or_else(|| {
            let text = format!("{} {}", clue.raw, version?.raw);
            resolve(&text, catalogue)
        });
        match parts {
            Some(parts) if clue.means == Means::FreeName => hint(draft, clue, parts),
            Some(parts) => {
                let family = parts.family.clone();
                tell(draft, clue, clues, parts);
                licensed_version(draft, clues, &family, catalogue);
            }
            None if clue.means == Means::FreeName => draft.leave(
                clue,
                "a text of its author's own, which names no one product",
                "the values beside it, such as the edition id",
            ),
            None => {
                draft.leave(clue, "names no one product of the catalogue", "the product, stated");
                if clue.means == Means::InstalledName {
                    installed::translate(draft, clue, catalogue);
                }
            }
        }
    }
}

/// Whether a name means a product of the catalogue.
pub(super) fn is_of_catalogue(text: &str, catalogue: &Catalogue) -> bool {
    resolve(text, catalogue).is_some()
}

/// A name without the tag that Click-to-Run puts behind it: "Microsoft Office Home and Business 2013 - de-de".
pub(super) fn without_language(text: &str) -> &str {
    let parts = text.rsplit_once(" - ");
    parts.map_or(text, |(name, tag)| if is_tag(tag.trim()) { name } else { text })
}

fn is_tag(text: &str) -> bool {
    text.contains('-') && text.is_ascii() && Language::parse(text).is_ok()
}

/// The product that a name means, its edition in English or not.
fn resolve(text: &str, catalogue: &Catalogue) -> Option<Parts> {
    let text = without_language(text).trim();
    if text.len() > NAME_LEN_MAX {
        return None;
    }
    let text = text.strip_prefix("Майкрософт ").unwrap_or(text);
    whole(text, Source::Seen, catalogue)
        .or_else(|| called(text))
        .or_else(|| translated(text, catalogue))
        .or_else(|| without_edition(text, catalogue))
}

fn whole(text: &str, source: Source, catalogue: &Catalogue) -> Option<Parts> {
    let product = catalogue.named(text)?;
    Some(Parts {
        family: product.family.clone(),
        version: product.version.clone(),
        edition: Some(product.edition.clone()),
        source,
    })
}

/// By the name that a copy calls itself.
fn called(text: &str) -> Option<Parts> {
    let name = Name::parse(text)?;
    let mut rows = TABLES.product_names.iter();
    let row = rows.find(|row| Name::parse(&row.text).as_ref() == Some(&name))?;
    Some(Parts {
        family: Name::parse(&row.family)?,
        version: Name::parse(&row.version)?,
        edition: None,
        source: row.source,
    })
}

/// The name with a word for its edition put into English.
fn translated(text: &str, catalogue: &Catalogue) -> Option<Parts> {
    let text = text.to_lowercase();
    let words = TABLES.edition_words.iter();
    let (row, (start, end)) = words
        .filter_map(|row| Some((row, parted(&text, &row.text.to_lowercase())?)))
        .max_by_key(|(row, _)| row.text.len())?;
    whole(&format!("{start} {} {end}", row.edition), row.source, catalogue)
}

pub(super) fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|sign| sign.is_ascii_digit())
}

/// What stands before and behind a word, which ends the name or has nothing but a year behind it.
fn parted<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let (start, end) = text.rsplit_once(word)?;
    let rest = end.strip_prefix(' ').map(str::trim);
    (end.is_empty() || rest.is_some_and(is_year)).then_some((start, end))
}

/// Family and version alone: "Microsoft Windows XP".
fn without_edition(text: &str, catalogue: &Catalogue) -> Option<Parts> {
    let parts = catalogue.resolve(None, Some(text), None).ok()?;
    Some(Parts {
        family: parts.family?,
        version: parts.version?,
        edition: parts.edition,
        source: Source::Seen,
    })
}

fn row(parts: &Parts) -> Row {
    Row::new("catalogue", &parts.family, parts.source)
}

fn hint(draft: &mut Draft<'_>, clue: &Clue, parts: Parts) {
    let row = row(&parts);
    draft.hint(clue, &row, Value::Family(parts.family));
    draft.hint(clue, &row, Value::Version(parts.version));
    if let Some(edition) = parts.edition {
        draft.hint(clue, &row, Value::Edition(edition));
    }
}

fn tell(draft: &mut Draft<'_>, clue: &Clue, clues: &[Clue], parts: Parts) {
    let row = row(&parts);
    let release = clues.iter().find(|other| other.means == Means::Release);
    let by_itself = matches!(clue.means, Means::ProductName | Means::InstalledName);
    let traps: Vec<&TrapRow> = TABLES
        .traps
        .iter()
        .filter(|trap| by_itself && fits(trap, &parts))
        .filter(|trap| match trap.unless {
            Some(Lifted::Release) => release.is_none(),
            Some(Lifted::ExactName) => draft.reading.tool == Tool::Registry,
            None => true,
        })
        .collect();
    for trap in &traps {
        draft.leave(clue, &trap.why, &trap.needed);
    }
    let withholds = |part: Withheld| traps.iter().any(|trap| trap.withholds == part);
    let (no_version, no_edition) = (withholds(Withheld::Version), withholds(Withheld::Edition));
    let version = match release.filter(|release| fits_release(&parts, release)) {
        Some(_) => Name::parse("2003 R2"),
        None => Some(parts.version),
    };
    draft.tell(clue, &row, Value::Family(parts.family));
    if let Some(version) = version.filter(|_| !no_version) {
        draft.tell(clue, &row, Value::Version(version));
    }
    if let Some(edition) = parts.edition.filter(|_| !no_edition) {
        draft.tell(clue, &row, Value::Edition(edition));
    }
}

fn fits(trap: &TrapRow, parts: &Parts) -> bool {
    let is = |name: &Name, text: &str| Name::parse(text).as_ref() == Some(name);
    let edition = trap.edition.as_ref();
    is(&parts.family, &trap.family)
        && is(&parts.version, &trap.version)
        && edition.is_none_or(|edition| parts.edition.as_ref().is_some_and(|name| is(name, edition)))
}

/// Server 2003 R2 names itself 2003, and "R2" beside it.
fn fits_release(parts: &Parts, release: &Clue) -> bool {
    release.raw.eq_ignore_ascii_case("R2") && parts.family.key() == "windowsserver" && parts.version.key() == "2003"
}

/// The version that a license record states beside its name.
fn licensed_version(draft: &mut Draft<'_>, clues: &[Clue], family: &Name, catalogue: &Catalogue) {
    for clue in clues {
        let is_row = clue.means == Means::LicensedVersionId && !clue.raw.contains(char::is_alphabetic);
        if is_row {
            draft.leave(
                clue,
                "a number there may be a row of the database",
                "the name of the version, such as `Windows 7`",
            );
        } else if matches!(clue.means, Means::LicensedVersion | Means::LicensedVersionId) {
            let parts = catalogue.resolve(Some(family.text()), Some(&clue.raw), None).ok();
            let version = parts.and_then(|parts| parts.version);
            let is_known = |version: &Name| {
                let mut products = catalogue.products();
                products.any(|product| product.family == *family && product.version == *version)
            };
            match version.filter(is_known) {
                Some(version) => {
                    let row = Row::new("catalogue", &version, Source::Seen);
                    draft.tell(clue, &row, Value::Version(version));
                }
                None => draft.leave(clue, "no version of the product", "the version, stated"),
            }
        }
    }
}
