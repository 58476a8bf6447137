//! The facts after the catalogue, short: what the request tells together with what its names came to.
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
    let asked = products(
        request.device.as_ref(),
        request.image.as_ref(),
        request.agreement.as_ref(),
    );
    let resolved = products(
        resolved.device.as_ref(),
        resolved.image.as_ref(),
        resolved.agreement.as_ref(),
    );
    let mut names = BTreeMap::new();
    for (asked, resolved) in asked.zip(resolved) {
        let (Some(asked), Some(resolved)) = (asked, resolved) else {
            continue;
        };
        if !told::names_itself(asked, resolved) {
            names
                .entry(told::written(asked).into_owned())
                .or_insert_with(|| told::meaning(asked, resolved));
        }
    }
    names
}

/// Every place of a product, in one order for request and facts.
fn products<'a>(
    device: Option<&'a pb::Device>,
    image: Option<&'a pb::Image>,
    agreement: Option<&'a pb::Agreement>,
) -> impl Iterator<Item = Option<&'a pb::Product>> {
    let held = device.into_iter().flat_map(|device| &device.licenses);
    let licensed = held.flat_map(|license| {
        let prior_versions = license.prior_versions.iter().flat_map(|allowed| &allowed.products);
        let own = [&license.product, &license.coa, &license.preinstalled].map(Option::as_ref);
        own.into_iter().chain(prior_versions.map(Some))
    });
    let imaged = image.into_iter().flat_map(|image| &image.products);
    let bought = agreement.and_then(|agreement| agreement.purchases.as_ref());
    let bought = bought.into_iter().flat_map(|bought| &bought.items);
    licensed
        .chain(imaged.map(|product| product.product.as_ref()))
        .chain(bought.map(|item| item.product.as_ref()))
}
