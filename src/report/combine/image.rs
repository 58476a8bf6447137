//! A product of an image with its reports.

use super::{
    choose::{Meant, chosen, doubts, is_evident},
    claim::{Conflict, Filled, claim},
    field::Ledger,
    product::product,
};
use crate::{
    catalogue::Catalogue,
    domain::{Claim, Field, ImageProduct, Media, MediaSource, Product, Said},
    report::{Described, MediaOrigin, Reading, Subject, Tool, Value},
};

/// What is known of a product of an image from what was stated and what was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// The product.
    pub product: Product,
    /// The media.
    pub media: Media,
    /// Fields that are unknown since values contradict.
    pub conflicts: Vec<Conflict>,
    /// Fields that reports fill.
    pub filled: Vec<Filled>,
}

/// Puts a product of an image together from what was stated and the image's reports.
///
/// Reports on a reference device count, too, for what runs there is what the image holds; but what a deployment tool says of the
/// device that it runs on does not. Media tell no source that would count: they can only contradict the stated one.
#[must_use]
pub fn image_facts(
    stated: &ImageProduct,
    meant: Meant<'_>,
    media: &Media,
    readings: &[Reading],
    catalogue: &Catalogue,
) -> ImageFacts {
    let mut ledger = Ledger::default();
    let mut facts = chosen(readings, meant);
    if stated.product.family.is_some() {
        facts.extend(doubts(readings, meant));
    }
    facts.retain(|sourced| is_of_image(sourced.subject, sourced.tool));
    let product = product(&stated.product, &facts, &mut ledger, catalogue);
    let stated_media = stated.media.as_ref().unwrap_or(media);
    let origins = facts.iter().filter_map(|sourced| match sourced.fact.value {
        Value::MediaOrigin(origin) => Some((origin, claim(sourced))),
        _ => None,
    });
    let source = source(stated_media.source, origins.collect(), &mut ledger);
    ImageFacts {
        product,
        media: Media {
            source,
            kind: stated_media.kind,
            agreement_number: stated_media.agreement_number.clone(),
        },
        conflicts: ledger.conflicts,
        filled: ledger.filled,
    }
}

/// What reports say that an image holds beside the products that are stated: an operating system, and applications by their
/// family. A product that is stated without its family may be any of them, and an application that nobody can name may be one that
/// was stated.
#[must_use]
pub fn unstated_products<'a>(stated: &[ImageProduct], readings: &'a [Reading]) -> Vec<Meant<'a>> {
    let known: Vec<Meant<'_>> = stated
        .iter()
        .map(|product| Meant::by_family(product.product.family.as_ref()))
        .collect();
    let mut unstated = Vec::new();
    if known.contains(&Meant::Anything) {
        return unstated;
    }
    for reading in readings {
        let described = reading.described.iter();
        let of_image = |described: &&Described| is_of_image(described.subject, reading.tool) && is_evident(described);
        for described in described.filter(of_image) {
            let meant = Meant::described(described);
            if known.iter().any(|stated| stated.may_be(reading, described)) {
                continue;
            }
            if !known.contains(&meant) && !unstated.contains(&meant) {
                unstated.push(meant);
            }
        }
    }
    unstated
}

/// Whether what a report says of a subject is about the image.
const fn is_of_image(subject: Subject, tool: Tool) -> bool {
    match subject {
        Subject::Image => true,
        Subject::RunningCopy => !tool.deploys(),
        Subject::License => false,
    }
}

/// The stated source, unless the media contradict it.
fn source(stated: Option<MediaSource>, origins: Vec<(MediaOrigin, Claim)>, ledger: &mut Ledger) -> Option<MediaSource> {
    let stated = stated?;
    if origins.iter().all(|(origin, _)| origin.fits(stated)) {
        return Some(stated);
    }
    let claim = Claim {
        value: name(stated).to_owned(),
        said: Said::Stated,
    };
    let claims = origins.into_iter().map(|(_, claim)| claim);
    ledger.conflicts.push(Conflict {
        field: Field::MediaSource,
        claims: std::iter::once(claim).chain(claims).collect(),
    });
    None
}

const fn name(source: MediaSource) -> &'static str {
    match source {
        MediaSource::VlscDownload => "VLSC download",
        MediaSource::VolumeDiscKit => "volume disc kit",
        MediaSource::OemMedia => "OEM media",
        MediaSource::OemRecoveryMedia => "OEM recovery media",
        MediaSource::RetailMedia => "retail media",
        MediaSource::Other => "other media",
    }
}
