//! The names in a request: who is meant, and what the asker calls things.
//!
//! Nothing is decided by them. They are checked by themselves, so that a request whose question is known needs no other check.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Arguments,
    mem,
};

use super::{Violations, device::LICENSE_COUNT_MAX, pb, template::blank, text};

const LABEL_COUNT_MAX: usize = 32;

/// The names of a request.
#[derive(Debug, Default)]
pub struct Names {
    request_id: String,
    labels: BTreeMap<String, String>,
    device_id: String,
    licenses: Vec<LicenseNames>,
    image_id: String,
    image_digest: String,
    blank_count: usize,
}

#[derive(Debug, Default)]
struct LicenseNames {
    id: String,
    evidence: String,
}

impl Names {
    /// Takes the names out of a request. Answers name licenses: in the place of an id, a blank stays of the same length.
    pub(super) fn take(request: &mut pb::CheckRequest) -> Self {
        let mut names = Self::default();
        let licenses = request.device.iter().flat_map(|device| &device.licenses);
        for (index, license) in licenses.enumerate() {
            let blank = blank(index, &license.id);
            names.blank_count += usize::from(blank.is_some());
            names.licenses.push(LicenseNames {
                id: blank.unwrap_or_else(|| license.id.clone()),
                evidence: String::new(),
            });
        }
        names.swap(request);
        names
    }

    /// How many blanks were left.
    pub(super) fn blank_count(&self) -> usize {
        self.blank_count
    }

    /// Puts the names back.
    pub fn put_back(mut self, request: &mut pb::CheckRequest) {
        self.swap(request);
    }

    fn swap(&mut self, request: &mut pb::CheckRequest) {
        mem::swap(&mut self.request_id, &mut request.request_id);
        mem::swap(&mut self.labels, &mut request.labels);
        if let Some(device) = &mut request.device {
            mem::swap(&mut self.device_id, &mut device.id);
            for (names, license) in self.licenses.iter_mut().zip(&mut device.licenses) {
                mem::swap(&mut names.id, &mut license.id);
                mem::swap(&mut names.evidence, &mut license.evidence);
            }
        }
        if let Some(image) = &mut request.image {
            mem::swap(&mut self.image_id, &mut image.id);
            mem::swap(&mut self.image_digest, &mut image.digest);
        }
    }
}

/// Checks all names of a request.
pub fn check_names(request: &pb::CheckRequest, violations: &mut Violations) {
    check_request_id(request, violations);
    check_labels(request, violations);
    if let Some(device) = &request.device {
        check_device_id(device, violations);
        let mut ids = BTreeSet::new();
        for (index, license) in device.licenses.iter().enumerate().take(LICENSE_COUNT_MAX) {
            check_license_names(license, format_args!("device.licenses[{index}]"), &mut ids, violations);
        }
    }
    if let Some(image) = &request.image {
        check_image_names(image, violations);
    }
}

/// Checks a request's key.
pub fn check_request_id(request: &pb::CheckRequest, violations: &mut Violations) {
    text::text(&request.request_id, "request_id", violations);
    if !request.request_id.is_empty() && request.request_id.trim().is_empty() {
        violations.add(
            "request_id",
            "is blank; give a key of your own for the request, or leave it out",
        );
    }
}

/// Checks a device's id.
pub fn check_device_id(device: &pb::Device, violations: &mut Violations) {
    text::text(&device.id, "device.id", violations);
}

/// Checks what names a license and its evidence; `ids` are those of the device's licenses before it.
pub fn check_license_names<'a>(
    license: &'a pb::License,
    path: Arguments<'_>,
    ids: &mut BTreeSet<&'a str>,
    violations: &mut Violations,
) {
    if !license.id.trim().is_empty() && !ids.insert(&license.id) {
        violations.add(
            format_args!("{path}.id"),
            "another license of the device has this id; ids are unique on a device",
        );
    }
    if license.id.starts_with("device.licenses[") {
        violations.add(
            format_args!("{path}.id"),
            "looks like the path by which answers name a license without an id; choose another, or leave it out",
        );
    }
    text::free_text(&license.evidence, format_args!("{path}.evidence"), violations);
    text::text(&license.id, format_args!("{path}.id"), violations);
}

/// Checks what names an image.
pub fn check_image_names(image: &pb::Image, violations: &mut Violations) {
    text::text(&image.id, "image.id", violations);
    text::text(&image.digest, "image.digest", violations);
}

/// Checks the labels of a request.
pub fn check_labels(request: &pb::CheckRequest, violations: &mut Violations) {
    text::count(request.labels.len(), LABEL_COUNT_MAX, "labels", violations);
    for (key, value) in request.labels.iter().take(LABEL_COUNT_MAX) {
        // A key that must not be repeated is not repeated in its path either.
        let named = text::free_text(key, "labels", violations).is_some();
        if key.trim().is_empty() {
            violations.add("labels", "a label needs a key; name it, or leave the label out");
        }
        if named {
            text::free_text(value, format_args!("labels[{key}]"), violations);
        } else {
            text::free_text(value, "labels", violations);
        }
    }
}
