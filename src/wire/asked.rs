//! What is asked of a request and not of recorded facts, which stay readable for ever.

use std::fmt::Arguments;

use super::{Violations, pb, product::VIOLATION_COUNT_MAX, text};
use crate::{catalogue::Catalogue, domain::Language};

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
pub fn refuse_unknown_languages(request: &mut pb::CheckRequest, violations: &mut Violations) {
    each_product(request, |product, path| {
        // What cannot be read at all is refused where it is parsed.
        if violations.as_slice().len() < VIOLATION_COUNT_MAX
            && Language::parse_recorded(&product.language).is_ok()
            && let Err(error) = Language::parse(&product.language)
        {
            violations.add(format_args!("{path}.language"), error.to_string());
        }
    });
}

/// Refuses a family outside the catalogue, such as `Windoze`, that was probably meant to be one of it: it would equal no license for that
/// family, and escape what is known of its products.
///
/// The refused request then states what was meant, so that what else is wrong is told, and not what follows from the slip.
pub fn refuse_slips_of_families(request: &mut pb::CheckRequest, catalogue: &Catalogue, violations: &mut Violations) {
    each_product(request, |product, path| {
        // A text that is too long to be read is not compared either.
        if violations.as_slice().len() < VIOLATION_COUNT_MAX
            && product.family.len() <= text::TEXT_LEN_MAX
            && let Some(slip) = catalogue.slip_of_family(&product.family)
        {
            violations.add(format_args!("{path}.family"), slip.to_string());
            product.family = slip.nearest.concat();
        }
    });
}

/// Every product that a request states, with its path.
fn each_product(request: &mut pb::CheckRequest, mut ask: impl FnMut(&mut pb::Product, Arguments<'_>)) {
    let mut ask = |product: Option<&mut pb::Product>, path: Arguments<'_>| {
        if let Some(product) = product {
            ask(product, path);
        }
    };
    let licenses = request.device.iter_mut().flat_map(|device| &mut device.licenses);
    for (index, license) in licenses.enumerate() {
        let path = format_args!("device.licenses[{index}]");
        ask(license.product.as_mut(), format_args!("{path}.product"));
        ask(license.coa.as_mut(), format_args!("{path}.coa"));
        ask(license.preinstalled.as_mut(), format_args!("{path}.preinstalled"));
        let terms = license.prior_versions.iter_mut().flat_map(|terms| &mut terms.products);
        for (position, product) in terms.enumerate() {
            ask(
                Some(product),
                format_args!("{path}.prior_versions.products[{position}]"),
            );
        }
    }
    let products = request.image.iter_mut().flat_map(|image| &mut image.products);
    for (index, product) in products.enumerate() {
        ask(
            product.product.as_mut(),
            format_args!("image.products[{index}].product"),
        );
    }
    let purchases = request
        .agreement
        .iter_mut()
        .flat_map(|agreement| &mut agreement.purchases);
    for (index, purchase) in purchases.flat_map(|purchases| &mut purchases.items).enumerate() {
        ask(
            purchase.product.as_mut(),
            format_args!("agreement.purchases.items[{index}].product"),
        );
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

    #[test]
    fn a_slip_of_a_family_is_refused_of_a_request_and_read_in_a_record() {
        let image = || {
            let mut image = image_in("en-US");
            for product in image.products.iter_mut().filter_map(|product| product.product.as_mut()) {
                product.name.clear();
                "Windoze".clone_into(&mut product.family);
            }
            Some(image)
        };
        let asked = pb::CheckRequest {
            image: image(),
            ..pb::CheckRequest::default()
        };
        let refused = parse_check(asked, Catalogue::embedded()).expect_err("`Windoze` was meant to be `Windows`");
        assert_eq!(refused.as_slice().len(), 1);
        let recorded = pb::Facts {
            image: image(),
            ..pb::Facts::default()
        };
        assert!(parse_facts(&recorded, Catalogue::embedded()).is_ok());
    }
}
