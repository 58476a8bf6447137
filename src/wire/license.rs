//! Licenses on the wire.

use std::{cmp::Ordering, fmt::Arguments};

use super::{
    Violations, Wire as _, pb,
    product::{encode_product, parse_product},
    text,
};
use crate::{
    catalogue::Catalogue,
    domain::{Channel, License, LicenseKind, Product},
    verdict::Truth,
};

const PRIOR_VERSION_COUNT_MAX: usize = 16;

/// Parses a license, its reports aside.
pub fn parse_license(
    message: &pb::License,
    path: Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) -> License {
    let id = (!message.id.trim().is_empty()).then(|| message.id.clone());
    let product = parse_product(
        message.product.as_ref(),
        format_args!("{path}.product"),
        catalogue,
        violations,
    );
    let optional = |message: &Option<pb::Product>, field: &str, violations: &mut Violations| {
        message
            .as_ref()
            .map(|message| parse_product(Some(message), format_args!("{path}.{field}"), catalogue, violations))
    };
    let coa = optional(&message.coa, "coa", violations);
    let preinstalled = optional(&message.preinstalled, "preinstalled", violations);
    let prior_versions = message.prior_versions.as_ref().map(|prior_versions| {
        parse_prior_versions(
            prior_versions,
            format_args!("{path}.prior_versions.products"),
            catalogue,
            violations,
        )
    });
    License {
        id,
        product,
        channel: Channel::parse(message.channel, format_args!("{path}.channel"), violations),
        kind: LicenseKind::parse(message.kind, format_args!("{path}.kind"), violations),
        coa,
        preinstalled,
        prior_versions,
        software_assurance: message.software_assurance,
    }
}

fn parse_prior_versions(
    message: &pb::PriorVersions,
    path: Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) -> Vec<Product> {
    text::count(message.products.len(), PRIOR_VERSION_COUNT_MAX, path, violations);
    let products = message.products.iter().enumerate().take(PRIOR_VERSION_COUNT_MAX);
    products
        .map(|(index, message)| parse_product(Some(message), format_args!("{path}[{index}]"), catalogue, violations))
        .collect()
}

/// Refuses what the parts of a license must not say of each other, whether they were stated or reported.
pub fn refuse_inconsistency(
    license: &License,
    path: Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) {
    let licensed = &license.product;
    if license.coa.as_ref().is_some_and(|coa| other_family(coa, licensed)) {
        violations.add(
            format_args!("{path}.coa.family"),
            "is of another family than the license; state the label as the label of the license it belongs to",
        );
    }
    if license
        .preinstalled
        .as_ref()
        .is_some_and(|product| other_family(product, licensed))
    {
        violations.add(
            format_args!("{path}.preinstalled.family"),
            "is of another family than the license; state what was preinstalled for this license",
        );
    }
    for (index, product) in license.prior_versions.iter().flatten().enumerate() {
        let path = format_args!("{path}.prior_versions.products[{index}]");
        if other_family(product, licensed) {
            violations.add(
                path,
                "is of another family than the license; license terms allow earlier versions of the same family",
            );
        } else if not_earlier(product, licensed, catalogue) && !is_earlier_than_label(product, license, catalogue) {
            violations.add(
                path,
                format!(
                    "`{}` is not earlier than the license's version; name earlier versions only",
                    product.describe()
                ),
            );
        }
    }
}

fn other_family(product: &Product, licensed: &Product) -> bool {
    Truth::equal(product.family.as_ref(), licensed.family.as_ref()) == Truth::Broken
}

/// Whether it is earlier than what the label says, where one was read: who bought a later version than is stated, with the right to
/// that one, has it on the label.
fn is_earlier_than_label(product: &Product, license: &License, catalogue: &Catalogue) -> bool {
    let may_be_oem = license.channel.is_none_or(|channel| channel == Channel::Oem);
    let labeled = license
        .coa
        .as_ref()
        .filter(|label| may_be_oem && label.version.is_some());
    labeled.is_some_and(|label| {
        let family = label.family.as_ref().or(license.product.family.as_ref()).cloned();
        let version = label.version.clone();
        !not_earlier(
            product,
            &Product {
                family,
                version,
                ..Product::default()
            },
            catalogue,
        )
    })
}

fn not_earlier(product: &Product, licensed: &Product, catalogue: &Catalogue) -> bool {
    let (Some(version), Some(licensed_version)) = (&product.version, &licensed.version) else {
        return false;
    };
    let family = licensed.family.as_ref().or(product.family.as_ref());
    let order = family.and_then(|family| catalogue.order(family, version, licensed_version));
    version == licensed_version || order.is_some_and(|order| order != Ordering::Less)
}

/// A license's facts as a message.
pub fn encode_license(license: &License, catalogue: &Catalogue) -> pb::License {
    let encode = |product: &Product| encode_product(product, catalogue);
    pb::License {
        id: license.id.clone().unwrap_or_default(),
        product: Some(encode(&license.product)),
        channel: license.channel.map_or(0, Channel::number),
        kind: license.kind.map_or(0, LicenseKind::number),
        coa: license.coa.as_ref().map(encode),
        preinstalled: license.preinstalled.as_ref().map(encode),
        prior_versions: license.prior_versions.as_ref().map(|products| pb::PriorVersions {
            products: products.iter().map(encode).collect(),
        }),
        software_assurance: license.software_assurance,
        evidence: String::new(),
        reports: Vec::new(),
    }
}
