//! Decisions made by hand, as the service would render them.

use crate::{
    cli::condition_page::ConditionPage,
    wire::pb::{self, Basis, Outcome, Verdict},
};

pub fn permitted() -> pb::Decision {
    let findings = vec![
        holding("volume-customer", "the organization has an Enterprise Agreement"),
        holding("volume-media", "the media is a VLSC download under agreement E-77"),
        finding("oem-media", Outcome::DoesNotApply, "the media is no OEM media"),
        holding("same-product", "both are Windows Professional"),
        holding("same-version", "both are version 7"),
        holding("same-language", "both are en-US"),
    ];
    decision(
        1,
        Verdict::Permitted,
        vec![item("Professional", Verdict::Permitted, findings)],
    )
}

pub fn not_permitted() -> pb::Decision {
    let findings = vec![
        holding("volume-customer", "the organization has an Enterprise Agreement"),
        pb::Finding {
            reason: "languages-differ".into(),
            remedy: "use media in en-US, the language of the license".into(),
            citation: Some(citation("example \"languages\"")),
            ..finding(
                "same-language",
                Outcome::Broken,
                "the image is in fr-FR, the license in en-US",
            )
        },
        finding("oem-media", Outcome::DoesNotApply, "the media is no OEM media"),
    ];
    let item = pb::Item {
        other_bases: vec![
            pb::OtherBasis {
                basis: Basis::VolumeLicense.into(),
                outcome: Outcome::Broken.into(),
                broken: vec!["own-volume-license".into()],
                unknown: vec!["prior-version".into()],
                ..pb::OtherBasis::default()
            },
            pb::OtherBasis {
                basis: Basis::OemRecovery.into(),
                license_id: "oem-1".into(),
                outcome: Outcome::Broken.into(),
                broken: vec!["recovery-media".into(), "individual-recovery".into()],
                ..pb::OtherBasis::default()
            },
        ],
        ..item("Professional", Verdict::NotPermitted, findings)
    };
    decision(2, Verdict::NotPermitted, vec![item])
}

pub fn indeterminate() -> pb::Decision {
    let unknown = pb::Finding {
        reason: "terms-unstated".into(),
        remedy:
            "state whether the license's own terms allow Windows XP Professional in place of Windows 7 Professional"
                .into(),
        citation: Some(citation("question \"prior version\"")),
        ..finding(
            "prior-version",
            Outcome::Unknown,
            "the image is of an earlier version, the license terms are not stated",
        )
    };
    let item = item(
        "Professional",
        Verdict::Indeterminate,
        vec![holding("volume-customer", "it is one"), unknown],
    );
    pb::Decision {
        missing_facts: vec!["device.licenses[0].prior_versions".into()],
        unsettled: vec![pb::UnsettledReading {
            condition: "same-language".into(),
            facts: vec![
                "device.licenses[0].product.language".into(),
                "image.products[0].product.language".into(),
            ],
        }],
        ..decision(3, Verdict::Indeterminate, vec![item])
    }
}

/// With facts that reports told, rightly, in vain, and against what was stated.
pub fn reported() -> pb::Decision {
    let note = |field: &str, kind: pb::FactNoteKind, claims| pb::FactNote {
        path: format!("device.licenses[0].{field}"),
        kind: kind.into(),
        claims,
        why: String::new(),
    };
    let stated = pb::Claim {
        value: "en-US".into(),
        ..pb::Claim::default()
    };
    let notes = vec![
        note(
            "product.edition",
            pb::FactNoteKind::Reported,
            vec![claimed(
                "Professional",
                "OA3xOriginalProductKeyDescription",
                "[4.0] Professional OEM:DM",
            )],
        ),
        note(
            "product.language",
            pb::FactNoteKind::Conflict,
            vec![stated, claimed("fr-FR", "OSLanguage", "1036")],
        ),
        pb::FactNote {
            why: "the copy runs in another channel than the license's".into(),
            ..note(
                "prior_versions",
                pb::FactNoteKind::SetAside,
                vec![claimed("Windows XP", "Caption", "Microsoft Windows XP")],
            )
        },
        note(
            "running_channel",
            pb::FactNoteKind::SetAside,
            vec![claimed("volume (MAK)", "ProductKeyChannel", "Volume:MAK")],
        ),
    ];
    pb::Decision {
        resolved: Some(pb::Facts {
            notes,
            ..pb::Facts::default()
        }),
        ..indeterminate()
    }
}

fn claimed(value: &str, key: &str, raw: &str) -> pb::Claim {
    pb::Claim {
        value: value.into(),
        source: "device.licenses[0].reports[0]".into(),
        tool: "wmi".into(),
        key: key.into(),
        raw: raw.into(),
        mapping: "a table: a row".into(),
        knowledge: pb::Knowledge::Recalled.into(),
    }
}

pub fn two_products() -> pb::Decision {
    let mut both = not_permitted();
    both.items.insert(0, permitted().items.remove(0));
    both
}

pub fn language_page() -> ConditionPage {
    ConditionPage {
        code: "same-language",
        decides: "whether the image is in the language that the license is for",
        citations: vec![
            ("Reimaging Eligibility", "1"),
            ("Reimaging Eligibility", "example \"languages\""),
        ],
        outcomes: vec![Outcome::Holds, Outcome::Broken, Outcome::Unknown],
        reasons: vec![
            ("languages-equal", Outcome::Holds, "both tags are the same"),
            ("languages-differ", Outcome::Broken, "the primary languages differ"),
            ("language-unstated", Outcome::Unknown, "one of them is not stated"),
            (
                "region-differs",
                Outcome::Unknown,
                "the language is the same, the region is not",
            ),
        ],
        bases: vec![Basis::ReimagingRight],
    }
}

fn decision(number: u64, verdict: Verdict, items: Vec<pb::Item>) -> pb::Decision {
    pb::Decision {
        decision_id: format!("0198c5a0-7a3e-7cc2-8b6e-00000000000{number}"),
        log_index: number,
        decided_at: Some(crate::wire::Timestamp {
            seconds: 1_767_323_045,
            nanos: 250_000_000,
        }),
        caller: "local".into(),
        request: Some(request()),
        verdict: verdict.into(),
        items,
        advice: vec![pb::Advice {
            code: "agreement-governs".into(),
            text: "The brief is information; the terms of the agreement control.".into(),
        }],
        edition: "2011-02".into(),
        rules_revision: "2011-02/7".into(),
        catalogue_digest: "c0ffee".into(),
        engine: "reimage-rights 0.1.0".into(),
        ..pb::Decision::default()
    }
}

fn request() -> pb::CheckRequest {
    let license = pb::License {
        id: "oem-1".into(),
        product: Some(windows("Professional")),
        channel: pb::Channel::Oem.into(),
        coa: Some(pb::Product {
            name: "Windows 7 Pro".into(),
            ..pb::Product::default()
        }),
        prior_versions: Some(pb::PriorVersions::default()),
        software_assurance: Some(false),
        evidence: "invoice 9".into(),
        ..pb::License::default()
    };
    let image = pb::Image {
        id: "GOLD-7".into(),
        media: Some(pb::Media {
            source: pb::MediaSource::VlscDownload.into(),
            agreement_number: "E-77".into(),
            ..pb::Media::default()
        }),
        deployment: pb::Deployment::StandardImage.into(),
        performed_by: pb::Performer::ServiceProvider.into(),
        products: vec![pb::ImageProduct {
            product: Some(windows("Professional")),
            media: None,
        }],
        ..pb::Image::default()
    };
    pb::CheckRequest {
        request_id: "r-1".into(),
        device: Some(pb::Device {
            id: "PC-0042".into(),
            licenses: vec![license],
            unlicensed: false,
        }),
        image: Some(image),
        agreement: Some(agreement()),
        activation: Some(pb::Activation {
            method: pb::ActivationMethod::Mak.into(),
            remaining: Some(3),
            needed: Some(40),
        }),
        labels: [("site".to_owned(), "Lyon".to_owned())].into(),
        ..pb::CheckRequest::default()
    }
}

fn agreement() -> pb::Agreement {
    pb::Agreement {
        program: pb::Program::EnterpriseAgreement.into(),
        number: "E-77".into(),
        purchases: Some(pb::Purchases {
            items: vec![pb::Purchase {
                product: Some(windows("Enterprise")),
                quantity: Some(250),
            }],
        }),
    }
}

fn windows(edition: &str) -> pb::Product {
    pb::Product {
        family: "Windows".into(),
        version: "7".into(),
        edition: edition.into(),
        language: "en-US".into(),
        architecture: pb::Architecture::X64.into(),
        ..pb::Product::default()
    }
}

fn item(edition: &str, verdict: Verdict, findings: Vec<pb::Finding>) -> pb::Item {
    pb::Item {
        product: Some(windows(edition)),
        verdict: verdict.into(),
        basis: Basis::ReimagingRight.into(),
        license_id: "oem-1".into(),
        findings,
        ..pb::Item::default()
    }
}

fn holding(condition: &str, explanation: &str) -> pb::Finding {
    finding(condition, Outcome::Holds, explanation)
}

fn finding(condition: &str, outcome: Outcome, explanation: &str) -> pb::Finding {
    pb::Finding {
        condition: condition.into(),
        outcome: outcome.into(),
        explanation: explanation.into(),
        ..pb::Finding::default()
    }
}

fn citation(paragraph: &str) -> pb::Citation {
    pb::Citation {
        edition: "2011-02".into(),
        section: "Reimaging Eligibility".into(),
        paragraph: paragraph.into(),
    }
}
