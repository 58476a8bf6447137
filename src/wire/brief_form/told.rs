//! The facts as a request tells them once it is known what its names came to.
//!
//! Stored records rely on it: what is told of a request in format 2 never changes.

use std::{borrow::Cow, collections::BTreeMap};

use super::super::pb;

/// What the catalogue made of products, by how the request writes them.
pub type Names = BTreeMap<String, pb::Product>;

/// How a request writes a product: by its name, else by family, version and edition.
pub fn written(asked: &pb::Product) -> Cow<'_, str> {
    if !text(&asked.name).is_empty() {
        return Cow::Borrowed(&asked.name);
    }
    let parts = [&asked.family, &asked.version, &asked.edition].map(String::as_str);
    Cow::Owned(parts.join(" ").trim().to_owned())
}

/// Whether the request's own words are what the product is kept as.
pub fn names_itself(asked: &pb::Product, resolved: &pb::Product) -> bool {
    text(&asked.name).is_empty()
        && text(&asked.family) == resolved.family
        && text(&asked.version) == resolved.version
        && text(&asked.edition) == resolved.edition
        && asked.components == resolved.components
}

/// What the catalogue adds to a product as it is written.
pub fn meaning(asked: &pb::Product, resolved: &pb::Product) -> pb::Product {
    pb::Product {
        family: resolved.family.clone(),
        version: resolved.version.clone(),
        edition: resolved.edition.clone(),
        components: if asked.components.is_empty() {
            resolved.components.clone()
        } else {
            Vec::new()
        },
        ..pb::Product::default()
    }
}

/// The device, always a part of the facts.
pub fn device(request: &pb::CheckRequest, names: &Names) -> pb::Device {
    let licenses = request.device.iter().flat_map(|device| &device.licenses);
    pb::Device {
        id: String::new(),
        licenses: licenses.map(|asked| license(asked, names)).collect(),
        unlicensed: request.device.as_ref().is_some_and(|device| device.unlicensed),
    }
}

fn license(asked: &pb::License, names: &Names) -> pb::License {
    let told = |asked: &pb::Product| product(asked, names);
    pb::License {
        id: text(&asked.id).to_owned(),
        product: Some(stated(asked.product.as_ref(), names)),
        channel: asked.channel,
        kind: asked.kind,
        coa: asked.coa.as_ref().map(told),
        preinstalled: asked.preinstalled.as_ref().map(told),
        prior_versions: asked.prior_versions.as_ref().map(|allowed| pb::PriorVersions {
            products: allowed.products.iter().map(told).collect(),
        }),
        software_assurance: asked.software_assurance,
        evidence: String::new(),
        reports: Vec::new(),
    }
}

/// The image, always a part of the facts.
pub fn image(request: &pb::CheckRequest, names: &Names) -> pb::Image {
    let Some(asked) = &request.image else {
        return pb::Image {
            media: Some(pb::Media::default()),
            ..pb::Image::default()
        };
    };
    let products = asked.products.iter().map(|asked| pb::ImageProduct {
        product: Some(stated(asked.product.as_ref(), names)),
        media: asked.media.as_ref().map(media),
    });
    pb::Image {
        id: String::new(),
        digest: String::new(),
        media: Some(asked.media.as_ref().map(media).unwrap_or_default()),
        deployment: asked.deployment,
        performed_by: asked.performed_by,
        products: products.collect(),
        reports: Vec::new(),
    }
}

fn media(asked: &pb::Media) -> pb::Media {
    pb::Media {
        agreement_number: asked.agreement_number.trim().to_owned(),
        ..*asked
    }
}

/// The agreement, always a part of the facts.
pub fn agreement(request: &pb::CheckRequest, names: &Names) -> pb::Agreement {
    let Some(asked) = &request.agreement else {
        return pb::Agreement::default();
    };
    let purchase = |asked: &pb::Purchase| pb::Purchase {
        product: Some(stated(asked.product.as_ref(), names)),
        quantity: asked.quantity,
    };
    pb::Agreement {
        program: asked.program,
        number: asked.number.trim().to_owned(),
        purchases: asked.purchases.as_ref().map(|purchases| pb::Purchases {
            items: purchases.items.iter().map(purchase).collect(),
        }),
    }
}

/// Activation, a part of the facts where something of it is stated.
pub fn activation(request: &pb::CheckRequest) -> Option<pb::Activation> {
    request
        .activation
        .filter(|activation| *activation != pb::Activation::default())
}

/// A product that is always a part of the facts; left out, it states nothing.
fn stated(asked: Option<&pb::Product>, names: &Names) -> pb::Product {
    asked.map(|asked| product(asked, names)).unwrap_or_default()
}

fn product(asked: &pb::Product, names: &Names) -> pb::Product {
    let meant = names.get(&*written(asked)).unwrap_or(asked);
    pb::Product {
        name: String::new(),
        family: text(&meant.family).to_owned(),
        version: text(&meant.version).to_owned(),
        edition: text(&meant.edition).to_owned(),
        language: text(&asked.language).to_owned(),
        components: if asked.components.is_empty() {
            meant.components.clone()
        } else {
            asked.components.clone()
        },
        architecture: asked.architecture,
    }
}

/// A text that states something; a blank one states nothing.
fn text(text: &str) -> &str {
    if text.trim().is_empty() { "" } else { text }
}
