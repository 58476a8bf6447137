//! oem-media: organizations never reimage from OEM media.

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
    code: ConditionCode::OemMedia,
    decides: "The image was not made from OEM media, which give an organization no right to reimage.",
    cites: &[place(OEM, "bullet 1")],
    reasons: &[&NO_OEM_MEDIA, &OEM_MEDIA, &source::SOURCE_UNSTATED],
    evaluate,
    uses: source::uses,
};

static NO_OEM_MEDIA: Reason = Reason::does_not_apply("no-oem-media", "the media is no OEM media", source::explain);
static OEM_MEDIA: Reason = Reason::broken(
    "oem-media",
    "the media is an OEM's preinstallation or recovery media",
    source::explain,
    "Make the image from volume licensing media: OEM media give an organization no right to reimage.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match case.media().source {
        None => &source::SOURCE_UNSTATED,
        Some(MediaSource::OemMedia | MediaSource::OemRecoveryMedia) => &OEM_MEDIA,
        Some(_) => &NO_OEM_MEDIA,
    }
}
