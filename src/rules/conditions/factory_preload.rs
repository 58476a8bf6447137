//! factory-preload: an OEM image goes on a device in the factory, by the OEM.

use super::individual_recovery::DEPLOYMENT_UNSTATED;
use crate::{
    domain::{Deployment, Performer},
    rules::{
        Case, Condition, Reason,
        brief::{OEM, place},
        words,
    },
    verdict::{ConditionCode, FactUse, Path, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::FactoryPreload,
    decides: "The OEM itself preloads the image while the device is manufactured.",
    cites: &[place(OEM, "bullet 2")],
    reasons: &[&PRELOAD, &NO_PRELOAD, &DEPLOYMENT_UNSTATED],
    evaluate,
    uses,
};

static PRELOAD: Reason = Reason::holds("factory-preload", "the OEM preloads the device in the factory", explain);
static NO_PRELOAD: Reason = Reason::broken(
    "not-factory-preload",
    "the image is not preloaded in the factory, or not by the OEM",
    explain,
    "Only the OEM may preload an OEM image, during manufacturing.",
);

fn explain(case: &Case<'_>) -> String {
    format!(
        "The image is meant as {}, done by {}.",
        words::deployment(case.facts.image.deployment),
        words::performer(case.performer())
    )
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let preload = Truth::of(case.facts.image.deployment, |deployment| {
        deployment == Deployment::FactoryPreload
    });
    match preload.and(Truth::from(case.performer() == Performer::Oem)) {
        Truth::Holds => &PRELOAD,
        Truth::Broken => &NO_PRELOAD,
        Truth::Unknown => &DEPLOYMENT_UNSTATED,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let image = &case.facts.image;
    vec![
        FactUse::needed(Path::fixed("image.deployment"), image.deployment.as_ref()),
        FactUse::defaulted(Path::fixed("image.performed_by"), image.performed_by.as_ref()),
    ]
}
