//! Every written form of every product.

use std::{fmt, sync::Arc};

use super::{
    CatalogueError,
    family::{Edition, Family, Version},
    keys::{self, Keys, without_edition_word},
};
use crate::domain::Name;

/// A product of the catalogue, by its canonical names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CatalogueProduct {
    /// Family, such as "Windows".
    pub family: Name,
    /// Version, such as "7".
    pub version: Name,
    /// Edition, such as "Professional".
    pub edition: Name,
}

impl fmt::Display for CatalogueProduct {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} {}", self.family, self.version, self.edition)
    }
}

/// A version together with its family, named by both: "Windows 7".
#[derive(Debug)]
pub(super) struct FamilyVersion {
    pub family: Arc<Family>,
    pub version: Arc<Version>,
}

impl fmt::Display for FamilyVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.family, self.version)
    }
}

/// Products and versions by their full names, and the names to compare an unknown one with.
#[derive(Debug, Default)]
pub(super) struct ProductNames {
    pub products: Vec<Arc<CatalogueProduct>>,
    /// A key to compare with, and the product it names: the canonical family and version with each form of the edition.
    pub models: Vec<(Box<str>, Arc<CatalogueProduct>)>,
    full: Keys<CatalogueProduct>,
    versions: Keys<FamilyVersion>,
}

impl ProductNames {
    /// The product of that full name.
    pub fn product(&self, key: &str) -> Option<&Arc<CatalogueProduct>> {
        self.full
            .get(key)
            .or_else(|| self.full.get(&*without_edition_word(key)))
    }

    /// The version of that full name: "Windows 7".
    pub fn version(&self, key: &str) -> Option<&FamilyVersion> {
        self.versions.get(key).map(Arc::as_ref)
    }

    /// Adds every name of every product of a family.
    ///
    /// # Errors
    ///
    /// When a name names another product already.
    pub fn add(&mut self, family: &Arc<Family>) -> Result<(), CatalogueError> {
        for version in &family.versions {
            self.add_version(family, version)?;
            for edition in family.editions_of(version) {
                self.add_product(family, version, edition)?;
            }
        }
        Ok(())
    }

    fn add_version(&mut self, family: &Arc<Family>, version: &Arc<Version>) -> Result<(), CatalogueError> {
        let named = Arc::new(FamilyVersion {
            family: Arc::clone(family),
            version: Arc::clone(version),
        });
        for prefix in family.forms() {
            for form in version.forms() {
                keys::claim(&mut self.versions, &[prefix.key(), form.key()].concat(), &named)?;
            }
        }
        if version.stands_alone {
            for form in version.forms() {
                keys::claim(&mut self.versions, form.key(), &named)?;
            }
        }
        Ok(())
    }

    fn add_product(&mut self, family: &Family, version: &Version, edition: &Edition) -> Result<(), CatalogueError> {
        let product = Arc::new(CatalogueProduct {
            family: family.name.clone(),
            version: version.name.clone(),
            edition: edition.name.clone(),
        });
        let alone = version.stands_alone.then_some("");
        let prefixes = family.forms().map(Name::key).chain(alone);
        let is_plain = version.plain.as_ref() == Some(&edition.name);
        for prefix in prefixes {
            for of_version in version.forms().map(Name::key) {
                for of_edition in edition.forms().map(Name::key) {
                    self.claim(&[prefix, of_version, of_edition].concat(), &product)?;
                    self.claim(&[prefix, of_edition, of_version].concat(), &product)?;
                }
                if is_plain {
                    self.claim(&[prefix, of_version].concat(), &product)?;
                }
            }
        }
        for (_, name) in version.irregular_names.iter().filter(|(of, _)| *of == edition.name) {
            self.claim(name.key(), &product)?;
        }
        self.add_models(family, version, edition, &product);
        self.products.push(product);
        Ok(())
    }

    fn add_models(&mut self, family: &Family, version: &Version, edition: &Edition, product: &Arc<CatalogueProduct>) {
        let (family, version) = (family.name.key(), version.name.key());
        for edition in edition.forms().map(Name::key) {
            let model = [family, version, edition].concat();
            self.models
                .push((without_edition_word(&model).into(), Arc::clone(product)));
        }
        let model = [family, edition.name.key(), version].concat();
        self.models
            .push((without_edition_word(&model).into(), Arc::clone(product)));
    }

    fn claim(&mut self, key: &str, product: &Arc<CatalogueProduct>) -> Result<(), CatalogueError> {
        keys::claim(&mut self.full, &without_edition_word(key), product)
    }
}
