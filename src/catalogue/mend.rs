//! A slip in the beginning of a product's name, made right: "Windos 7", "Windows Visa Business".
//!
//! A name is compared with whole names of products, most of which are longer; so a short text with a slip in it resembles whatever is short. Its
//! beginning is compared with what a name begins with instead. A digit is never taken for a slip of another: "Windows 12" is no "Windows 10".

use strsim::normalized_damerau_levenshtein;

use super::{Catalogue, family::Family};
use crate::domain::Name;

/// From this similarity on, a beginning is a slip.
pub(super) const SLIP_MIN: f64 = 0.8;

/// What a name was meant to begin with.
pub(super) struct Beginning<'a> {
    family: &'a Family,
    pub version: &'a str,
    /// What stands behind it.
    rest: &'a str,
    pub similarity: f64,
}

impl Catalogue {
    /// The key with its beginning made right: a family, or a family and a version. `None` where nothing looks like a slip, or begins as it must.
    pub(super) fn mended(&self, key: &str) -> Option<String> {
        let mut best: Option<Beginning<'_>> = None;
        for family in self.families() {
            for found in family.beginnings(key) {
                if found.similarity >= 1.0 && !found.version.is_empty() {
                    return None;
                }
                if found.similarity >= SLIP_MIN
                    && found.similarity < 1.0
                    && best.as_ref().is_none_or(|best| found.is_better(best))
                {
                    best = Some(found);
                }
            }
        }
        best.map(
            |Beginning {
                 family, version, rest, ..
             }| [family.name.key(), version, rest].concat(),
        )
    }
}

impl Beginning<'_> {
    /// Nearer, or as near and longer.
    fn is_better(&self, other: &Self) -> bool {
        let len = |beginning: &Self| beginning.family.name.key().len() + beginning.version.len();
        (self.similarity, len(self)) > (other.similarity, len(other))
    }
}

impl Family {
    /// Every way to read the beginning of a key as this family, with each of its versions and without one.
    pub(super) fn beginnings<'a>(&'a self, key: &'a str) -> impl Iterator<Item = Beginning<'a>> {
        let name = self.name.key();
        let versions = self.versions.iter().flat_map(|version| version.forms()).map(Name::key);
        // A family that is right is nothing to mend by itself.
        let alone = (!key.starts_with(name)).then_some("");
        alone.into_iter().chain(versions).flat_map(move |version| {
            // Where the family is right, it does not make the version more right than it is.
            let (meant, text) = match key.strip_prefix(name) {
                Some(rest) => (version.to_owned(), rest),
                None => ([name, version].concat(), key),
            };
            let len = meant.chars().count();
            let lens = len.saturating_sub(1).max(1)..=len + 1;
            lens.filter_map(move |len| {
                let end = text.char_indices().nth(len).map_or(text.len(), |(end, _)| end);
                let (begun, rest) = text.split_at(end);
                digits(begun).eq(digits(&meant)).then(|| Beginning {
                    family: self,
                    version,
                    rest,
                    similarity: normalized_damerau_levenshtein(begun, &meant),
                })
            })
            .collect::<Vec<_>>()
        })
    }
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_made_right_and_the_rest_stays() {
        let catalogue = Catalogue::embedded();
        for (key, mended) in [
            ("windos7", Some("windows7")),
            ("windos7profesional", Some("windows7profesional")),
            ("widnows", Some("windows")),
            ("ofice2010standard", Some("office2010standard")),
            ("windowsvisabusiness", Some("windowsvistabusiness")),
            ("windows7profesional", None),
            ("windows12pro", None),
            ("windowsembedded", None),
            ("autocad2010", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(catalogue.mended(key).as_deref(), mended, "{key}");
        }
    }
}
