//! The edition of a product, as stated on its own.

use std::sync::Arc;

use super::{
    Catalogue, Fault, Part, PartError,
    family::{Edition, Family, Version},
    keys::{without_edition_word, without_foreign_marks},
    nearest,
    parts::{Seen, Stated},
};
use crate::domain::Name;

impl Catalogue {
    pub(super) fn see_edition(
        &self,
        family: &Seen<Family>,
        version: &Seen<Version>,
        text: &str,
    ) -> Result<Seen<Edition>, PartError> {
        let stated = Stated::parse(Part::Edition, text)?;
        match family {
            Seen::Known(family) => self.see_edition_of(family, version.known(), stated),
            Seen::Outside(_) | Seen::Faulty => Ok(Seen::Outside(stated.name)),
            Seen::Unstated => match self.edition_meanings.get(&*without_edition_word(stated.key())) {
                Some(meanings) if meanings.iter().any(|meaning| *meaning != stated.name) => {
                    stated.fault(Fault::NeedsFamily, meanings)
                }
                _ => Ok(Seen::Outside(stated.name)),
            },
        }
    }

    fn see_edition_of(
        &self,
        family: &Family,
        version: Option<&Version>,
        stated: Stated<'_>,
    ) -> Result<Seen<Edition>, PartError> {
        let has = |edition: &Name| version.is_none_or(|version| version.releases.contains_key(edition));
        if let Some(edition) = family.edition(stated.key()) {
            return if has(&edition.name) {
                Ok(Seen::Known(Arc::clone(edition)))
            } else {
                stated.fault(Fault::NotInVersion, family.edition_names(version))
            };
        }
        let key = without_edition_word(stated.key());
        if let Some(meanings) = family.vague_editions.get(&*key) {
            return stated.fault(Fault::Vague, meanings.iter().filter(|meaning| has(meaning)));
        }
        if let Some(edition) = self.edition_within(family, &key) {
            return stated.fault(Fault::SaysMore, [edition]);
        }
        let is_alike = |form: &str| is_of_things(form) == is_of_things(&key);
        let misses = |version| {
            let forms = family.edition_forms(version).filter(|(form, _)| is_alike(form));
            nearest::near_misses(&key, forms)
        };
        match (misses(version).as_slice(), misses(None).as_slice()) {
            ([], []) => Ok(Seen::Outside(stated.name)),
            ([], _) => stated.fault(Fault::NotInVersion, family.edition_names(version)),
            (meant, _) => stated.fault(Fault::NearMiss, meant),
        }
    }

    /// The edition in a text that says more: a whole product, a family before the edition, an architecture or a channel after
    /// it.
    fn edition_within<'a>(&'a self, family: &'a Family, key: &str) -> Option<&'a Name> {
        let product = self.names.product(key);
        let product = product.or_else(|| self.names.product(&[family.name.key(), key].concat()));
        if let Some(product) = product {
            return Some(&product.edition);
        }
        let key = family.strip(key);
        let edition = family.edition(without_foreign_marks(key).unwrap_or(key));
        edition.map(|edition| &edition.name)
    }
}

/// Whether an edition is one of those for devices of a fixed purpose, which are products of their own by names like others:
/// `IoT Enterprise LTSC 2021` is no slip of `Enterprise LTSC 2021`.
fn is_of_things(key: &str) -> bool {
    key.starts_with("iot")
}

impl Family {
    fn edition_forms<'a>(&'a self, version: Option<&'a Version>) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.editions_in(version)
            .flat_map(|edition| edition.forms().map(|form| (form.key(), edition.name.text())))
    }

    fn edition_names<'a>(&'a self, version: Option<&'a Version>) -> impl Iterator<Item = &'a Name> {
        self.editions_in(version).map(|edition| &edition.name)
    }

    fn editions_in<'a>(&'a self, version: Option<&'a Version>) -> impl Iterator<Item = &'a Arc<Edition>> {
        let editions = self.editions.iter();
        editions.filter(move |edition| version.is_none_or(|version| version.releases.contains_key(&edition.name)))
    }
}
