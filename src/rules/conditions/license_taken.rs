//! license-taken: one license carries one product of the image.
//!
//! Unlike every other condition it is decided over the whole image, by the matching of products to licenses; it shows only on
//! a product that a license would carry, were it not taken.

use crate::{
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
    },
    verdict::{ConditionCode, FactUse, Path},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::LicenseTaken,
    decides: "The license that would carry the product is not taken by another product of the image: one license carries one \
              product.",
    cites: &[place(ELIGIBILITY, "paragraph 1")],
    reasons: &[&TAKEN, &MAY_BE_TAKEN],
    evaluate: |_| &FREE,
    uses,
};

/// The license carries another product of the image.
pub static TAKEN: Reason = Reason::broken(
    "license-taken",
    "every license that could carry the product carries another product of the image",
    |case| {
        format!(
            "{} finds its license taken: one license carries one product of the image.",
            case.image().describe()
        )
    },
    "License the device for each product of the image, or deploy the products one license carries.",
);
/// Whether another license can carry the other product is not known.
pub static MAY_BE_TAKEN: Reason = Reason::unknown(
    "license-may-be-taken",
    "the license carries another product of the image, unless another license turns out to carry that",
    |case| {
        format!(
            "{} finds its license taken, unless another license of the device carries the other product.",
            case.image().describe()
        )
    },
    "State the missing facts of the device's other licenses.",
);
/// What one product alone finds; never reported.
static FREE: Reason = Reason::holds(
    "license-free",
    "the license carries no other product of the image",
    |_| "The license carries no other product of the image.".to_owned(),
);

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    case.license_uses(|index, _| vec![FactUse::stated(Path::license(index, ""))])
}
