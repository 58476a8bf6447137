//! Products on the wire.

use std::{collections::BTreeSet, fmt::Arguments};

use super::{Violations, Wire as _, pb, text};
use crate::{
    catalogue::{Catalogue, Parts},
    domain::{Architecture, Language, Name, Product},
};

/// Products are looked at until so many violations were found: each wrong name costs a search for the nearest right ones.
pub(super) const VIOLATION_COUNT_MAX: usize = 64;
pub(super) const COMPONENT_COUNT_MAX: usize = 64;

/// Parses a product; one left out states nothing.
pub fn parse_product(
    message: Option<&pb::Product>,
    path: Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) -> Product {
    let Some(message) = message.filter(|_| violations.as_slice().len() < VIOLATION_COUNT_MAX) else {
        return Product::default();
    };
    let named = parse_name(message, path, catalogue, violations);
    let identity = named.unwrap_or_else(|| parse_parts(message, path, catalogue, violations));
    Product {
        language: parse_language(&message.language, format_args!("{path}.language"), violations),
        components: parse_components(
            &message.components,
            format_args!("{path}.components"),
            catalogue,
            violations,
        ),
        architecture: Architecture::parse(message.architecture, format_args!("{path}.architecture"), violations),
        ..identity
    }
}

/// Reads what a product is from its name, when it has one.
fn parse_name(
    message: &pb::Product,
    path: Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) -> Option<Product> {
    let path = format_args!("{path}.name");
    let name = text::text(&message.name, path, violations)?;
    if !(message.family.is_empty() && message.version.is_empty() && message.edition.is_empty()) {
        violations.add(
            path,
            "give either `name`, or `family`, `version` and `edition`, not both",
        );
        return Some(Product::default());
    }
    match catalogue.resolve_name(name) {
        Ok(known) => Some(Product {
            family: Some(known.family.clone()),
            version: Some(known.version.clone()),
            edition: Some(known.edition.clone()),
            ..Product::default()
        }),
        Err(unresolved) => {
            violations.add(path, unresolved.to_string());
            Some(Product::default())
        }
    }
}

/// Reads what a product is from family, version and edition.
fn parse_parts(
    message: &pb::Product,
    path: Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) -> Product {
    let mut part = |part: &str, field| text::text(part, format_args!("{path}.{field}"), violations).map(str::to_owned);
    let family = part(&message.family, "family");
    let version = part(&message.version, "version");
    let edition = part(&message.edition, "edition");
    match catalogue.resolve(family.as_deref(), version.as_deref(), edition.as_deref()) {
        Ok(Parts {
            family,
            version,
            edition,
        }) => Product {
            family,
            version,
            edition,
            ..Product::default()
        },
        Err(errors) => {
            for error in errors {
                violations.add(format_args!("{path}.{}", error.part), error.to_string());
            }
            Product::default()
        }
    }
}

fn parse_language(message: &str, path: Arguments<'_>, violations: &mut Violations) -> Option<Language> {
    let tag = text::text(message, path, violations)?;
    // Whether it is a language that is known is asked of requests only: see `refuse_unknown_languages`.
    Language::parse_recorded(tag)
        .map_err(|error| violations.add(path, error.to_string()))
        .ok()
}

fn parse_components(
    message: &[String],
    path: Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) -> Option<BTreeSet<Name>> {
    text::count(message.len(), COMPONENT_COUNT_MAX, path, violations);
    let mut components = BTreeSet::new();
    for (index, component) in message.iter().enumerate().take(COMPONENT_COUNT_MAX) {
        let path = format_args!("{path}[{index}]");
        if component.trim().is_empty() {
            violations.add(path, "name a program, or leave the entry out");
        }
        let Some(component) = text::text(component, path, violations) else {
            continue;
        };
        components.extend(text::meaningful(
            catalogue.resolve_component(component),
            component,
            path,
            violations,
        ));
    }
    (!components.is_empty()).then_some(components)
}

/// A product as a message, with the programs that the catalogue knows it is made of.
pub fn encode_product(product: &Product, catalogue: &Catalogue) -> pb::Product {
    let text = |name: &Option<Name>| name.as_ref().map_or_else(String::new, |name| name.text().to_owned());
    let known = || match (&product.family, &product.version, &product.edition) {
        (Some(family), Some(version), Some(edition)) => {
            catalogue.components(family, version, edition).map(|known| known.value)
        }
        _ => None,
    };
    let components = product.components.as_ref().or_else(known);
    pb::Product {
        name: String::new(),
        family: text(&product.family),
        version: text(&product.version),
        edition: text(&product.edition),
        language: product.language.as_ref().map_or_else(String::new, Language::to_string),
        components: components
            .into_iter()
            .flatten()
            .map(|component| component.text().to_owned())
            .collect(),
        architecture: product.architecture.map_or(0, Architecture::number),
    }
}
