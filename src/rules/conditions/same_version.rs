//! same-version: the image holds the version licensed. R2 and 8.1 are versions of their own; service packs are none.

use super::absent;
use crate::{
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
        case::{IdentityField, Licensed},
        prior, reading, words,
    },
    verdict::{ConditionCode, FactUse, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::SameVersion,
    decides: "The version of the image's product is the one licensed, or the license's terms allow that prior version.",
    cites: &[
        place(ELIGIBILITY, "paragraph 1, example of different versions"),
        place(ELIGIBILITY, "paragraph 1"),
    ],
    reasons: &[
        &SAME,
        &BY_TERMS,
        &DIFFERENT,
        &TERMS_OPEN,
        &UNSTATED,
        &absent::NO_LICENSE,
        &absent::LICENSES_UNSTATED,
        &reading::LABEL_MAY_COUNT,
    ],
    evaluate,
    uses,
};

static SAME: Reason = Reason::holds("versions-equal", "the versions are equal", |case| {
    format!(
        "License and image are both of version {}.",
        words::name(case.image().version.as_ref())
    )
});
static BY_TERMS: Reason = Reason::holds(
    "prior-version-allowed",
    "the license's terms allow the image's prior version",
    |case| format!("{}, which the license's terms allow.", explain(case)),
);
static DIFFERENT: Reason = Reason::broken(
    "versions-differ",
    "the versions differ, and the license's terms open no way to the image's",
    |case| format!("{}: different versions.", explain(case)),
    "Use an image of the version the device is licensed for.",
);
static TERMS_OPEN: Reason = Reason::unknown(
    "prior-version-open",
    "the versions differ, and whether the license's terms allow the image's prior version is not known",
    |case| format!("{}; whether the license's terms allow it is open.", explain(case)),
    "State which prior versions the license's own terms allow.",
);
static UNSTATED: Reason = Reason::unknown(
    "version-not-stated",
    "the version of license or image is not stated",
    |case| format!("{}.", explain(case)),
    "State the version of both the license and the image's product.",
);

/// Compares the versions in words.
pub fn explain(case: &Case<'_>) -> String {
    let licensed = match case.licensed() {
        Licensed::By(license) => words::name(case.licensed_identity(license).version),
        Licensed::Unstated | Licensed::None => words::name(None),
    };
    format!(
        "The license is for version {licensed}, the image holds version {}",
        words::name(case.image().version.as_ref())
    )
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let Licensed::By(license) = case.licensed() else {
        return absent::reason(case);
    };
    match (prior::versions_equal(case, license), prior::path(case, license)) {
        (Truth::Holds, _) => &SAME,
        (_, Truth::Holds) => &BY_TERMS,
        (Truth::Broken, Truth::Broken) => &DIFFERENT,
        (Truth::Broken, Truth::Unknown) => &TERMS_OPEN,
        (Truth::Unknown, _) => &UNSTATED,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let mut uses = case.license_uses(|index, license| {
        if prior::versions_equal(case, license) == Truth::Broken {
            return prior::uses(case, index, license);
        }
        vec![
            case.identity_use(index, license, IdentityField::Version),
            case.image_use(IdentityField::Version),
        ]
    });
    uses.extend(case.image_uses_ahead(&[IdentityField::Version]));
    uses
}
