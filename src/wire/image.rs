//! Images on the wire.

use std::fmt::Arguments;

use super::{
    Violations, Wire as _,
    agreement::parse_number,
    names::check_image_names,
    pb,
    product::{encode_product, parse_product},
    text,
};
use crate::{
    catalogue::Catalogue,
    domain::{Deployment, Identity, Image, ImageProduct, Media, MediaKind, MediaSource, Performer},
};

const PRODUCT_COUNT_MAX: usize = 64;

/// Parses an image, its reports aside.
pub fn parse_image(message: Option<&pb::Image>, catalogue: &Catalogue, violations: &mut Violations) -> Image {
    let absent = pb::Image::default();
    let message = message.unwrap_or(&absent);
    check_image_names(message, violations);
    text::count(message.products.len(), PRODUCT_COUNT_MAX, "image.products", violations);
    let products = message.products.iter().enumerate().take(PRODUCT_COUNT_MAX);
    let products = products
        .map(|(index, product)| {
            let path = format_args!("image.products[{index}]");
            ImageProduct {
                product: parse_product(
                    product.product.as_ref(),
                    format_args!("{path}.product"),
                    catalogue,
                    violations,
                ),
                media: product
                    .media
                    .as_ref()
                    .map(|media| parse_media(media, format_args!("{path}.media"), violations)),
            }
        })
        .collect();
    Image {
        media: message.media.as_ref().map_or_else(Media::default, |media| {
            parse_media(media, format_args!("image.media"), violations)
        }),
        deployment: Deployment::parse(message.deployment, "image.deployment", violations),
        performed_by: Performer::parse(message.performed_by, "image.performed_by", violations),
        products,
    }
}

/// Refuses an image without a product, or with one twice, whether they were stated or reported.
pub fn refuse_inconsistency(image: &Image, violations: &mut Violations) {
    if image.products.is_empty() {
        violations.add(
            "image.products",
            "name at least one product that the image puts on the device, or give a report that tells one; what a report tells is shown by \
             `reimage-rights facts`",
        );
    }
    text::count(image.products.len(), PRODUCT_COUNT_MAX, "image.products", violations);
    for (index, product) in image.products.iter().enumerate() {
        let earlier = image.products.iter().take(index);
        if earlier
            .into_iter()
            .any(|earlier| Identity::of(&earlier.product).equals(Identity::of(&product.product)) == Some(true))
        {
            let named = product.product.describe();
            violations.add(
                format_args!("image.products[{index}]"),
                format!("`{named}` is in the image already; name each product once"),
            );
        }
    }
}

fn parse_media(message: &pb::Media, path: Arguments<'_>, violations: &mut Violations) -> Media {
    Media {
        source: MediaSource::parse(message.source, format_args!("{path}.source"), violations),
        kind: MediaKind::parse(message.kind, format_args!("{path}.kind"), violations),
        agreement_number: parse_number(
            &message.agreement_number,
            format_args!("{path}.agreement_number"),
            violations,
        ),
    }
}

/// An image's facts as a message.
pub fn encode_image(image: &Image, catalogue: &Catalogue) -> pb::Image {
    let products = image.products.iter().map(|product| pb::ImageProduct {
        product: Some(encode_product(&product.product, catalogue)),
        media: product.media.as_ref().map(encode_media),
    });
    pb::Image {
        id: String::new(),
        digest: String::new(),
        media: Some(encode_media(&image.media)),
        deployment: image.deployment.map_or(0, Deployment::number),
        performed_by: image.performed_by.map_or(0, Performer::number),
        products: products.collect(),
        reports: Vec::new(),
    }
}

fn encode_media(media: &Media) -> pb::Media {
    pb::Media {
        source: media.source.map_or(0, MediaSource::number),
        kind: media.kind.map_or(0, MediaKind::number),
        agreement_number: media
            .agreement_number
            .as_ref()
            .map_or_else(String::new, |number| number.text().to_owned()),
    }
}
