//! The family of a product, as stated on its own.

use std::sync::Arc;

use super::{
    Catalogue, Fault, Part, PartError,
    family::Family,
    keys::without_foreign_marks,
    nearest,
    parts::{Seen, Stated},
};

impl Catalogue {
    pub(super) fn see_family(&self, text: &str) -> Result<Seen<Family>, PartError> {
        let stated = Stated::parse(Part::Family, text)?;
        if let Some(family) = self.family_keys.get(stated.key()) {
            return Ok(Seen::Known(Arc::clone(family)));
        }
        if let Some(named) = self.names.version(stated.key()) {
            return stated.fault(Fault::SaysMore, [&named.family]);
        }
        if let Some(product) = self.names.product(stated.key()) {
            return stated.fault(Fault::SaysMore, [&product.family]);
        }
        if let Some(family) = without_foreign_marks(stated.key()).and_then(|key| self.family_keys.get(key)) {
            return stated.fault(Fault::SaysMore, [family]);
        }
        let forms = self
            .families()
            .flat_map(|family| family.forms().map(|form| (form.key(), family.name.text())));
        match nearest::near_misses(stated.key(), forms).as_slice() {
            [] => Ok(Seen::Outside(stated.name)),
            meant => stated.fault(Fault::NearMiss, meant),
        }
    }
}
