//! Claims that cannot be: licenses of products in channels in which these were never sold.

use crate::{
    catalogue::{Catalogue, FamilyClass, Source},
    domain::{Channel, Claim, Facts, Field, Holdings, Identity, License, Name, Note, NoteKind, Place, Product, Said},
};

/// Withholds what is said of every license that cannot be as it is said to be: whether the channel is wrong or the product is not
/// known, so that neither counts until the claim is corrected.
pub fn withhold_impossible(facts: &mut Facts, catalogue: &Catalogue) {
    let Holdings::Licenses(licenses) = &mut facts.device.holdings else {
        return;
    };
    for (index, license) in licenses.iter_mut().enumerate() {
        withhold_installed_later(license, catalogue);
        let Some(claim) = impossible(license, catalogue) else {
            continue;
        };
        withhold(license);
        let place = Place::License(index);
        facts
            .notes
            .push(Note::new(place, Field::Channel, NoteKind::Impossible, vec![claim]));
    }
}

/// Takes what was preinstalled for unknown where the label is read and tells it from what is installed now: an edition that OEMs never had, under the
/// label of another, was put in its place later.
fn withhold_installed_later(license: &mut License, catalogue: &Catalogue) {
    let may_be_oem = matches!(license.channel, None | Some(Channel::Oem));
    let is_labeled = license.coa.is_some() && license.preinstalled.is_none();
    if may_be_oem && is_labeled && never_sold(Identity::of(&license.product), Channel::Oem, catalogue).is_some() {
        license.preinstalled = Some(Product {
            family: license.product.family.clone(),
            ..Product::default()
        });
    }
}

/// What a license is said to be and cannot be.
fn impossible(license: &License, catalogue: &Catalogue) -> Option<Claim> {
    let channel = license.channel?;
    // Of an OEM license both count: the label for reimaging, and what was preinstalled for recovery. Most state neither, and are looked
    // up once.
    let may_differ = license.coa.is_some() || license.preinstalled.is_some();
    let preinstalled = (channel == Channel::Oem && may_differ).then(|| license.preinstalled_identity());
    let products = std::iter::once(identity(license, catalogue)).chain(preinstalled);
    products.into_iter().find_map(|product| {
        let source = never_sold(product, channel, catalogue)?;
        Some(Claim {
            value: format!("{} of {product}", license_words(channel)),
            said: Said::Catalogue(source),
        })
    })
}

/// A license of that channel in words.
pub(super) const fn license_words(channel: Channel) -> &'static str {
    match channel {
        Channel::Oem => "an OEM license",
        Channel::Fpp => "a retail license",
        Channel::Volume => "a volume license",
        Channel::OtherAgreement => "a license by another agreement",
    }
}

/// How well it is known that a product was never sold in a channel; `None` where it may have been.
fn never_sold(product: Identity<'_>, channel: Channel, catalogue: &Catalogue) -> Option<Source> {
    let (family, edition) = (product.family?, product.edition?);
    let Some(version) = product.version else {
        return catalogue.never_sold_in(family, edition, channel);
    };
    let known = catalogue.sold_in(family, version, edition, channel)?;
    (!known.value).then_some(known.source)
}

/// What a license is for: on an OEM license of a Windows desktop the label has the word.
pub(super) fn identity<'a>(license: &'a License, catalogue: &Catalogue) -> Identity<'a> {
    let is_desktop = |family: &Name| catalogue.class(family) == FamilyClass::WindowsDesktop;
    if license.channel == Some(Channel::Oem) && license.product.family.as_ref().is_some_and(is_desktop) {
        license.labeled_identity()
    } else {
        Identity::of(&license.product)
    }
}

fn withhold(license: &mut License) {
    license.channel = None;
    license.prior_versions = None;
    let products = [
        Some(&mut license.product),
        license.coa.as_mut(),
        license.preinstalled.as_mut(),
    ];
    for product in products.into_iter().flatten() {
        withhold_product(product);
    }
}

/// The family stays: a license that is wrong about the edition is still one of that software.
fn withhold_product(product: &mut Product) {
    product.version = None;
    product.edition = None;
    product.components = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{completion::testing::product, domain::Device};

    const ENTERPRISE: [&str; 3] = ["Windows", "7", "Enterprise"];
    const PROFESSIONAL: [&str; 3] = ["Windows", "7", "Professional"];

    fn license(parts: [&str; 3], channel: Channel) -> License {
        License {
            product: product(parts),
            channel: Some(channel),
            ..License::default()
        }
    }

    fn claimed(license: License) -> (License, Option<String>) {
        let mut facts = Facts {
            device: Device {
                holdings: Holdings::Licenses(vec![license]),
            },
            ..Facts::default()
        };
        withhold_impossible(&mut facts, Catalogue::embedded());
        let note = facts.notes.first().map(|note| note.claims[0].value.clone());
        (facts.device.holdings.licenses()[0].clone(), note)
    }

    #[test]
    fn a_license_that_was_never_sold_counts_for_nothing_but_its_family() {
        let cases = [
            (ENTERPRISE, Channel::Oem, "an OEM license of Windows 7 Enterprise"),
            (
                ["Office", "2010", "Professional Plus"],
                Channel::Fpp,
                "a retail license of Office 2010 Professional Plus",
            ),
            (
                ["Windows", "7", "Home Premium"],
                Channel::Volume,
                "a volume license of Windows 7 Home Premium",
            ),
            (
                ["Windows", "", "Enterprise"],
                Channel::Fpp,
                "a retail license of Windows (unstated version) Enterprise",
            ),
            (
                ["Windows", "7", "Enterprise N"],
                Channel::Oem,
                "an OEM license of Windows 7 Enterprise N",
            ),
        ];
        for (parts, channel, words) in cases {
            let (license, note) = claimed(license(parts, channel));
            assert_eq!(note.as_deref(), Some(words));
            assert_eq!(license.channel, None);
            assert_eq!(license.product, product([parts[0], "", ""]));
        }
    }

    #[test]
    fn what_may_have_been_sold_stands() {
        for whole in [
            license(PROFESSIONAL, Channel::Oem),
            license(ENTERPRISE, Channel::Volume),
            license(ENTERPRISE, Channel::OtherAgreement),
            license(["Contoso Draw", "3", "Studio"], Channel::Oem),
            license(["Windows", "7", ""], Channel::Oem),
            license(["Windows", "", "Professional"], Channel::Oem),
            license(["Windows", "12", "Enterprise"], Channel::Oem),
        ] {
            assert_eq!(claimed(whole.clone()), (whole, None));
        }
    }

    #[test]
    fn the_label_and_the_preinstalled_product_are_claims_too() {
        let labeled = License {
            coa: Some(product(PROFESSIONAL)),
            ..license(ENTERPRISE, Channel::Oem)
        };
        let (license_of, note) = claimed(labeled.clone());
        assert_eq!(note, None);
        // Enterprise was installed later, and nobody said on what.
        let unknown = Some(product(["Windows", "", ""]));
        assert_eq!(
            (license_of.product, license_of.preinstalled),
            (product(ENTERPRISE), unknown)
        );
        let preinstalled = Some(product(["", "7", "Professional"]));
        let labeled = License {
            preinstalled,
            ..labeled
        };
        assert_eq!(claimed(labeled.clone()), (labeled, None));
        let mislabeled = License {
            coa: Some(product(ENTERPRISE)),
            ..license(PROFESSIONAL, Channel::Oem)
        };
        let (license_of, note) = claimed(mislabeled);
        assert!(note.is_some());
        assert_eq!(license_of.coa, Some(product(["Windows", "", ""])));
        for preinstalled in [ENTERPRISE, ["", "7", "Enterprise"]] {
            let preinstalled = License {
                preinstalled: Some(product(preinstalled)),
                ..license(PROFESSIONAL, Channel::Oem)
            };
            assert!(claimed(preinstalled).1.is_some());
        }
    }
}
