//! Generated requests, written in the ways people write.

use reimage_rights::{catalogue::Catalogue, wire::pb};

/// A request for these facts, written in one of the ways people write: names instead of parts, programs left to the catalogue,
/// other spellings, blank texts, and the ids and marks that decide nothing.
pub fn written(facts: pb::Facts, writing: &[bool]) -> pb::CheckRequest {
    let mut writing = writing.iter().copied().cycle();
    let mut chosen = || writing.next().unwrap_or_default();
    let mut facts = if chosen() { respelled(facts) } else { facts };
    each_product(&mut facts, |product| write_product(product, &mut chosen));
    for license in facts.device.iter_mut().flat_map(|device| &mut device.licenses) {
        if chosen() {
            " ".clone_into(&mut license.id);
        }
        if chosen() {
            "invoice 4711".clone_into(&mut license.evidence);
        }
    }
    for device in facts.device.iter_mut().filter(|_| chosen()) {
        "PC-1".clone_into(&mut device.id);
    }
    for image in facts.image.iter_mut().filter(|_| chosen()) {
        "sha256:00".clone_into(&mut image.digest);
        image.media = image.media.take().filter(|media| *media != pb::Media::default());
    }
    pb::CheckRequest {
        device: facts.device,
        image: facts.image,
        agreement: facts
            .agreement
            .filter(|agreement| *agreement != pb::Agreement::default()),
        activation: chosen().then(|| pb::Activation {
            remaining: chosen().then_some(3),
            ..pb::Activation::default()
        }),
        ..pb::CheckRequest::default()
    }
}

fn write_product(product: &mut pb::Product, chosen: &mut impl FnMut() -> bool) {
    let name = [product.family.as_str(), &product.version, &product.edition].join(" ");
    if chosen() && Catalogue::embedded().resolve_name(&name).is_ok() {
        product.name = name;
        product.family.clear();
        product.version.clear();
        product.edition.clear();
    }
    if chosen() {
        product.components.clear();
    }
    if product.language.is_empty() && chosen() {
        " ".clone_into(&mut product.language);
    }
}

fn each_product(facts: &mut pb::Facts, mut each: impl FnMut(&mut pb::Product)) {
    for license in facts.device.iter_mut().flat_map(|device| &mut device.licenses) {
        let allowed = license
            .prior_versions
            .iter_mut()
            .flat_map(|allowed| &mut allowed.products);
        let one = [&mut license.product, &mut license.coa, &mut license.preinstalled];
        one.into_iter().flatten().chain(allowed).for_each(&mut each);
    }
    let image = facts.image.iter_mut().flat_map(|image| &mut image.products);
    image.filter_map(|product| product.product.as_mut()).for_each(&mut each);
    let bought = facts
        .agreement
        .iter_mut()
        .filter_map(|agreement| agreement.purchases.as_mut());
    let bought = bought.flat_map(|bought| &mut bought.items);
    bought.filter_map(|item| item.product.as_mut()).for_each(&mut each);
}

/// The same facts, their names spelled another way.
pub fn respelled(mut facts: pb::Facts) -> pb::Facts {
    each_product(&mut facts, respell);
    if let Some(agreement) = &mut facts.agreement {
        let number = &mut agreement.number;
        *number = if number.is_empty() {
            String::new()
        } else {
            format!(" {number}- ")
        };
    }
    facts
}

fn respell(product: &mut pb::Product) {
    for part in [&mut product.family, &mut product.version, &mut product.edition] {
        if !part.is_empty() {
            *part = format!("  {}® ", part.to_uppercase().replace(' ', " - "));
        }
    }
    product.language = product.language.to_uppercase();
    product
        .components
        .iter_mut()
        .for_each(|component| *component = component.to_lowercase());
}
