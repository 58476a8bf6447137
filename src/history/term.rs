//! Search terms: what a decision can be found by, each as one number.

use sha2::{Digest as _, Sha256};

/// What a term speaks of.
///
/// The number is stored, so it never changes its meaning; the order of the numbers is the order in which a search drives by them,
/// the kind that usually finds the fewest decisions first. Gaps leave room for kinds to come, and all stay below 0x80.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TermKind {
    /// A request key.
    Request = 0x08,
    /// A device's id.
    Device = 0x10,
    /// A label's key and value.
    Label = 0x18,
    /// An image's id.
    Image = 0x20,
    /// A product of the image: its family, family and version, or all three.
    Product = 0x28,
    /// A condition broken or unknown on a deciding basis.
    Condition = 0x30,
    /// A basis that decided.
    Basis = 0x38,
    /// The verdict.
    Verdict = 0x40,
    /// Who asked.
    Caller = 0x48,
    /// The edition of the brief.
    Edition = 0x50,
}

/// A search term: its kind in the top byte, below it the first 56 bits of the SHA-256 of its parts, each behind its length.
///
/// Two different texts can share a term, though hardly ever: a reader checks every decision found against the record itself.
/// Terms sort by kind, so that the most selective come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(u64);

impl Term {
    /// Decisions with this request key, of any caller.
    #[must_use]
    pub fn request(request_id: &str) -> Self {
        Self::new(TermKind::Request, &[request_id])
    }

    /// Decisions on this device.
    #[must_use]
    pub fn device(device_id: &str) -> Self {
        Self::new(TermKind::Device, &[device_id])
    }

    /// Decisions with this label.
    #[must_use]
    pub fn label(key: &str, value: &str) -> Self {
        Self::new(TermKind::Label, &[key, value])
    }

    /// Decisions on this image.
    #[must_use]
    pub fn image(image_id: &str) -> Self {
        Self::new(TermKind::Image, &[image_id])
    }

    /// Decisions whose image holds a product of this family, this family and version, or exactly this one.
    ///
    /// The texts are compared as they are: give the keys of names. An edition counts only together with a version.
    #[must_use]
    pub fn product(family: &str, version: Option<&str>, edition: Option<&str>) -> Self {
        match (version, edition) {
            (None, _) => Self::new(TermKind::Product, &[family]),
            (Some(version), None) => Self::new(TermKind::Product, &[family, version]),
            (Some(version), Some(edition)) => Self::new(TermKind::Product, &[family, version, edition]),
        }
    }

    /// Every term under which one product of an image is found: what [`Term::product`] gives for each level that is known.
    #[must_use]
    pub fn product_levels(family: &str, version: Option<&str>, edition: Option<&str>) -> Vec<Self> {
        let mut levels = vec![
            Self::product(family, None, None),
            Self::product(family, version, None),
            Self::product(family, version, edition),
        ];
        levels.dedup();
        levels
    }

    /// Decisions in which this condition was broken or unknown on a deciding basis.
    #[must_use]
    pub fn condition(code: &str) -> Self {
        Self::new(TermKind::Condition, &[code])
    }

    /// Decisions in which this basis decided.
    #[must_use]
    pub fn basis(code: &str) -> Self {
        Self::new(TermKind::Basis, &[code])
    }

    /// Decisions with this verdict.
    #[must_use]
    pub fn verdict(code: &str) -> Self {
        Self::new(TermKind::Verdict, &[code])
    }

    /// Decisions that this caller asked for.
    #[must_use]
    pub fn caller(caller: &str) -> Self {
        Self::new(TermKind::Caller, &[caller])
    }

    /// Decisions by this edition of the brief.
    #[must_use]
    pub fn edition(edition: &str) -> Self {
        Self::new(TermKind::Edition, &[edition])
    }

    /// The term as a database keeps it: the same 64 bits read as a signed number. Kinds are below 0x80, so it is never negative
    /// and sorts as the term does.
    #[must_use]
    pub fn stored(self) -> i64 {
        self.0.cast_signed()
    }

    /// The term that a database keeps as this number.
    #[must_use]
    pub fn from_stored(number: i64) -> Self {
        Self(number.cast_unsigned())
    }

    /// Whether the term speaks of this kind of fact.
    #[must_use]
    pub fn is_of(self, kind: TermKind) -> bool {
        self.0 >> 56 == u64::from(kind as u8)
    }

    /// The length before each part keeps `a`, `bc` apart from `ab`, `c`.
    fn new(kind: TermKind, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let below = hash.finalize().into_iter().take(7);
        Self(below.fold(u64::from(kind as u8), |number, byte| number << 8 | u64::from(byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_keep_their_numbers_since_databases_hold_them() {
        assert_eq!(Term::device("PC-1").stored(), 0x1020_94a2_1401_2dcb);
        assert_eq!(Term::label("site", "Oslo").stored(), 0x18af_45df_3d84_e30e);
        assert_eq!(Term::from_stored(0x1020_94a2_1401_2dcb), Term::device("PC-1"));
        assert_eq!(Term::edition("2011-02").stored(), 0x5074_8796_90bd_c8bd);
    }

    #[test]
    fn kinds_parts_and_their_borders_tell_terms_apart() {
        assert_ne!(Term::device("PC-1"), Term::image("PC-1"));
        assert_ne!(Term::label("a", "bc"), Term::label("ab", "c"));
        assert_ne!(
            Term::product("windows", None, None),
            Term::product("windows", Some(""), None)
        );
    }

    #[test]
    fn the_most_selective_kind_sorts_first_and_stays_so_in_the_database() {
        let terms = [
            Term::request("r"),
            Term::device("d"),
            Term::label("k", "v"),
            Term::image("i"),
            Term::product("f", None, None),
            Term::condition("c"),
            Term::basis("b"),
            Term::verdict("v"),
            Term::caller("c"),
            Term::edition("e"),
        ];
        assert!(terms.is_sorted());
        assert!(terms.map(Term::stored).is_sorted());
        assert!(terms.iter().all(|term| term.stored() > 0));
        assert!(terms[0].is_of(TermKind::Request) && !terms[1].is_of(TermKind::Request));
    }

    #[test]
    fn a_product_is_found_at_every_level_that_is_known() {
        let product = |version, edition| Term::product("windows", version, edition);
        assert_eq!(
            Term::product_levels("windows", Some("7"), Some("professional")),
            [
                product(None, None),
                product(Some("7"), None),
                product(Some("7"), Some("professional"))
            ]
        );
        assert_eq!(
            Term::product_levels("windows", Some("7"), None),
            [product(None, None), product(Some("7"), None)]
        );
        assert_eq!(
            Term::product_levels("windows", None, Some("professional")),
            [product(None, None)]
        );
    }
}
