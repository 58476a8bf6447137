//! What reports say of licenses and of the image.

use super::notes::notes;
use crate::{
    catalogue::Catalogue,
    domain::{Facts, Field, Holdings, Image, ImageProduct, License, Media, Note, Place},
    report::{ImageFacts, LicenseFacts, Meant, Reading, image_facts, license_facts, unstated_products},
};

/// The reports of a request, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// Those on each license, in the order of the licenses.
    pub licenses: Vec<Vec<Reading>>,
    /// Those on the image.
    pub image: Vec<Reading>,
}

/// Adds what reports say: a fact that was not stated is filled in, one that is contradicted becomes unknown, and a product that the
/// image's reports tell beside the stated ones is a product of the image.
pub fn add_reported(facts: &mut Facts, readings: &Readings, catalogue: &Catalogue) {
    if let Holdings::Licenses(licenses) = &mut facts.device.holdings {
        let reported = licenses.iter_mut().zip(&readings.licenses).enumerate();
        for (index, (license, readings)) in reported.filter(|(_, (_, readings))| !readings.is_empty()) {
            facts.notes.extend(add_to_license(license, index, readings, catalogue));
        }
    }
    if !readings.image.is_empty() {
        facts
            .notes
            .extend(add_to_image(&mut facts.image, &readings.image, catalogue));
    }
}

fn add_to_license(license: &mut License, index: usize, readings: &[Reading], catalogue: &Catalogue) -> Vec<Note> {
    let LicenseFacts {
        product,
        channel,
        running_channel: _,
        conflicts,
        filled,
        aside,
    } = license_facts(license, readings, catalogue);
    license.product = product;
    license.channel = channel;
    // Terms that were stated are those of the stated product, which is in doubt.
    if conflicts.iter().any(|conflict| conflict.field <= Field::Edition) {
        license.prior_versions = None;
    }
    notes(Place::License(index), filled, conflicts, aside)
}

fn add_to_image(image: &mut Image, readings: &[Reading], catalogue: &Catalogue) -> Vec<Note> {
    let unstated = unstated_products(&image.products, readings);
    let of_stated: Vec<ImageFacts> = image
        .products
        .iter()
        .map(|stated| {
            let meant = Meant::by_family(stated.product.family.as_ref());
            image_facts(stated, meant, &image.media, readings, catalogue)
        })
        .collect();
    let of_unstated = unstated
        .into_iter()
        .map(|meant| image_facts(&ImageProduct::default(), meant, &image.media, readings, catalogue));
    let known: Vec<ImageFacts> = of_stated.into_iter().chain(of_unstated).collect();
    image.products.resize_with(known.len(), ImageProduct::default);
    let is_alone = known.len() == 1;
    let mut noted = Vec::new();
    for (index, known) in known.into_iter().enumerate() {
        let ImageFacts {
            product,
            media,
            conflicts,
            filled,
        } = known;
        noted.extend(notes(Place::ImageProduct(index), filled, conflicts, Vec::new()));
        if let Some(place) = image.products.get_mut(index) {
            place.product = product;
            put_media(&mut image.media, place, media, is_alone);
        }
    }
    noted
}

/// Puts media where the request has them: at the product where they are its own, or at the image where that holds nothing else.
fn put_media(of_image: &mut Media, product: &mut ImageProduct, media: Media, is_alone: bool) {
    match &mut product.media {
        Some(own) => *own = media,
        None if media == *of_image => {}
        None if is_alone => *of_image = media,
        None => product.media = Some(media),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        completion::testing::noted,
        domain::{MediaSource, Name, NoteKind, Product},
        report::{Report, Tool, read},
    };

    const OFFICE: &str = "ProductReleaseIds=ProPlus2019Volume\nPlatform=x64";
    const SEVEN: &str = "Version : 6.1.7601\nEdition : Professional\nInstallation : Client";
    const OEM_MEDIA: &str = "[Channel]\nOEM\n";

    fn image_with(stated: &[&str], reports: &[(Tool, &str)]) -> Facts {
        let catalogue = Catalogue::embedded();
        let reading = |(tool, text): &(Tool, &str)| {
            let report = Report {
                tool: *tool,
                values: std::collections::BTreeMap::new(),
                text: (*text).to_owned(),
            };
            read(&report, catalogue)
        };
        let product = |family: &&str| ImageProduct {
            product: Product {
                family: Name::parse(family),
                ..Product::default()
            },
            media: None,
        };
        let mut facts = Facts::default();
        facts.image.media.source = Some(MediaSource::VlscDownload);
        facts.image.products = stated.iter().map(product).collect();
        let readings = Readings {
            licenses: Vec::new(),
            image: reports.iter().map(reading).collect(),
        };
        add_reported(&mut facts, &readings, catalogue);
        facts
    }

    fn described(facts: &Facts) -> Vec<String> {
        let products = facts.image.products.iter();
        products.map(|product| product.product.describe().to_string()).collect()
    }

    #[test]
    fn products_that_nobody_stated_stand_behind_the_stated_ones() {
        let facts = image_with(&[], &[(Tool::Dism, SEVEN), (Tool::OfficeC2r, OFFICE)]);
        assert_eq!(
            described(&facts),
            ["Windows 7 Professional", "Office 2019 Professional Plus"]
        );
        let facts = image_with(&["Office"], &[(Tool::Dism, SEVEN), (Tool::OfficeC2r, OFFICE)]);
        assert_eq!(
            described(&facts),
            ["Office 2019 Professional Plus", "Windows 7 Professional"]
        );
        let told = |item| noted(&facts, Place::ImageProduct(item), Field::Family, NoteKind::Reported);
        assert!(told(1).is_some() && told(0).is_none());
    }

    #[test]
    fn a_program_of_which_no_family_is_told_is_a_product_that_is_not_known() {
        let facts = image_with(
            &["Windows"],
            &[(Tool::OfficeC2r, "ProductReleaseIds=Novelty2030Volume\nPlatform=x64")],
        );
        assert_eq!(facts.image.products.len(), 2);
        assert_eq!(facts.image.products[1].product.family, None);
    }

    #[test]
    fn hints_and_what_is_said_of_the_device_add_no_product() {
        let file = "SW_DVD5_Win_Pro_7w_SP1_64BIT_English_-2_MLF_X17-59279.ISO";
        assert!(described(&image_with(&[], &[(Tool::IsoName, file)])).is_empty());
        let running = "_SMSTSMachineName=PC-1\nOSDComputerName=PC-1";
        assert!(described(&image_with(&[], &[(Tool::ConfigMgr, running)])).is_empty());
    }

    #[test]
    fn contradicted_media_are_unknown_where_they_were_stated() {
        let facts = image_with(&["Windows"], &[(Tool::EiCfg, OEM_MEDIA)]);
        assert_eq!(facts.image.media.source, None);
        assert_eq!(facts.image.products[0].media, None);
        let facts = image_with(&["Windows", "Office"], &[(Tool::EiCfg, OEM_MEDIA)]);
        assert_eq!(facts.image.media_of(0).source, None);
        assert_eq!(facts.image.media_of(1).source, Some(MediaSource::VlscDownload));
    }
}
