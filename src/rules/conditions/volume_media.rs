//! volume-media: the image comes from volume licensing media that this customer's own agreement provided.
//!
//! A service provider's own volume media carry the provider's rights, not the customer's; agreement numbers tell them apart.

use super::source;
use crate::{
    domain::{MediaSource, Performer},
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, INTRODUCTION, QUESTIONS, place},
        words,
    },
    verdict::{Citation, ConditionCode, FactUse, Path, Truth},
};

const MEANING_OF_MEDIA: Citation = place(QUESTIONS, "What is Microsoft Volume Licensing media?");

pub static CONDITION: Condition = Condition {
    code: ConditionCode::VolumeMedia,
    decides: "The image was made from volume licensing media (a VLSC download or a disc kit) of the customer's own agreement.",
    cites: &[
        place(INTRODUCTION, "paragraph 1"),
        place(ELIGIBILITY, "paragraph 1"),
        MEANING_OF_MEDIA,
    ],
    reasons: &[
        &OWN_MEDIA,
        &OWN_MEDIA_ASSUMED,
        &OTHER_SOURCE,
        &OTHER_AGREEMENT,
        &source::SOURCE_UNSTATED,
        &NUMBER_UNSTATED,
    ],
    evaluate,
    uses,
};

static OWN_MEDIA: Reason = Reason::holds(
    "own-volume-media",
    "volume media, provided under the customer's own agreement number",
    |case| {
        format!(
            "The media is {}, provided under the customer's agreement {}.",
            words::source(case.media().source),
            own_number(case)
        )
    },
);
static OWN_MEDIA_ASSUMED: Reason = Reason::holds(
    "own-volume-media-assumed",
    "volume media; the organization does the imaging, so the media is taken to be of its own agreement",
    |case| {
        format!(
            "The media is {}; as the organization does the imaging itself, it is taken to come with its own agreement.",
            words::source(case.media().source)
        )
    },
);
static OTHER_SOURCE: Reason = Reason::broken(
    "not-volume-media",
    "the media is no volume licensing media",
    |case| {
        format!(
            "The media is {}, which is no volume licensing media.",
            words::source(case.media().source)
        )
    },
    "Make the image from media downloaded from VLSC or from a volume licensing disc kit.",
)
.citing(MEANING_OF_MEDIA);
static OTHER_AGREEMENT: Reason = Reason::broken(
    "media-of-another-agreement",
    "the media was provided under another agreement than the customer's",
    |case| {
        let media = case
            .media()
            .agreement_number
            .as_ref()
            .map_or("(not stated)", |number| number.text());
        format!(
            "The media was provided under agreement {media}, the customer's agreement is {}.",
            own_number(case)
        )
    },
    "Use volume media provided under the customer's own agreement.",
);
static NUMBER_UNSTATED: Reason = Reason::unknown(
    "agreement-number-not-stated",
    "whether the media is of the customer's own agreement is not known: a number to compare is not stated",
    |case| {
        format!(
            "The imaging is done by {}, and the agreement numbers that would tell whose media it is are not both stated.",
            words::performer(case.performer())
        )
    },
    "State the agreement number of the media and that of the customer.",
);

fn own_number<'a>(case: &Case<'a>) -> &'a str {
    case.facts
        .agreement
        .number
        .as_ref()
        .map_or("(not stated)", |number| number.text())
}

/// The organization's own imaging needs no number: its media is taken to be its own.
fn number_assumed(case: &Case<'_>) -> bool {
    case.media().agreement_number.is_none() && case.performer() == Performer::Organization
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let volume = Truth::of(case.media().source, is_volume);
    let numbers = if number_assumed(case) {
        Truth::Holds
    } else {
        Truth::equal(
            case.media().agreement_number.as_ref(),
            case.facts.agreement.number.as_ref(),
        )
    };
    match (volume, numbers) {
        (Truth::Broken, _) => &OTHER_SOURCE,
        (_, Truth::Broken) => &OTHER_AGREEMENT,
        (Truth::Unknown, _) => &source::SOURCE_UNSTATED,
        (Truth::Holds, Truth::Unknown) => &NUMBER_UNSTATED,
        (Truth::Holds, Truth::Holds) if number_assumed(case) => &OWN_MEDIA_ASSUMED,
        (Truth::Holds, Truth::Holds) => &OWN_MEDIA,
    }
}

/// Whether a source is volume licensing media.
pub fn is_volume(source: MediaSource) -> bool {
    matches!(source, MediaSource::VlscDownload | MediaSource::VolumeDiscKit)
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let media = case.media();
    let number = media.agreement_number.as_ref();
    let mut uses = source::uses(case);
    if number_assumed(case) {
        uses.push(FactUse::defaulted(case.media_path("agreement_number"), number));
        uses.push(FactUse::defaulted(
            Path::fixed("image.performed_by"),
            case.facts.image.performed_by.as_ref(),
        ));
    } else {
        uses.push(FactUse::needed(case.media_path("agreement_number"), number));
        uses.push(FactUse::needed(
            Path::fixed("agreement.number"),
            case.facts.agreement.number.as_ref(),
        ));
    }
    uses
}
