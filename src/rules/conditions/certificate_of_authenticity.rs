//! certificate-of-authenticity: on an OEM Windows desktop the label says what is licensed, and it wins.

use super::absent;
use crate::{
    catalogue::FamilyClass,
    domain::{Channel, License},
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
        case::Licensed,
    },
    verdict::{ConditionCode, FactUse, Path, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::CertificateOfAuthenticity,
    decides: "Which product the label of an OEM Windows desktop stands for: what it states replaces what the license states.",
    cites: &[place(ELIGIBILITY, "paragraph 2, last sentence")],
    reasons: &[
        &LABEL_READ,
        &LABEL_ASSUMED,
        &NO_LABEL,
        &LABEL_OPEN,
        &absent::NO_LICENSE,
        &NO_LICENSES,
    ],
    evaluate,
    uses,
};

static LABEL_READ: Reason =
    Reason::holds(
        "label-read",
        "the label is stated, and what it states counts",
        |case| match case.licensed() {
            Licensed::By(License { coa: Some(label), .. }) => {
                format!("The label on the device says {}, and it counts.", label.describe())
            }
            _ => "The label counts.".to_owned(),
        },
    );
static LABEL_ASSUMED: Reason = Reason::holds(
    "label-assumed",
    "the label is not stated and taken to say what the license says",
    |case| match case.licensed() {
        Licensed::By(license) => format!(
            "The label on the device is not stated and taken to say what the license says: {}.",
            license.product.describe()
        ),
        Licensed::Unstated | Licensed::None => "The label is not stated.".to_owned(),
    },
);
static NO_LABEL: Reason = Reason::does_not_apply(
    "no-oem-windows-license",
    "the license is no OEM license of a Windows desktop, on which alone the label counts",
    |_| "The license is no OEM license of a Windows desktop, so no label counts.".to_owned(),
);
static LABEL_OPEN: Reason = Reason::does_not_apply(
    "label-open",
    "whether the label counts is not known; only outcomes on which label and license agree are taken",
    |_| {
        "Whether the license is an OEM license of a Windows desktop is not stated, so only what label and license agree on counts."
            .to_owned()
    },
);
static NO_LICENSES: Reason =
    Reason::does_not_apply("no-licenses-stated", "no licenses are stated, and so no label", |_| {
        "The licenses of the device are not stated, so there is no label to read.".to_owned()
    });

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let license = match case.licensed() {
        Licensed::Unstated => return &NO_LICENSES,
        Licensed::None => return &absent::NO_LICENSE,
        Licensed::By(license) => license,
    };
    let oem = Truth::of(license.channel, |channel| channel == Channel::Oem);
    match oem.and(case.is_class(license.product.family.as_ref(), FamilyClass::WindowsDesktop)) {
        Truth::Broken => &NO_LABEL,
        Truth::Unknown => &LABEL_OPEN,
        Truth::Holds if license.coa.is_some() => &LABEL_READ,
        Truth::Holds => &LABEL_ASSUMED,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    case.license_uses(|index, license| {
        vec![
            FactUse::needed(Path::license(index, "channel"), license.channel.as_ref()),
            FactUse::needed(Path::license(index, "product.family"), license.product.family.as_ref()),
            FactUse::defaulted(Path::license(index, "coa"), license.coa.as_ref()),
        ]
    })
}
