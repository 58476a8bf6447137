//! The earlier products that license terms allow, where the catalogue knows the terms.

use super::claims::{identity, license_words};
use crate::{
    catalogue::{Catalogue, Known, Source},
    domain::{Channel, Claim, Facts, Field, Holdings, Identity, Image, License, Note, NoteKind, Place, Product, Said},
    verdict::Truth,
};

/// Fills in the earlier products that the terms of each license allow, where they were not stated and could matter: where the image
/// holds, or may hold, another version of the licensed family.
pub fn add_terms(facts: &mut Facts, catalogue: &Catalogue) {
    let Holdings::Licenses(licenses) = &mut facts.device.holdings else {
        return;
    };
    for (index, license) in licenses.iter_mut().enumerate() {
        if license.prior_versions.is_some() {
            continue;
        }
        let Some((products, claim)) = terms(license, &facts.image, catalogue) else {
            continue;
        };
        license.prior_versions = Some(products);
        let place = Place::License(index);
        facts
            .notes
            .push(Note::new(place, Field::PriorVersions, NoteKind::Known, vec![claim]));
    }
}

fn terms(license: &License, image: &Image, catalogue: &Catalogue) -> Option<(Vec<Product>, Claim)> {
    let licensed = identity(license, catalogue);
    let channel = license.channel?;
    let (family, version, edition) = (licensed.family?, licensed.version?, licensed.edition?);
    let could_matter = image.products.iter().any(|product| {
        let image = Identity::of(&product.product);
        Truth::equal(image.family, Some(family)) != Truth::Broken
            && Truth::equal(image.version, Some(version)) != Truth::Holds
    });
    if !could_matter {
        return None;
    }
    let Known { value, source } = catalogue.prior_versions(family, version, edition, channel)?;
    Some((value.to_vec(), claim(licensed, channel, source)))
}

fn claim(licensed: Identity<'_>, channel: Channel, source: Source) -> Claim {
    Claim {
        value: format!("the terms of {} of {licensed}", license_words(channel)),
        said: Said::Catalogue(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        completion::testing::{noted, product},
        domain::{Device, ImageProduct},
    };

    fn license(product: Product, channel: Option<Channel>) -> License {
        License {
            product,
            channel,
            ..License::default()
        }
    }

    fn with_terms(license: License, image: [&str; 3]) -> Facts {
        let mut facts = Facts {
            device: Device {
                holdings: Holdings::Licenses(vec![license]),
            },
            ..Facts::default()
        };
        facts.image.products.push(ImageProduct {
            product: product(image),
            media: None,
        });
        add_terms(&mut facts, Catalogue::embedded());
        facts
    }

    fn allowed(facts: &Facts) -> Option<Vec<String>> {
        let license = &facts.device.holdings.licenses()[0];
        let words = |products: &Vec<Product>| products.iter().map(|product| product.describe().to_string()).collect();
        license.prior_versions.as_ref().map(words)
    }

    const SEVEN: [&str; 3] = ["Windows", "7", "Professional"];
    const XP: [&str; 3] = ["Windows", "XP", "Professional"];

    #[test]
    fn terms_are_filled_in_and_noted_where_the_image_is_of_another_version() {
        let facts = with_terms(license(product(SEVEN), Some(Channel::Oem)), XP);
        assert!(allowed(&facts).unwrap().contains(&"Windows XP Professional".to_owned()));
        let note = noted(&facts, Place::License(0), Field::PriorVersions, NoteKind::Known).unwrap();
        assert_eq!(
            note.claims[0].value,
            "the terms of an OEM license of Windows 7 Professional"
        );
        assert_eq!(note.claims[0].said, Said::Catalogue(Source::Recalled));
    }

    #[test]
    fn terms_that_decide_nothing_are_left_out() {
        for image in [SEVEN, ["Office", "2007", "Standard"]] {
            let facts = with_terms(license(product(SEVEN), Some(Channel::Oem)), image);
            assert_eq!((allowed(&facts), facts.notes.len()), (None, 0), "{image:?}");
        }
        let unknown = ["Windows", "", "Professional"];
        let facts = with_terms(license(product(SEVEN), Some(Channel::Oem)), unknown);
        assert!(allowed(&facts).is_some());
    }

    #[test]
    fn stated_terms_stand() {
        let stated = License {
            prior_versions: Some(Vec::new()),
            ..license(product(SEVEN), Some(Channel::Oem))
        };
        let facts = with_terms(stated, XP);
        assert_eq!(allowed(&facts), Some(Vec::new()));
        assert!(facts.notes.is_empty());
    }

    #[test]
    fn terms_of_what_is_not_fully_known_stay_unknown() {
        let without_edition = product(["Windows", "7", ""]);
        for license in [
            license(product(SEVEN), None),
            license(product(SEVEN), Some(Channel::OtherAgreement)),
            license(without_edition, Some(Channel::Oem)),
        ] {
            assert_eq!(allowed(&with_terms(license, XP)), None);
        }
    }

    #[test]
    fn the_label_says_whose_terms_count() {
        let labeled = License {
            coa: Some(product(["Windows", "Vista", "Business"])),
            ..license(product(SEVEN), Some(Channel::Oem))
        };
        let facts = with_terms(labeled, XP);
        assert!(facts.notes[0].claims[0].value.ends_with("of Windows Vista Business"));
        // Sold with the right to an earlier version, and with that installed.
        let downgraded = License {
            coa: Some(product(SEVEN)),
            ..license(product(XP), Some(Channel::Oem))
        };
        let allowed = allowed(&with_terms(downgraded, XP)).unwrap();
        assert!(allowed.contains(&"Windows XP Professional".to_owned()), "{allowed:?}");
    }
}
