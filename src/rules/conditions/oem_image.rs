//! oem-image: what an OEM preloads is its own image, from its own media.

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
    code: ConditionCode::OemImage,
    decides: "The image comes from OEM media.",
    cites: &[place(OEM, "bullet 2")],
    reasons: &[&OEM_MEDIA, &OTHER_MEDIA, &source::SOURCE_UNSTATED],
    evaluate,
    uses: source::uses,
};

static OEM_MEDIA: Reason = Reason::holds("oem-image", "the media is OEM media", source::explain);
static OTHER_MEDIA: Reason = Reason::broken(
    "not-oem-image",
    "the media is no OEM media",
    source::explain,
    "Only an OEM's own image is preloaded on this basis.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match case.media().source {
        None => &source::SOURCE_UNSTATED,
        Some(MediaSource::OemMedia) => &OEM_MEDIA,
        Some(_) => &OTHER_MEDIA,
    }
}
