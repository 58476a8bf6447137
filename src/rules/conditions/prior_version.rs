//! prior-version: an earlier version may be used where the license's own terms allow it in place of the licensed one.

use super::{absent, same_version};
use crate::{
    domain::{Field, NoteKind},
    rules::{
        Case, Condition, Reason,
        brief::{QUESTIONS, place},
        case::{IdentityField, Licensed},
        prior, reading, words,
    },
    verdict::{ConditionCode, FactUse, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::PriorVersion,
    decides: "Where the versions differ, the license's own terms allow the image's product in place of the licensed one.",
    cites: &[place(
        QUESTIONS,
        "Do I have the right to reimage with a prior version of my licensed product?",
    )],
    reasons: &[
        &ALLOWED,
        &VERSIONS_EQUAL,
        &NOT_ALLOWED,
        &TERMS_UNSTATED,
        &TERMS_INCOMPLETE,
        &VERSION_UNSTATED,
        &absent::NO_LICENSE,
        &absent::LICENSES_UNSTATED,
        &reading::LABEL_MAY_COUNT,
    ],
    evaluate,
    uses,
};

static ALLOWED: Reason = Reason::holds(
    "terms-allow",
    "the license's terms name the image's product in place of the licensed one",
    |case| {
        format!(
            "The license's terms allow {} in place of the licensed version{}.",
            case.image().describe(),
            whose_word(case)
        )
    },
);
static VERSIONS_EQUAL: Reason = Reason::does_not_apply(
    "versions-equal",
    "the versions are equal, so that no prior version is used",
    |_| "License and image are of the same version, so no prior version is used.".to_owned(),
);
static NOT_ALLOWED: Reason = Reason::broken(
    "terms-do-not-allow",
    "the license's terms do not name the image's product, or its version is not an earlier one",
    |case| {
        format!(
            "{}, which the license's terms do not allow{}.",
            same_version::explain(case),
            whose_word(case)
        )
    },
    "Use an image of the licensed version, or of a prior version that the license's terms name.",
);
static TERMS_UNSTATED: Reason = Reason::unknown(
    "license-terms-not-stated",
    "the versions differ, and which prior versions the license's terms allow is not stated",
    |case| {
        format!(
            "{}; what the license's terms allow is not stated.",
            same_version::explain(case)
        )
    },
    "State which prior versions the license's own terms allow.",
);
static TERMS_INCOMPLETE: Reason = Reason::unknown(
    "listed-product-incomplete",
    "a product that the license's terms name, or the image's, is not fully stated, so that it may match",
    |case| {
        format!(
            "{}; a product that the terms name may be it, but is not fully stated{}.",
            same_version::explain(case),
            whose_word(case)
        )
    },
    "State which prior versions the license's own terms allow, each with family, version and edition, and the same of the image's product.",
);
static VERSION_UNSTATED: Reason = Reason::unknown(
    "version-not-stated",
    "the version of license or image is not stated",
    |case| format!("{}.", same_version::explain(case)),
    "State the version of both the license and the image's product.",
);

/// On whose word the terms count, where they were not stated.
fn whose_word(case: &Case<'_>) -> String {
    let mut known = case.noted(Field::PriorVersions, NoteKind::Known);
    let claim = known.next().and_then(|note| note.claims.first());
    claim.map_or_else(String::new, |claim| {
        format!(
            "; the catalogue knows {}{}",
            claim.value,
            words::known(claim.said.source())
        )
    })
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let Licensed::By(license) = case.licensed() else {
        return absent::reason(case);
    };
    match (prior::versions_equal(case, license), prior::path(case, license)) {
        (Truth::Holds, _) => &VERSIONS_EQUAL,
        (_, Truth::Holds) => &ALLOWED,
        (Truth::Broken, Truth::Broken) => &NOT_ALLOWED,
        (Truth::Broken, Truth::Unknown) if license.prior_versions.is_none() => &TERMS_UNSTATED,
        (Truth::Broken, Truth::Unknown) => &TERMS_INCOMPLETE,
        (Truth::Unknown, _) => &VERSION_UNSTATED,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let mut uses = case.license_uses(|index, license| prior::uses(case, index, license));
    uses.extend(case.image_uses_ahead(&IdentityField::ALL));
    uses
}
