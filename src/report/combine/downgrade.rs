//! Copies of an earlier Windows than the license under them is for: who bought the later one with the right to the earlier got that
//! installed, often by the maker of the device.

use std::cmp::Ordering;

use super::choose::Sourced;
use crate::{
    catalogue::Catalogue,
    domain::{License, Name},
    report::{Value, Weight},
};

/// Why a copy tells nothing of its license where the firmware is of a later Windows.
pub(super) const WHY_SOLD_LATER: &str =
    "the firmware shows that the device was sold with a later Windows than runs, so the license may be for that";
/// Why it tells nothing where it is what the maker preinstalled instead.
pub(super) const WHY_PREINSTALLED: &str =
    "the copy that runs is what is stated to be preinstalled in place of the licensed product";

/// The family that keys in the firmware are of.
const DESKTOP: &str = "Windows";
/// The first versions that there were markers for, in the firmware of PCs and of servers.
const MARKED_SINCE: [(&str, &str); 2] = [(DESKTOP, "Vista"), ("Windows Server", "2008")];

/// Whether the firmware shows that the device was sold with a later Windows than the copy that runs: its key or its marker is of later
/// versions only. A marker stays there for later licenses, so that it never shows an earlier one.
pub(super) fn is_sold_later(of_license: &[Sourced<'_>], running: &[Sourced<'_>], catalogue: &Catalogue) -> bool {
    let versions: Vec<&Name> = told(running).filter_map(version).collect();
    let is_earlier = |(family, sold): (Name, Vec<Name>)| {
        let precedes = |one: &Name, other| catalogue.order(&family, one, other) == Some(Ordering::Less);
        let precedes_all = |one: &&Name| sold.iter().all(|other| precedes(one, other));
        !sold.is_empty() && versions.iter().any(precedes_all)
    };
    let firmware = of_license.iter().map(|sourced| &sourced.fact.value);
    firmware.flat_map(sold_with).any(is_earlier)
}

/// The versions, by family, that a device with this in its firmware was sold with the first of at the earliest.
fn sold_with(value: &Value) -> Vec<(Name, Vec<Name>)> {
    match value {
        Value::OneOfVersions(versions) => Name::parse(DESKTOP)
            .map(|family| (family, versions.clone()))
            .into_iter()
            .collect(),
        Value::OemMarker { family, versions } => {
            let since = MARKED_SINCE.iter().filter_map(|(family, version)| {
                let version = Name::parse(version)?;
                Some((Name::parse(family)?, vec![version]))
            });
            let own = Name::parse(family).map(|family| (family, versions.clone()));
            since.chain(own).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the copy that runs is what is stated to have been preinstalled, an earlier version than the license is stated to be for.
pub(super) fn is_preinstalled_instead(stated: &License, running: &[Sourced<'_>], catalogue: &Catalogue) -> bool {
    let Some(preinstalled) = &stated.preinstalled else {
        return false;
    };
    let family = stated.product.family.as_ref().or(preinstalled.family.as_ref());
    let order = family
        .zip(preinstalled.version.as_ref())
        .zip(stated.product.version.as_ref());
    let is_earlier = order.is_some_and(|((family, preinstalled), licensed)| {
        catalogue.order(family, preinstalled, licensed) == Some(Ordering::Less)
    });
    let fits = |value: &Value| match value {
        Value::Version(version) => preinstalled.version.as_ref() == Some(version),
        Value::Edition(edition) => preinstalled.edition.as_ref().is_none_or(|of| of == edition),
        Value::OneOfVersions(versions) => preinstalled.version.as_ref().is_some_and(|of| versions.contains(of)),
        Value::OneOfEditions(editions) => preinstalled.edition.as_ref().is_none_or(|of| editions.contains(of)),
        _ => true,
    };
    is_earlier
        && told(running).any(|value| version(value).is_some())
        && running.iter().all(|sourced| fits(&sourced.fact.value))
}

fn version(value: &Value) -> Option<&Name> {
    match value {
        Value::Version(version) => Some(version),
        _ => None,
    }
}

fn told<'a>(facts: &[Sourced<'a>]) -> impl Iterator<Item = &'a Value> {
    let told = facts.iter().filter(|sourced| sourced.fact.weight == Weight::Tells);
    told.map(|sourced| &sourced.fact.value)
}
