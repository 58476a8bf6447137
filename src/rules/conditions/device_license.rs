//! device-license: the device is licensed from outside the customer's own volume agreement.

use super::{absent, channel};
use crate::{
    domain::Channel,
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
    },
    verdict::ConditionCode,
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::DeviceLicense,
    decides: "The device holds a license of the product from an OEM, from retail or under another agreement.",
    cites: &[place(ELIGIBILITY, "paragraph 1")],
    reasons: &[
        &LICENSED,
        &VOLUME,
        &channel::NO_LICENSE,
        &channel::CHANNEL_UNSTATED,
        &absent::LICENSES_UNSTATED,
    ],
    evaluate,
    uses: channel::uses,
};

static LICENSED: Reason = Reason::holds(
    "licensed-elsewhere",
    "the license came through the OEM, retail or another agreement",
    channel::explain,
);
static VOLUME: Reason = Reason::broken(
    "own-volume-license",
    "the license is the customer's own volume license, which is a basis of its own",
    channel::explain,
    "Rely on the volume license itself, or on another license of the device.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    channel::decide(case, |channel| match channel {
        Channel::Oem | Channel::Fpp | Channel::OtherAgreement => &LICENSED,
        Channel::Volume => &VOLUME,
    })
}
