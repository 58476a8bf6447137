//! The family of a license, where only its label was read.

use crate::{
    catalogue::{Catalogue, Parts},
    domain::{Facts, Holdings, License, Name},
};

/// Takes the family that a label states for the license's where none is stated of the license: a label of another family is bad input, so
/// it is nobody's word but the caller's, and needs no note. What else the label states is not the license's own before it is known to count.
pub fn add_label_families(facts: &mut Facts, catalogue: &Catalogue) {
    let Holdings::Licenses(licenses) = &mut facts.device.holdings else {
        return;
    };
    for license in licenses {
        add_label_family(license, catalogue);
    }
}

/// The parts that were stated without a family are read as parts of this one; where they cannot be, all stays as stated.
fn add_label_family(license: &mut License, catalogue: &Catalogue) {
    let product = &mut license.product;
    let family = license.coa.as_ref().and_then(|label| label.family.as_ref());
    let Some(family) = family.filter(|_| product.family.is_none()) else {
        return;
    };
    let (version, edition) = (product.version.as_ref(), product.edition.as_ref());
    let resolved = catalogue.resolve(Some(family.text()), version.map(Name::text), edition.map(Name::text));
    if let Ok(Parts {
        family,
        version,
        edition,
    }) = resolved
    {
        product.family = family;
        product.version = version;
        product.edition = edition;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{completion::testing::product, domain::Device};

    fn with_label(stated: [&str; 3], label: [&str; 3]) -> String {
        let license = License {
            product: product(stated),
            coa: Some(product(label)),
            ..License::default()
        };
        let mut facts = Facts {
            device: Device {
                holdings: Holdings::Licenses(vec![license]),
            },
            ..Facts::default()
        };
        add_label_families(&mut facts, Catalogue::embedded());
        facts.device.holdings.licenses()[0].product.describe().to_string()
    }

    #[test]
    fn the_family_of_the_label_is_that_of_the_license_and_nothing_else_is() {
        let label = ["Windows", "7", "Professional"];
        assert_eq!(
            with_label(["", "", ""], label),
            "Windows (unstated version) (unstated edition)"
        );
        assert_eq!(
            with_label(["", "6.1", "Ultimate"], label),
            "Windows 7 Ultimate",
            "read as parts of that family"
        );
        assert_eq!(
            with_label(["Office", "", ""], label),
            "Office (unstated version) (unstated edition)"
        );
    }

    #[test]
    fn a_label_without_a_family_gives_none() {
        assert_eq!(
            with_label(["", "", ""], ["", "7", "Professional"]),
            "a product not stated"
        );
    }

    #[test]
    fn parts_that_are_none_of_that_family_stay_as_stated() {
        let told = with_label(["", "2003", "HPC"], ["Windows Server", "2008", "Standard"]);
        assert!(told.starts_with("(unstated family) 2003 HPC"), "{told}");
    }
}
