//! What is asked of a request and not of recorded facts, which stay readable for ever.

use std::fmt::Arguments;

use super::{Violations, pb, product::VIOLATION_COUNT_MAX};
use crate::domain::Language;

/// Refuses a label, and a preinstalled product, that says nothing: it is there and would count as read, while what is left out has a
/// default.
pub fn refuse_empty_products(request: &pb::CheckRequest, violations: &mut Violations) {
    let licenses = request.device.iter().flat_map(|device| &device.licenses);
    for (index, license) in licenses.enumerate() {
        let path = format_args!("device.licenses[{index}]");
        if license.coa.as_ref().is_some_and(says_nothing) {
            violations.add(
                format_args!("{path}.coa"),
                "says nothing; state the product that is printed on the label, or leave `coa` out where nobody read it",
            );
        }
        if license.preinstalled.as_ref().is_some_and(says_nothing) {
            violations.add(
                format_args!("{path}.preinstalled"),
                "says nothing; state the product that the OEM preinstalled, or leave `preinstalled` out where it is the licensed one",
            );
        }
    }
}

/// Whether a product states none of what it is; language, programs and architecture say nothing of that.
fn says_nothing(product: &pb::Product) -> bool {
    let parts = [&product.name, &product.family, &product.version, &product.edition];
    parts.into_iter().all(|part| part.trim().is_empty())
}

/// Refuses what is well-formed and still no language that is known, such as `jp`: compared, it would differ from every language.
pub fn refuse_unknown_languages(request: &pb::CheckRequest, violations: &mut Violations) {
    let licenses = request.device.iter().flat_map(|device| &device.licenses);
    for (index, license) in licenses.enumerate() {
        let path = format_args!("device.licenses[{index}]");
        refuse(license.product.as_ref(), format_args!("{path}.product"), violations);
        refuse(license.coa.as_ref(), format_args!("{path}.coa"), violations);
        refuse(
            license.preinstalled.as_ref(),
            format_args!("{path}.preinstalled"),
            violations,
        );
        let terms = license.prior_versions.iter().flat_map(|terms| &terms.products);
        for (position, product) in terms.enumerate() {
            refuse(
                Some(product),
                format_args!("{path}.prior_versions.products[{position}]"),
                violations,
            );
        }
    }
    let products = request.image.iter().flat_map(|image| &image.products);
    for (index, product) in products.enumerate() {
        refuse(
            product.product.as_ref(),
            format_args!("image.products[{index}].product"),
            violations,
        );
    }
    let purchases = request.agreement.iter().flat_map(|agreement| &agreement.purchases);
    for (index, purchase) in purchases.flat_map(|purchases| &purchases.items).enumerate() {
        refuse(
            purchase.product.as_ref(),
            format_args!("agreement.purchases.items[{index}].product"),
            violations,
        );
    }
}

fn refuse(product: Option<&pb::Product>, path: Arguments<'_>, violations: &mut Violations) {
    let stated = product.map_or("", |product| product.language.as_str());
    // What cannot be read at all is refused where it is parsed.
    if violations.as_slice().len() < VIOLATION_COUNT_MAX
        && Language::parse_recorded(stated).is_ok()
        && let Err(error) = Language::parse(stated)
    {
        violations.add(format_args!("{path}.language"), error.to_string());
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        catalogue::Catalogue,
        wire::{parse_check, parse_facts, pb},
    };

    fn image_in(language: &str) -> pb::Image {
        let product = pb::Product {
            name: "Windows 7 Professional".to_owned(),
            language: language.to_owned(),
            ..pb::Product::default()
        };
        pb::Image {
            products: vec![pb::ImageProduct {
                product: Some(product),
                media: None,
            }],
            ..pb::Image::default()
        }
    }

    #[test]
    fn what_is_refused_of_a_request_is_still_read_in_a_record() {
        let asked = pb::CheckRequest {
            image: Some(image_in("jp")),
            ..pb::CheckRequest::default()
        };
        let refused = parse_check(asked, Catalogue::embedded()).expect_err("`jp` is no language");
        assert_eq!(refused.as_slice().len(), 1);
        let recorded = pb::Facts {
            image: Some(image_in("jp")),
            ..pb::Facts::default()
        };
        assert!(parse_facts(&recorded, Catalogue::embedded()).is_ok());
    }
}
