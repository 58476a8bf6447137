//! Devices on the wire.

use std::collections::BTreeSet;

use super::{
    Violations,
    license::{encode_license, parse_license},
    names::{check_device_id, check_license_names},
    pb, text,
};
use crate::{
    catalogue::Catalogue,
    domain::{Device, Holdings},
};

/// Most licenses of a device.
pub const LICENSE_COUNT_MAX: usize = 64;

/// Parses a device; one left out states nothing.
pub fn parse_device(message: Option<&pb::Device>, catalogue: &Catalogue, violations: &mut Violations) -> Device {
    let Some(message) = message else {
        return Device::default();
    };
    check_device_id(message, violations);
    text::count(message.licenses.len(), LICENSE_COUNT_MAX, "device.licenses", violations);
    if message.unlicensed && !message.licenses.is_empty() {
        violations.add(
            "device.unlicensed",
            "a device is either unlicensed or holds licenses; leave out one of `device.unlicensed` and `device.licenses`",
        );
    }
    let mut ids = BTreeSet::new();
    let mut licenses = Vec::with_capacity(message.licenses.len().min(LICENSE_COUNT_MAX));
    for (index, license) in message.licenses.iter().enumerate().take(LICENSE_COUNT_MAX) {
        let path = format_args!("device.licenses[{index}]");
        check_license_names(license, path, &mut ids, violations);
        licenses.push(parse_license(license, path, catalogue, violations));
    }
    let holdings = match (message.unlicensed, licenses.is_empty()) {
        (true, _) => Holdings::Unlicensed,
        (false, true) => Holdings::Unstated,
        (false, false) => Holdings::Licenses(licenses),
    };
    Device { holdings }
}

/// A device's facts as a message.
pub fn encode_device(device: &Device, catalogue: &Catalogue) -> pb::Device {
    let licenses = device
        .holdings
        .licenses()
        .iter()
        .map(|license| encode_license(license, catalogue))
        .collect();
    pb::Device {
        id: String::new(),
        licenses,
        unlicensed: device.holdings == Holdings::Unlicensed,
    }
}
