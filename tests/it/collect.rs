//! What the collector script sends of PCs, asked of the service.

use std::fs;

use reimage_rights::{
    catalogue::Catalogue,
    rules::evaluate,
    wire::{Check, Context, parse_check, pb, unrecorded},
};

const FOLDER: &str = "tests/collect";

fn decide(request: pb::CheckRequest) -> pb::Decision {
    let catalogue = Catalogue::embedded();
    let Check {
        request,
        edition,
        facts,
    } = parse_check(request, catalogue).unwrap_or_else(|violations| panic!("{violations}"));
    let judgement = evaluate(&facts, catalogue);
    unrecorded(request, edition, &facts, &judgement, catalogue, Context::default())
}

fn asked(name: &str) -> pb::Decision {
    let text = fs::read_to_string(format!("{FOLDER}/{name}.json")).unwrap();
    decide(serde_json::from_str(&text).unwrap())
}

fn missing(decision: &pb::Decision) -> Vec<&str> {
    decision.missing_facts.iter().map(String::as_str).collect()
}

/// Whether a fact counts on the word of a report.
fn is_reported(decision: &pb::Decision, path: &str) -> bool {
    let notes = decision.resolved.iter().flat_map(|facts| &facts.notes);
    notes
        .filter(|note| note.kind() == pb::FactNoteKind::Reported)
        .any(|note| note.path == path)
}

#[test]
fn a_pc_as_the_oem_sold_it_is_told_whole() {
    let decision = asked("windows-7-oem");
    assert_eq!(
        decision.verdict(),
        pb::Verdict::Permitted,
        "{:?}",
        decision.missing_facts
    );
    for field in ["channel", "product.version", "product.edition", "product.language"] {
        assert!(
            is_reported(&decision, &format!("device.licenses[0].{field}")),
            "{field}"
        );
    }
    assert!(!is_reported(&decision, "device.licenses[1].product.edition"));
}

#[test]
fn of_a_reimaged_pc_the_firmware_tells_channel_and_edition_only() {
    let decision = asked("windows-10-reimaged");
    assert!(is_reported(&decision, "device.licenses[0].channel"));
    assert!(is_reported(&decision, "device.licenses[0].product.edition"));
    assert_eq!(
        missing(&decision),
        [
            "device.licenses[0].product.version",
            "device.licenses[0].prior_versions",
            "device.licenses[0].product.language",
            "device.licenses[1].product.edition",
            "device.licenses[1].product.version",
            "device.licenses[1].prior_versions"
        ]
    );
}

#[test]
fn office_that_runs_by_a_volume_key_does_not_tell_what_was_bought() {
    let decision = asked("windows-11-office-c2r");
    for license in [1, 2] {
        let version = format!("device.licenses[{license}].product.version");
        assert!(!is_reported(&decision, &version));
    }
    assert!(missing(&decision).contains(&"device.licenses[1].product.version"));
    assert!(missing(&decision).contains(&"device.licenses[0].product.version"));
}

#[test]
fn in_windows_pe_registry_and_firmware_tell_and_dism_tells_the_image() {
    let decision = asked("windows-pe-offline");
    assert!(is_reported(&decision, "device.licenses[0].channel"));
    assert!(is_reported(&decision, "device.licenses[0].product.edition"));
    assert!(is_reported(&decision, "image.products[0].product.edition"));
    assert_eq!(
        missing(&decision),
        [
            "agreement.program",
            "agreement.purchases",
            "device.licenses[0].product.language"
        ]
    );
}

#[test]
fn under_a_volume_license_lies_what_the_firmware_tells_of() {
    let decision = asked("windows-10-volume-over-oem");
    assert_eq!(
        decision.verdict(),
        pb::Verdict::Permitted,
        "{:?}",
        decision.missing_facts
    );
    assert_eq!(decision.items[0].license_id, "windows");
    assert!(is_reported(&decision, "device.licenses[1].channel"));
    assert!(is_reported(&decision, "device.licenses[1].product.edition"));
}

#[test]
fn visio_of_2003_has_a_license_of_its_own() {
    let decision = asked("windows-xp-visio-2003");
    assert_eq!(
        decision.verdict(),
        pb::Verdict::Permitted,
        "{:?}",
        decision.missing_facts
    );
    assert_eq!(decision.items[1].license_id, "visio");
}

#[test]
fn an_unlicensed_pc_is_refused() {
    assert_eq!(asked("unlicensed").verdict(), pb::Verdict::NotPermitted);
}
