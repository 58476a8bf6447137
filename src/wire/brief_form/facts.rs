//! The facts that the rules saw, short: what the request tells together with what its names came to.
//!
//! A part (device, image, agreement, activation) is left out when it is just as the request and the names tell. Where it is
//! not, since a tag was written another way than it is kept, or one name stands for two things, the part is stored whole.

use std::collections::BTreeMap;

use super::{
    super::pb,
    told::{self, Names},
};

/// The facts without the parts that are told, and the names that tell them. Facts have a device, an image and an agreement.
pub fn short(request: &pb::CheckRequest, resolved: &pb::Facts) -> pb::Facts {
    let names = names(request, resolved);
    pb::Facts {
        device: untold(resolved.device.as_ref(), &told::device(request, &names)),
        image: untold(resolved.image.as_ref(), &told::image(request, &names)),
        agreement: untold(resolved.agreement.as_ref(), &told::agreement(request, &names)),
        activation: resolved
            .activation
            .filter(|part| Some(*part) != told::activation(request)),
        names,
        notes: resolved.notes.clone(),
    }
}

fn untold<T: PartialEq + Clone>(part: Option<&T>, told: &T) -> Option<T> {
    part.filter(|part| *part != told).cloned()
}

/// Fills in the parts that are told.
pub fn restore(request: &pb::CheckRequest, resolved: &mut pb::Facts) {
    let names = std::mem::take(&mut resolved.names);
    resolved.device.get_or_insert_with(|| told::device(request, &names));
    resolved.image.get_or_insert_with(|| told::image(request, &names));
    resolved
        .agreement
        .get_or_insert_with(|| told::agreement(request, &names));
    resolved.activation = resolved.activation.or_else(|| told::activation(request));
}

/// What the catalogue made of each product that it did not leave as it was written.
fn names(request: &pb::CheckRequest, resolved: &pb::Facts) -> Names {
    let mut names = BTreeMap::new();
    let mut name = |asked: Option<&pb::Product>, resolved: Option<&pb::Product>| {
        let Some((asked, resolved)) = asked.zip(resolved) else {
            return;
        };
        if !told::names_itself(asked, resolved) {
            names
                .entry(told::written(asked).into_owned())
                .or_insert_with(|| told::meaning(asked, resolved));
        }
    };
    for (asked, resolved) in licenses(request.device.as_ref()).zip(licenses(resolved.device.as_ref())) {
        name(asked.product.as_ref(), resolved.product.as_ref());
        name(asked.coa.as_ref(), resolved.coa.as_ref());
        name(asked.preinstalled.as_ref(), resolved.preinstalled.as_ref());
        for (asked, resolved) in allowed(asked).zip(allowed(resolved)) {
            name(Some(asked), Some(resolved));
        }
    }
    for (asked, resolved) in imaged(request.image.as_ref()).zip(imaged(resolved.image.as_ref())) {
        name(asked.product.as_ref(), resolved.product.as_ref());
    }
    for (asked, resolved) in bought(request.agreement.as_ref()).zip(bought(resolved.agreement.as_ref())) {
        name(asked.product.as_ref(), resolved.product.as_ref());
    }
    names
}

fn licenses(device: Option<&pb::Device>) -> impl Iterator<Item = &pb::License> {
    device.into_iter().flat_map(|device| &device.licenses)
}

fn allowed(license: &pb::License) -> impl Iterator<Item = &pb::Product> {
    let allowed = license.prior_versions.iter();
    allowed.flat_map(|allowed| &allowed.products)
}

fn imaged(image: Option<&pb::Image>) -> impl Iterator<Item = &pb::ImageProduct> {
    image.into_iter().flat_map(|image| &image.products)
}

fn bought(agreement: Option<&pb::Agreement>) -> impl Iterator<Item = &pb::Purchase> {
    let bought = agreement.and_then(|agreement| agreement.purchases.as_ref());
    bought.into_iter().flat_map(|bought| &bought.items)
}
