//! Versions of Windows that were given free of charge to devices with an earlier one.

use super::choose::Sourced;
use crate::{
    domain::Name,
    report::{SoftwareKind, Value, Weight},
};

/// The versions. That such a copy runs, even by the key that the device came with, does not tell for which version the device is
/// licensed, nor in which edition or language.
const GIVEN_FREE: [&str; 3] = ["8.1", "10", "11"];
/// Why such a copy tells nothing of the product that its license is for.
pub(super) const WHY_FREE: &str =
    "it may be of a version that was given free to devices with an earlier one, so the license may be for that";
/// Key of the family that these are versions of.
const DESKTOP: &str = "windows";

/// Whether the Windows that runs may be one that was given free: also where it is not told which version it is, since some tools leave
/// out just that.
pub(super) fn may_be_given_free(running: &[Sourced<'_>]) -> bool {
    let of_server = |value: &Value| matches!(value, Value::Family(family) if family.key() != DESKTOP);
    let mut versions = running.iter().filter_map(|sourced| match &sourced.fact.value {
        Value::Version(version) if sourced.fact.weight == Weight::Tells => Some(version),
        _ => None,
    });
    let is_system = running
        .iter()
        .any(|sourced| sourced.kind == SoftwareKind::OperatingSystem);
    if !is_system || running.iter().any(|sourced| of_server(&sourced.fact.value)) {
        return false;
    }
    let first = versions.next();
    first.is_none_or(|first| is_given_free(first) || versions.any(is_given_free))
}

fn is_given_free(version: &Name) -> bool {
    GIVEN_FREE.contains(&version.key())
}
