//! Written forms by the part of them that counts.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    fmt,
    sync::Arc,
};

use super::CatalogueError;
use crate::domain::Name;

/// What each written form names, by the form's key.
pub(super) type Keys<T> = HashMap<Box<str>, Arc<T>>;

/// Lets a form name a thing.
///
/// # Errors
///
/// When the form names another thing already.
pub(super) fn claim<T: fmt::Display>(keys: &mut Keys<T>, key: &str, thing: &Arc<T>) -> Result<(), CatalogueError> {
    match keys.entry(key.into()) {
        Entry::Vacant(free) => {
            free.insert(Arc::clone(thing));
            Ok(())
        }
        Entry::Occupied(taken) if Arc::ptr_eq(taken.get(), thing) => Ok(()),
        Entry::Occupied(taken) => Err(CatalogueError::Shared {
            text: key.to_owned(),
            one: taken.get().to_string(),
            other: thing.to_string(),
        }),
    }
}

/// The key without the word "edition", which never tells products apart.
pub(super) fn without_edition_word(key: &str) -> Cow<'_, str> {
    if key.contains("edition") {
        Cow::Owned(key.replace("edition", ""))
    } else {
        Cow::Borrowed(key)
    }
}

/// Reads a name of the data.
///
/// # Errors
///
/// When nothing of it counts.
pub(super) fn name(text: &str) -> Result<Name, CatalogueError> {
    Name::parse(text).ok_or_else(|| CatalogueError::Blank(text.to_owned()))
}

/// Reads names of the data.
///
/// # Errors
///
/// When nothing of one of them counts.
pub(super) fn names(texts: &[String]) -> Result<Vec<Name>, CatalogueError> {
    texts.iter().map(|text| name(text)).collect()
}

/// Marks that people append to any name and that belong into other fields: architecture and channel.
const FOREIGN_MARKS: [&str; 11] = [
    "x86",
    "x64",
    "32bit",
    "64bit",
    "arm64",
    "oem",
    "retail",
    "fpp",
    "volume",
    "volumelicense",
    "vl",
];

/// A key without the foreign marks at its end; `None` when it has none, or nothing else.
pub(super) fn without_foreign_marks(key: &str) -> Option<&str> {
    let mut rest = key;
    while let Some(shorter) = FOREIGN_MARKS.iter().find_map(|mark| rest.strip_suffix(mark)) {
        rest = shorter;
    }
    (rest.len() < key.len() && !rest.is_empty()).then_some(rest)
}

/// What labels, invoices and inventories print behind an edition; none of it makes another edition.
const TAILS: [&str; 39] = [
    "12cpu",
    "14cpu",
    "1cpu",
    "20h2",
    "21h1",
    "21h2",
    "22h2",
    "23h2",
    "24h2",
    "25h2",
    "2cpu",
    "5cals",
    "5clt",
    "act",
    "cals",
    "coa",
    "dell",
    "dsp",
    "forrefurbishedpc",
    "forrefurbishedpcs",
    "full",
    "fullversion",
    "hp",
    "insmode",
    "lenovo",
    "mar",
    "oa",
    "oem",
    "refurb",
    "refurbished",
    "refurbishedpc",
    "refurbishedpcs",
    "refurbisher",
    "smode",
    "software",
    "upg",
    "upgrade",
    "version",
    "with5cals",
];

/// Whether a key is made of nothing but such tails and of foreign marks.
pub(super) fn is_tails(key: &str) -> bool {
    let ends = || TAILS.iter().chain(&FOREIGN_MARKS);
    let mut rest = key;
    while let Some(shorter) = ends()
        .filter_map(|end| rest.strip_prefix(end))
        .min_by_key(|rest| rest.len())
    {
        rest = shorter;
    }
    rest.is_empty() && !key.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_an_edition_is_told_from_one() {
        for key in [
            "oa",
            "oaoem",
            "upgradex64",
            "fullversion",
            "22h2",
            "forrefurbishedpcs",
            "insmode",
        ] {
            assert!(is_tails(key), "{key}");
        }
        for key in ["", "n", "oan", "withmediacenter", "forworkstations"] {
            assert!(!is_tails(key), "{key}");
        }
    }

    #[test]
    fn foreign_marks_come_off_the_end_and_never_leave_nothing() {
        assert_eq!(without_foreign_marks("homex64oem"), Some("home"));
        assert_eq!(without_foreign_marks("home"), None);
        assert_eq!(without_foreign_marks("x64"), None);
    }
}
