//! Markers in the firmware, which are evidence of a license that came with the device: one of the versions that there were markers for.

use super::choose::Sourced;
use crate::{
    domain::Name,
    report::{RunningChannel, Value, Weight},
};

/// Why a marker counts for nothing.
pub(super) const WHY_FOREIGN: &str = "a marker in the firmware is of an OEM license of Windows Vista or 7, and it is not known that this license is one that it can be of";

/// The evidence of a license without the markers that can be of another one, and these.
///
/// A device that came with Windows Vista or 7 keeps its marker whatever is bought for it later, so a marker tells the channel only of a
/// license for such a version: as it was stated, as other evidence of the license tells, or as the copy runs that an OEM's key activated, if that is of the
/// license's product. A marker that only hints is of no such version.
pub(super) fn without_foreign<'a>(
    stated: Option<&Name>,
    of_license: Vec<Sourced<'a>>,
    own: &[Sourced<'a>],
) -> (Vec<Sourced<'a>>, Vec<Sourced<'a>>) {
    let versions = match stated {
        Some(version) => vec![version],
        None => told_versions(&of_license, own),
    };
    of_license.into_iter().partition(|sourced| match &sourced.fact.value {
        Value::OemMarker { versions: of, .. } => {
            let is_of_it = !versions.is_empty() && versions.iter().all(|version| of.contains(version));
            is_of_it && sourced.fact.weight == Weight::Tells
        }
        _ => true,
    })
}

fn told_versions<'a>(of_license: &[Sourced<'a>], own: &[Sourced<'a>]) -> Vec<&'a Name> {
    let by_evidence = versions(of_license);
    let is_oem = told(own).any(|value| *value == Value::RunningChannel(RunningChannel::Oem));
    if by_evidence.is_empty() && is_oem {
        return versions(own);
    }
    by_evidence
}

fn versions<'a>(facts: &[Sourced<'a>]) -> Vec<&'a Name> {
    let version = |value: &'a Value| match value {
        Value::Version(version) => Some(version),
        _ => None,
    };
    told(facts).filter_map(version).collect()
}

fn told<'a>(facts: &[Sourced<'a>]) -> impl Iterator<Item = &'a Value> {
    let told = facts.iter().filter(|sourced| sourced.fact.weight == Weight::Tells);
    told.map(|sourced| &sourced.fact.value)
}
