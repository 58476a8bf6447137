//! own-volume-license: a device licensed under the volume agreement itself may run its standard image.

use super::{absent, channel};
use crate::{
    domain::Channel,
    rules::{
        Case, Condition, Reason,
        brief::{INTRODUCTION, place},
    },
    verdict::ConditionCode,
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::OwnVolumeLicense,
    decides: "The device holds the customer's own volume license of the product.",
    cites: &[place(INTRODUCTION, "paragraph 3")],
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

static HELD: Reason = Reason::holds(
    "own-volume-license",
    "the license is the customer's own volume license",
    channel::explain,
);
static OTHER_CHANNEL: Reason = Reason::broken(
    "not-own-volume-license",
    "the license is not the customer's own volume license",
    channel::explain,
    "Assign a volume license of the product to the device.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    channel::decide(case, |channel| {
        if channel == Channel::Volume {
            &HELD
        } else {
            &OTHER_CHANNEL
        }
    })
}
