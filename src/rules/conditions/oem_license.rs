//! oem-license: what an OEM preinstalled is recovered or preloaded on an OEM license only.

use super::{absent, channel};
use crate::{
    domain::Channel,
    rules::{
        Case, Condition, Reason,
        brief::{OEM, place},
    },
    verdict::ConditionCode,
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::OemLicense,
    decides: "The device holds an OEM license of the product.",
    cites: &[place(OEM, "bullet 2")],
    reasons: &[
        &HELD,
        &OTHER_CHANNEL,
        &channel::NO_LICENSE,
        &channel::CHANNEL_UNSTATED,
        &absent::LICENSES_UNSTATED,
    ],
    evaluate,
    uses: channel::uses,
};

static HELD: Reason = Reason::holds("oem-license", "the license came through the OEM", channel::explain);
static OTHER_CHANNEL: Reason = Reason::broken(
    "not-oem-license",
    "the license did not come through the OEM",
    channel::explain,
    "Recovery media and OEM preloads serve OEM licenses only.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    channel::decide(
        case,
        |channel| if channel == Channel::Oem { &HELD } else { &OTHER_CHANNEL },
    )
}
