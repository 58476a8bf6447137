//! platform: 32-bit and 64-bit may be swapped. An architecture that is not stated is taken not to differ.

use super::absent;
use crate::{
    domain::{Architecture, Field, Note, NoteKind},
    rules::{
        Case, Condition, Reason,
        brief::{QUESTIONS, place},
        case::Licensed,
        words,
    },
    verdict::{ConditionCode, FactUse, Path},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::Platform,
    decides: "The architecture is the licensed one, or 32-bit and 64-bit are swapped.",
    cites: &[place(QUESTIONS, "Can I reimage a 32 bit OEM PC to 64 bit?")],
    reasons: &[
        &EQUAL,
        &ASSUMED,
        &SWAPPED,
        &OTHER,
        &CONTRADICTED,
        &absent::NO_LICENSE,
        &absent::LICENSES_UNSTATED,
    ],
    evaluate,
    uses,
};

static EQUAL: Reason = Reason::holds("architectures-equal", "the architectures are equal", |case| {
    format!(
        "License and image are both {}.",
        words::architecture(case.image().architecture)
    )
});
static ASSUMED: Reason = Reason::holds(
    "architecture-assumed",
    "the architecture of one side is not stated and taken not to differ",
    |_| "The architecture of license or image is not stated and taken not to differ.".to_owned(),
);
/// 32-bit and 64-bit are swapped.
pub static SWAPPED: Reason = Reason::holds(
    "platform-swapped",
    "32-bit and 64-bit are swapped, which is allowed",
    |case| format!("{}, which may be swapped.", explain(case)),
);
static OTHER: Reason = Reason::unknown(
    "platform-not-in-brief",
    "ARM64 against another architecture, of which the brief does not speak",
    |case| format!("{}, a swap of which the brief does not speak.", explain(case)),
    "Use an image for the architecture of the license.",
);

static CONTRADICTED: Reason = Reason::unknown(
    "architecture-contradicted",
    "what was stated and what reports say of an architecture contradict, so that it is not known",
    |_| "The architecture of license or image is contradicted, so it is not known.".to_owned(),
    "State the architecture that is right, and leave out the report that is wrong.",
);

/// Who of license and image is contradicted; an architecture that is merely not stated is taken not to differ.
fn contradicted<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Note> {
    case.noted(Field::Architecture, NoteKind::Conflict)
}

fn licensed(case: &Case<'_>) -> Option<Architecture> {
    match case.licensed() {
        Licensed::By(license) => license.product.architecture,
        Licensed::Unstated | Licensed::None => None,
    }
}

fn explain(case: &Case<'_>) -> String {
    format!(
        "The license is for {}, the image for {}",
        words::architecture(licensed(case)),
        words::architecture(case.image().architecture)
    )
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    if contradicted(case).next().is_some() {
        return &CONTRADICTED;
    }
    let Licensed::By(license) = case.licensed() else {
        return if case.image().architecture.is_none() {
            &ASSUMED
        } else {
            absent::reason(case)
        };
    };
    match (license.product.architecture, case.image().architecture) {
        (None, _) | (_, None) => &ASSUMED,
        (Some(licensed), Some(image)) if licensed == image => &EQUAL,
        (Some(Architecture::Arm64), _) | (_, Some(Architecture::Arm64)) => &OTHER,
        (Some(_), Some(_)) => &SWAPPED,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let known = |path: Path, stated: Option<&Architecture>| {
        if contradicted(case).any(|note| case.noted_path(note) == path) {
            FactUse::needed::<()>(path, None)
        } else {
            FactUse::defaulted(path, stated)
        }
    };
    let mut uses = case.license_uses(|index, license| {
        let path = Path::license(index, "product.architecture");
        vec![known(path, license.product.architecture.as_ref())]
    });
    uses.push(known(
        case.image_path("architecture"),
        case.image().architecture.as_ref(),
    ));
    uses
}
