//! What is asked of a request and not of recorded facts, which stay readable for ever.

use std::fmt::Arguments;

use super::{
    Violations, pb,
    product::{COMPONENT_COUNT_MAX, VIOLATION_COUNT_MAX},
    product_key::holds_product_key,
    text,
};
use crate::{
    catalogue::{Catalogue, Fault, Part, PartError, Parts},
    domain::{AgreementNumber, Language},
    report::edition_in_english,
};

/// Keys of the families whose editions are known by their names in other languages.
const WINDOWS: [&str; 2] = ["windows", "windowsserver"];

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

/// Refuses an agreement number without a number, such as `unknown` or `n/a`: said of both sides, such a text would be one agreement.
pub fn refuse_numbers_of_nothing(request: &pb::CheckRequest, violations: &mut Violations) {
    let mut ask = |number: &str, path: Arguments<'_>| {
        // What cannot be read at all is refused where it is parsed.
        let is_readable = number.len() <= text::TEXT_LEN_MAX && !holds_product_key(number);
        if is_readable && AgreementNumber::parse(number).is_some_and(|number| !number.has_number()) {
            let text = number.trim();
            violations.add(
                path,
                format!("`{text}` has no number in it; give the authorization, enrollment or agreement number, or leave it out where it is not known"),
            );
        }
    };
    if let Some(agreement) = &request.agreement {
        ask(&agreement.number, format_args!("agreement.number"));
    }
    let Some(image) = &request.image else { return };
    if let Some(media) = &image.media {
        ask(&media.agreement_number, format_args!("image.media.agreement_number"));
    }
    for (index, product) in image.products.iter().enumerate() {
        if let Some(media) = &product.media {
            ask(
                &media.agreement_number,
                format_args!("image.products[{index}].media.agreement_number"),
            );
        }
    }
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

/// Refuses a family, version, edition or program that was hardly meant as it stands, such as `Windoze`, `OEM Windows`, `unknown` or `Pro
/// OA`: it would equal nothing but itself, and escape what is known of the real product.
///
/// The refused request then states what was meant, where that is one thing, so that what else is wrong is told, and not what follows.
pub fn refuse_doubtful_parts(request: &mut pb::CheckRequest, catalogue: &Catalogue, violations: &mut Violations) {
    each_product(request, |product, path| {
        let texts = [&product.family, &product.version, &product.edition];
        // What is too long to be read is not compared, and what holds a product key not repeated.
        let stated = || texts.into_iter().chain(&product.components);
        let is_readable = stated().all(|text| text.len() <= text::TEXT_LEN_MAX && !holds_product_key(text));
        if violations.as_slice().len() >= VIOLATION_COUNT_MAX || !is_readable {
            return;
        }
        let [family, version, edition] = texts.map(|text| Some(text.as_str()).filter(|text| !text.trim().is_empty()));
        let translated = translated_edition(family, version, edition, catalogue);
        for doubt in catalogue.doubts(family, version, edition).into_iter().chain(translated) {
            violations.add(format_args!("{path}.{}", doubt.part), doubt.to_string());
            let text = match doubt.part {
                Part::Family => &mut product.family,
                Part::Version => &mut product.version,
                Part::Edition => &mut product.edition,
                Part::Component => continue,
            };
            *text = match (doubt.fault, doubt.nearest.as_slice()) {
                (Fault::NearMiss | Fault::SaysMore | Fault::Translated, [meant]) => meant.clone(),
                _ => String::new(),
            };
        }
        refuse_doubtful_components(product, &path, catalogue, violations);
    });
}

/// An edition of Windows under its name in another language: the catalogue knows the English names, and takes it for another edition.
fn translated_edition(
    family: Option<&str>,
    version: Option<&str>,
    edition: Option<&str>,
    catalogue: &Catalogue,
) -> Option<PartError> {
    let text = edition?;
    let meant = edition_in_english(text)?;
    let Parts {
        family,
        edition: resolved,
        ..
    } = catalogue.resolve(family, version, edition).ok()?;
    let is_windows = family.is_none_or(|family| WINDOWS.contains(&family.key()));
    let is_taken_as_it_is = resolved.is_some_and(|resolved| resolved.text() == text.trim());
    (is_windows && is_taken_as_it_is).then(|| PartError {
        part: Part::Edition,
        text: text.to_owned(),
        fault: Fault::Translated,
        nearest: vec![meant.to_owned()],
    })
}

fn refuse_doubtful_components(
    product: &pb::Product,
    path: &Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) {
    for (index, component) in product.components.iter().enumerate().take(COMPONENT_COUNT_MAX) {
        if violations.as_slice().len() < VIOLATION_COUNT_MAX
            && let Some(doubt) = catalogue.doubt_of_component(component)
        {
            violations.add(format_args!("{path}.components[{index}]"), doubt.to_string());
        }
    }
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
    fn an_edition_in_another_language_names_what_is_meant() {
        let refused = |family: &str, edition: &str| {
            let product = pb::Product {
                family: family.to_owned(),
                version: "10".to_owned(),
                edition: edition.to_owned(),
                ..pb::Product::default()
            };
            let mut image = image_in("");
            image.products[0].product = Some(product);
            let asked = pb::CheckRequest {
                image: Some(image),
                ..pb::CheckRequest::default()
            };
            parse_check(asked, Catalogue::embedded())
                .err()
                .map(|refused| refused.to_string())
        };
        for (edition, meant) in [
            ("Профессиональная", "Professional"),
            ("домашняя", "Home"),
            ("专业版", "Professional"),
        ] {
            let refused = refused("Windows", edition).expect("it would be an edition of its own");
            assert!(
                refused.ends_with(&format!("than English; known: `{meant}`")),
                "{refused}"
            );
        }
        for (family, edition) in [
            ("Windows", "Professional"),
            ("Contoso", "Профессиональная"),
            ("Windows", "Holographic"),
        ] {
            assert_eq!(refused(family, edition), None, "{family} {edition}");
        }
    }

    #[test]
    fn an_agreement_number_has_a_number_in_it() {
        let refused = |number: &str| {
            let media = pb::Media {
                agreement_number: number.to_owned(),
                ..pb::Media::default()
            };
            let mut image = image_in("en-US");
            image.media = Some(media.clone());
            for product in &mut image.products {
                product.media = Some(media.clone());
            }
            let asked = pb::CheckRequest {
                image: Some(image),
                agreement: Some(pb::Agreement {
                    number: number.to_owned(),
                    ..pb::Agreement::default()
                }),
                ..pb::CheckRequest::default()
            };
            let violations = parse_check(asked, Catalogue::embedded()).err().unwrap_or_default();
            violations.as_slice().len()
        };
        for number in ["unknown", "n/a", "0", "000-000", "?", "see contract"] {
            assert_eq!(refused(number), 3, "{number}");
        }
        for number in ["", " ", "S7012345", "62512345ZZE1011", "V 700 1", "E0"] {
            assert_eq!(refused(number), 0, "{number}");
        }
    }

    #[test]
    fn what_was_hardly_meant_is_refused_of_a_request_and_read_in_a_record() {
        type State = fn(&mut pb::Product);
        let doubtful: [(&str, State); 7] = [
            ("family", |product| "Windoze".clone_into(&mut product.family)),
            ("family", |product| "OEM Windows".clone_into(&mut product.family)),
            ("version", |product| "unknown".clone_into(&mut product.version)),
            ("version", |product| "v7".clone_into(&mut product.version)),
            ("version", |product| "2008 R2".clone_into(&mut product.version)),
            ("edition", |product| "Pro OA".clone_into(&mut product.edition)),
            ("components[0]", |product| {
                product.components = vec!["Outlok".to_owned()];
            }),
        ];
        for (part, state) in doubtful {
            let image = || {
                let mut image = image_in("en-US");
                for product in image.products.iter_mut().filter_map(|product| product.product.as_mut()) {
                    product.name.clear();
                    "Windows".clone_into(&mut product.family);
                    "7".clone_into(&mut product.version);
                    state(product);
                }
                Some(image)
            };
            let asked = pb::CheckRequest {
                image: image(),
                ..pb::CheckRequest::default()
            };
            let refused = parse_check(asked, Catalogue::embedded()).expect_err("nobody means that");
            let paths: Vec<&str> = refused
                .as_slice()
                .iter()
                .map(|violation| violation.path.as_str())
                .collect();
            assert_eq!(paths, [format!("image.products[0].product.{part}")]);
            let recorded = pb::Facts {
                image: image(),
                ..pb::Facts::default()
            };
            assert!(parse_facts(&recorded, Catalogue::embedded()).is_ok(), "{part}");
        }
    }
}
