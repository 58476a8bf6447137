//! volume-offering: the product was in the volume media at all; consumer editions never were.

use crate::{
    catalogue::Listed,
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, QUESTIONS, place},
        case::IdentityField,
    },
    verdict::{ConditionCode, FactUse},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::VolumeOffering,
    decides: "The image's product is one that volume licensing media contain.",
    cites: &[
        place(ELIGIBILITY, "bullet 1"),
        place(
            QUESTIONS,
            "Why is Microsoft Office licensed through Microsoft Volume Licensing different?",
        ),
    ],
    reasons: &[&OFFERED, &NEVER_OFFERED, &MAY_BE_UNOFFERED],
    evaluate,
    uses,
};

static OFFERED: Reason = Reason::holds(
    "not-excluded",
    "the product is not on the list of those never in volume media",
    |case| {
        format!(
            "{} is not among the products that volume media never contained.",
            case.image().describe()
        )
    },
);
static NEVER_OFFERED: Reason = Reason::broken(
    "never-in-volume-media",
    "the product is on the list of those never in volume media",
    |case| format!("{} was never in volume licensing media.", case.image().describe()),
    "Use an image of a product that volume licensing media contain and the device is licensed for.",
);
static MAY_BE_UNOFFERED: Reason = Reason::unknown(
    "product-not-fully-stated",
    "what is stated of the product leaves open whether it is on the list of those never in volume media",
    |case| {
        format!(
            "What is stated, {}, leaves open whether volume media ever contained the product.",
            case.image().describe()
        )
    },
    "State family, version and edition of the image's product.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let image = case.image();
    match case
        .catalogue
        .never_in_volume_media(image.family.as_ref(), image.version.as_ref(), image.edition.as_ref())
    {
        Listed::Yes => &NEVER_OFFERED,
        Listed::Possible => &MAY_BE_UNOFFERED,
        Listed::No => &OFFERED,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    IdentityField::ALL.map(|field| case.image_use(field)).to_vec()
}
