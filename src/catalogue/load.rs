//! The catalogue as a whole: its document, its digest, and what is built from them once.

use std::{collections::BTreeSet, collections::HashMap, fmt, sync::Arc};

use sha2::{Digest, Sha256};

use super::{
    CatalogueError, CatalogueProduct,
    document::{Document, FORMAT, ProgramData},
    embedded,
    family::Family,
    keys::{self, Keys, without_edition_word},
    product_names::ProductNames,
};
use crate::domain::Name;

/// What is known of products.
///
/// Equal catalogues have the same document, byte for byte, and so the same digest.
pub struct Catalogue {
    bytes: Box<[u8]>,
    digest: String,
    families: Vec<Arc<Family>>,
    pub(super) family_keys: Keys<Family>,
    pub(super) names: ProductNames,
    pub(super) programs: Keys<Name>,
    /// The versions that a text means, one family or another.
    pub(super) version_meanings: Meanings,
    /// The editions that a text without the word "edition" means, one family or another.
    pub(super) edition_meanings: Meanings,
}

/// The canonical names that a text means across families.
pub(super) type Meanings = HashMap<Box<str>, BTreeSet<Name>>;

impl Catalogue {
    /// The catalogue built into this program.
    #[must_use]
    pub fn embedded() -> &'static Self {
        &embedded::CATALOGUE
    }

    /// Reads a catalogue from its document, the JSON that [`Catalogue::bytes`] gives.
    ///
    /// # Errors
    ///
    /// When the document is of another form, or when its data contradicts itself.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CatalogueError> {
        let document: Document = serde_json::from_slice(bytes)?;
        if document.format != FORMAT {
            return Err(CatalogueError::Format(document.format));
        }
        let programs = parse_programs(&document.programs)?;
        let mut catalogue = Self {
            bytes: bytes.into(),
            digest: hexadecimal(&Sha256::digest(bytes)),
            families: Vec::new(),
            family_keys: Keys::new(),
            names: ProductNames::default(),
            programs,
            version_meanings: Meanings::new(),
            edition_meanings: Meanings::new(),
        };
        for family in &document.families {
            let family = Arc::new(Family::parse(family, &catalogue.programs)?);
            catalogue.add(family)?;
        }
        Ok(catalogue)
    }

    fn add(&mut self, family: Arc<Family>) -> Result<(), CatalogueError> {
        for form in family.forms() {
            keys::claim(&mut self.family_keys, form.key(), &family)?;
        }
        self.names.add(&family)?;
        for version in &family.versions {
            add_meanings(&mut self.version_meanings, version.forms(), &version.name);
        }
        for edition in &family.editions {
            add_meanings(&mut self.edition_meanings, edition.forms(), &edition.name);
        }
        self.families.push(family);
        Ok(())
    }

    /// The catalogue's document: what to keep so that a decision can be reproduced with the knowledge it had.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the document, in lower-case hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Every product, by family, then by version, oldest first.
    pub fn products(&self) -> impl Iterator<Item = &CatalogueProduct> {
        self.names.products.iter().map(Arc::as_ref)
    }

    /// Every family.
    pub(super) fn families(&self) -> impl Iterator<Item = &Arc<Family>> {
        self.families.iter()
    }

    /// The family of that name or alias.
    pub(super) fn family(&self, name: &Name) -> Option<&Arc<Family>> {
        self.family_keys.get(name.key())
    }
}

impl PartialEq for Catalogue {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Catalogue {}

impl fmt::Debug for Catalogue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Catalogue")
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

fn parse_programs(data: &[ProgramData]) -> Result<Keys<Name>, CatalogueError> {
    let mut programs = Keys::new();
    for program in data {
        let name = Arc::new(keys::name(&program.name)?);
        keys::claim(&mut programs, name.key(), &name)?;
        for alias in keys::names(&program.aliases)? {
            keys::claim(&mut programs, alias.key(), &name)?;
        }
    }
    Ok(programs)
}

fn add_meanings<'a>(meanings: &mut Meanings, forms: impl Iterator<Item = &'a Name>, name: &Name) {
    for form in forms {
        let key = without_edition_word(form.key());
        meanings.entry(key.into()).or_default().insert(name.clone());
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn load(family: Value) -> Result<Catalogue, String> {
        let mut document = json!({ "format": 1, "programs": [{ "name": "Word" }] });
        document["families"] = Value::Array(vec![family]);
        load_all(&document)
    }

    fn load_all(document: &Value) -> Result<Catalogue, String> {
        Catalogue::from_bytes(document.to_string().as_bytes()).map_err(|error| match error {
            CatalogueError::Document(json) => json.to_string(),
            error => error.to_string(),
        })
    }

    fn family(versions: Value, editions: Value) -> Value {
        let mut family = json!({ "name": "Pen", "class": "other" });
        family["versions"] = versions;
        family["editions"] = editions;
        family
    }

    fn version(name: &str, editions: &[&str]) -> Value {
        json!({ "name": name, "source": "seen", "editions": { "seen": editions } })
    }

    #[test]
    fn a_catalogue_comes_back_from_its_bytes_with_the_same_digest() {
        let one = Catalogue::embedded();
        let two = Catalogue::from_bytes(one.bytes()).expect("loads");
        assert_eq!(*one, two);
        assert_eq!(one.digest(), two.digest());
        assert!(one.products().eq(two.products()));
        assert_eq!(one.digest().len(), 64);
        assert_eq!(hexadecimal(&[0x0f, 0xa0]), "0fa0");
    }

    #[test]
    fn another_document_has_another_digest() {
        let of = |name| load(family(json!([version(name, &["A"])]), json!([{ "name": "A" }]))).expect("loads");
        assert_ne!(of("1").digest(), of("2").digest());
        assert_ne!(of("1"), of("2"));
    }

    #[test]
    fn facts_that_this_program_does_not_know_are_refused() {
        let mut pen = family(json!([version("1", &["A"])]), json!([{ "name": "A" }]));
        pen["ink"] = json!("blue");
        assert!(load(pen).unwrap_err().contains("unknown field `ink`"));
        let later = json!({ "format": 2, "families": [], "programs": [] });
        assert!(load_all(&later).unwrap_err().contains("format 2"));
    }

    #[test]
    fn a_text_names_one_thing_only() {
        let twice = json!([{ "name": "Red Blue" }, { "name": "Red", "aliases": ["red-blue"] }]);
        let error = load(family(json!([version("1", &["Red"])]), twice)).unwrap_err();
        assert_eq!(error, "`redblue` in the catalogue names both `Red Blue` and `Red`");

        let versions = json!([
            version("1", &["Red"]),
            version("10", &["Red"]),
            version("0 1", &["Red"])
        ]);
        let error = load(family(versions, json!([{ "name": "Red", "aliases": ["0 Red"] }]))).unwrap_err();
        assert!(error.contains("names both `Pen"), "{error}");

        let pen = || family(json!([version("1", &["Red"])]), json!([{ "name": "Red" }]));
        let two = json!({ "format": 1, "families": [pen(), pen()], "programs": [] });
        assert!(load_all(&two).unwrap_err().contains("names both `Pen` and `Pen`"));
    }

    #[test]
    fn what_is_mentioned_is_defined() {
        let red = || json!([{ "name": "Red" }]);
        let error = load(family(json!([version("1", &["Blue"])]), red())).unwrap_err();
        assert_eq!(
            error,
            "`Blue` is mentioned in the catalogue under `Pen`, and is not defined"
        );

        let mut suite = version("1", &["Red"]);
        suite["suites"] = json!([{ "edition": "Red", "components": ["Excel"], "source": "seen" }]);
        assert!(load(family(json!([suite]), red())).unwrap_err().starts_with("`Excel`"));

        let mut listed = family(json!([version("1", &["Red"])]), red());
        listed["never_in_volume_media"] = json!([{ "since": "2", "editions": ["Red"], "source": "seen" }]);
        assert!(load(listed).unwrap_err().starts_with("`2`"));

        let lineage = json!([{ "name": "Red", "lineage": { "of": "Rose", "source": "seen" } }]);
        assert!(
            load(family(json!([version("1", &["Red"])]), lineage))
                .unwrap_err()
                .starts_with("`Rose`")
        );
    }

    #[test]
    fn alternatives_are_stated_one_at_a_time() {
        let mut pen = family(json!([version("1", &["Red"])]), json!([{ "name": "Red" }]));
        pen["never_in_volume_media"] = json!([{ "editions": ["Red"], "source": "seen" }]);
        assert!(load(pen.clone()).unwrap_err().contains("state one"));
        pen["never_in_volume_media"] = json!([]);
        pen["sole_edition"] = json!("Ink");
        assert!(load(pen).unwrap_err().contains("state one"));
        assert!(load(family(json!([]), json!([]))).unwrap_err().contains("state one"));
    }

    #[test]
    fn an_edition_is_listed_once_in_a_version() {
        let mut twice = version("1", &["Red"]);
        twice["editions"]["recalled"] = json!(["Red"]);
        let error = load(family(json!([twice]), json!([{ "name": "Red" }]))).unwrap_err();
        assert!(error.contains("`Red`"), "{error}");
    }

    #[test]
    fn a_name_is_more_than_punctuation() {
        let error = load(family(json!([version("--", &["Red"])]), json!([{ "name": "Red" }]))).unwrap_err();
        assert_eq!(error, "`--` in the catalogue is no name");
    }
}
