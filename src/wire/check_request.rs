//! Requests for a decision: from message to edition and facts.

use super::{
    Violations,
    agreement::{encode_activation, encode_agreement, parse_activation, parse_agreement},
    asked::{refuse_doubtful_parts, refuse_empty_products, refuse_numbers_of_nothing, refuse_unknown_languages},
    device::{encode_device, parse_device},
    image::{self, encode_image, parse_image},
    license,
    names::{check_labels, check_request_id},
    note::{encode_note, parse_note},
    pb,
    report::{read_reports, unread_notes},
    text,
};
use crate::{
    catalogue::Catalogue,
    completion::{add_label_families, add_reported, add_terms, withhold_impossible},
    domain::{Facts, Holdings, Product},
    rules::Edition,
};

/// A parsed request.
#[derive(Clone, Debug)]
pub struct Check {
    /// The request as it came.
    pub request: pb::CheckRequest,
    /// The edition to decide by.
    pub edition: Edition,
    /// The facts.
    pub facts: Facts,
}

/// Parses a request, and adds what its reports say and what the catalogue knows.
///
/// # Errors
///
/// Every violation at once, each with its path and what would be right.
pub fn parse_check(mut request: pb::CheckRequest, catalogue: &Catalogue) -> Result<Check, Violations> {
    let mut violations = Violations::default();
    check_request_id(&request, &mut violations);
    let edition = parse_edition(&request.edition, &mut violations);
    check_labels(&request, &mut violations);
    refuse_unknown_languages(&mut request, &mut violations);
    refuse_empty_products(&request, &mut violations);
    refuse_numbers_of_nothing(&request, &mut violations);
    refuse_doubtful_parts(&mut request, catalogue, &mut violations);
    let mut facts = Facts {
        device: parse_device(request.device.as_ref(), catalogue, &mut violations),
        image: parse_image(request.image.as_ref(), catalogue, &mut violations),
        agreement: parse_agreement(request.agreement.as_ref(), catalogue, &mut violations),
        activation: parse_activation(request.activation.as_ref(), &mut violations),
        notes: Vec::new(),
    };
    add_label_families(&mut facts, catalogue);
    let readings = read_reports(&request, catalogue, &mut violations);
    facts.notes = unread_notes(&readings);
    add_reported(&mut facts, &readings, catalogue);
    refuse_inconsistency(&facts, catalogue, &mut violations);
    withhold_impossible(&mut facts, catalogue);
    add_terms(&mut facts, catalogue);
    violations.none(Check {
        request,
        edition,
        facts,
    })
}

/// Parses recorded facts. They are complete: a reading of reports or a catalogue of another day adds nothing.
///
/// # Errors
///
/// As for a request.
pub fn parse_facts(message: &pb::Facts, catalogue: &Catalogue) -> Result<Facts, Violations> {
    let mut violations = Violations::default();
    let notes = message.notes.iter().enumerate();
    let notes = notes.filter_map(|(index, note)| parse_note(note, index, &mut violations));
    let notes = notes.collect();
    let mut facts = Facts {
        device: parse_device(message.device.as_ref(), catalogue, &mut violations),
        image: parse_image(message.image.as_ref(), catalogue, &mut violations),
        agreement: parse_agreement(message.agreement.as_ref(), catalogue, &mut violations),
        activation: parse_activation(message.activation.as_ref(), &mut violations),
        notes,
    };
    withhold_unstated(&mut facts, message);
    refuse_inconsistency(&facts, catalogue, &mut violations);
    violations.none(facts)
}

/// Takes back what the catalogue tells of a product by its other parts. Recorded facts are complete, so that a part they lack was
/// withheld.
fn withhold_unstated(facts: &mut Facts, message: &pb::Facts) {
    if let Holdings::Licenses(licenses) = &mut facts.device.holdings {
        let recorded = message.device.iter().flat_map(|device| &device.licenses);
        for (license, recorded) in licenses.iter_mut().zip(recorded) {
            withhold(Some(&mut license.product), recorded.product.as_ref());
            withhold(license.coa.as_mut(), recorded.coa.as_ref());
            withhold(license.preinstalled.as_mut(), recorded.preinstalled.as_ref());
        }
    }
    let recorded = message.image.iter().flat_map(|image| &image.products);
    for (product, recorded) in facts.image.products.iter_mut().zip(recorded) {
        withhold(Some(&mut product.product), recorded.product.as_ref());
    }
}

fn withhold(product: Option<&mut Product>, recorded: Option<&pb::Product>) {
    let (Some(product), Some(recorded)) = (product, recorded) else {
        return;
    };
    let parts = [
        (&mut product.family, &recorded.family),
        (&mut product.version, &recorded.version),
        (&mut product.edition, &recorded.edition),
    ];
    for (part, recorded) in parts {
        if recorded.is_empty() {
            *part = None;
        }
    }
}

/// Facts as a message: names resolved, programs of suites filled in, and nothing that decides nothing.
#[must_use]
pub fn encode_facts(facts: &Facts, catalogue: &Catalogue) -> pb::Facts {
    pb::Facts {
        device: Some(encode_device(&facts.device, catalogue)),
        image: Some(encode_image(&facts.image, catalogue)),
        agreement: Some(encode_agreement(&facts.agreement, catalogue)),
        activation: encode_activation(&facts.activation),
        notes: facts.notes.iter().map(encode_note).collect(),
        ..pb::Facts::default()
    }
}

/// What must not be said together, whoever says it.
fn refuse_inconsistency(facts: &Facts, catalogue: &Catalogue, violations: &mut Violations) {
    for (index, license) in facts.device.holdings.licenses().iter().enumerate() {
        license::refuse_inconsistency(license, format_args!("device.licenses[{index}]"), catalogue, violations);
    }
    image::refuse_inconsistency(&facts.image, violations);
}

/// Whether two requests ask the same: equal in every field, an edition left out counting as the default one.
#[must_use]
pub fn asks_the_same(one: &pb::CheckRequest, two: &pb::CheckRequest) -> bool {
    // Taken apart, so that a field to come is not forgotten.
    let pb::CheckRequest {
        request_id,
        edition,
        device,
        image,
        agreement,
        activation,
        labels,
    } = one;
    let edition_of = |name: &str| Edition::parse(name).unwrap_or_default();
    *request_id == two.request_id
        && edition_of(edition) == edition_of(&two.edition)
        && *device == two.device
        && *image == two.image
        && *agreement == two.agreement
        && *activation == two.activation
        && *labels == two.labels
}

fn parse_edition(name: &str, violations: &mut Violations) -> Edition {
    let Some(name) = text::text(name, "edition", violations) else {
        return Edition::default();
    };
    Edition::parse(name).unwrap_or_else(|| {
        let known = Edition::ALL.map(Edition::as_str).join(", ");
        violations.add(
            "edition",
            format!("`{name}` is no edition of the brief known here; known: {known}"),
        );
        Edition::default()
    })
}
