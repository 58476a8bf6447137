//! individual-recovery: recovery media restore one device, by the organization or whomever it picks; never many.

use crate::{
    domain::Deployment,
    rules::{
        Case, Condition, Reason,
        brief::{OEM, place},
        words,
    },
    verdict::{ConditionCode, FactUse, Path},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::IndividualRecovery,
    decides: "This one device is restored, rather than one image put on many devices.",
    cites: &[place(OEM, "bullet 2")],
    reasons: &[&RECOVERY, &OTHER_USE, &DEPLOYMENT_UNSTATED],
    evaluate,
    uses,
};

static RECOVERY: Reason = Reason::holds("individual-recovery", "one device is restored", explain);
static OTHER_USE: Reason = Reason::broken(
    "not-individual-recovery",
    "the image is not used to restore one device",
    explain,
    "Use recovery media to restore the one device they came with.",
);

/// What is done with the image is not stated.
pub static DEPLOYMENT_UNSTATED: Reason = Reason::unknown(
    "deployment-not-stated",
    "what is done with the image is not stated",
    |_| "What is done with the image is not stated.".to_owned(),
    "State the deployment of the image.",
);

fn explain(case: &Case<'_>) -> String {
    format!(
        "The image is meant as {}.",
        words::deployment(case.facts.image.deployment)
    )
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match case.facts.image.deployment {
        None => &DEPLOYMENT_UNSTATED,
        Some(Deployment::IndividualRecovery) => &RECOVERY,
        Some(Deployment::StandardImage | Deployment::FactoryPreload) => &OTHER_USE,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    vec![FactUse::needed(
        Path::fixed("image.deployment"),
        case.facts.image.deployment.as_ref(),
    )]
}
