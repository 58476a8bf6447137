//! The version of a product, as stated on its own.

use std::sync::Arc;

use super::{
    Catalogue, Fault, Part, PartError,
    family::{Family, Version},
    nearest,
    parts::{Seen, Stated},
};
use crate::domain::Name;

impl Catalogue {
    pub(super) fn see_version(&self, family: &Seen<Family>, text: &str) -> Result<Seen<Version>, PartError> {
        let stated = Stated::parse(Part::Version, text)?;
        match family {
            Seen::Known(family) => self.see_version_of(family, stated),
            Seen::Outside(_) | Seen::Faulty => Ok(Seen::Outside(stated.name)),
            Seen::Unstated => match self.version_meanings.get(stated.key()) {
                Some(meanings) if meanings.iter().any(|meaning| *meaning != stated.name) => {
                    stated.fault(Fault::NeedsFamily, meanings)
                }
                _ => Ok(Seen::Outside(stated.name)),
            },
        }
    }

    fn see_version_of(&self, family: &Arc<Family>, stated: Stated<'_>) -> Result<Seen<Version>, PartError> {
        if let Some(version) = family.version(stated.key()) {
            return Ok(Seen::Known(Arc::clone(version)));
        }
        if let Some(named) = self.names.version(stated.key()) {
            return if Arc::ptr_eq(&named.family, family) {
                Ok(Seen::Known(Arc::clone(&named.version)))
            } else {
                stated.fault(Fault::OtherFamily, [named])
            };
        }
        let key = family.strip(stated.key());
        if let Some(meanings) = family.vague_versions.get(key) {
            return stated.fault(Fault::Vague, meanings);
        }
        if let Some(product) = self.names.product(&[family.name.key(), key].concat()) {
            return stated.fault(Fault::SaysMore, [&product.version]);
        }
        if let Some(begun) = family.version_begun(key) {
            return stated.fault(Fault::SaysMore, begun);
        }
        let versions = family.versions.iter();
        let forms = versions.flat_map(|version| version.forms().map(|form| (form.key(), version.name.text())));
        match nearest::near_misses(key, forms).as_slice() {
            [] if key.len() < stated.key().len() => stated.fault(Fault::SaysMore, [""; 0]),
            [] => Ok(Seen::Outside(stated.name)),
            meant => stated.fault(Fault::NearMiss, meant),
        }
    }
}

impl Family {
    /// The versions with whose name a key begins: those of the longest such name, a vague one included.
    fn version_begun(&self, key: &str) -> Option<Vec<&Name>> {
        let known = self
            .versions
            .iter()
            .flat_map(|version| version.forms().map(|form| (form.key(), vec![&version.name])));
        let vague = self
            .vague_versions
            .iter()
            .map(|(form, of)| (form.as_ref(), of.iter().collect()));
        known
            .chain(vague)
            .filter(|(form, _)| key.starts_with(form))
            .max_by_key(|(form, _)| form.len())
            .map(|(_, versions)| versions)
    }
}
