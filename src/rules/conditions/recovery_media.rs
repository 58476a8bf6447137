//! recovery-media: a single device is restored from the recovery media that came with it.

use super::source;
use crate::{
    domain::MediaSource,
    rules::{
        Case, Condition, Reason,
        brief::{OEM, place},
    },
    verdict::ConditionCode,
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::RecoveryMedia,
    decides: "The image comes from the OEM's recovery media.",
    cites: &[place(OEM, "bullet 2")],
    reasons: &[&RECOVERY_MEDIA, &OTHER_MEDIA, &source::SOURCE_UNSTATED],
    evaluate,
    uses: source::uses,
};

static RECOVERY_MEDIA: Reason = Reason::holds("recovery-media", "the media is OEM recovery media", source::explain);
static OTHER_MEDIA: Reason = Reason::broken(
    "not-recovery-media",
    "the media is no OEM recovery media",
    source::explain,
    "Recover the device from the recovery media that came with it.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match case.media().source {
        None => &source::SOURCE_UNSTATED,
        Some(MediaSource::OemRecoveryMedia) => &RECOVERY_MEDIA,
        Some(_) => &OTHER_MEDIA,
    }
}
