//! Reasons that conditions on the license share when there is no license to look at.

use crate::{
    domain::Holdings,
    rules::{Case, Reason, case::Licensed},
};

/// No licenses are stated, so that there may be any.
pub static LICENSES_UNSTATED: Reason = Reason::unknown(
    "licenses-not-stated",
    "the device's licenses are not stated",
    |_| "The licenses of the device are not stated.".to_owned(),
    "State every license the device holds, or that it is unlicensed.",
);

/// There is no license to compare the image with; the missing license itself is another condition's matter.
pub static NO_LICENSE: Reason = Reason::does_not_apply(
    "no-license-to-compare",
    "the device holds no license for the product's family, so that there is nothing to compare",
    |case| format!("{}, so there is nothing to compare.", holds_none(case)),
);

/// Says that the device holds no license that could carry the image product.
pub fn holds_none(case: &Case<'_>) -> String {
    match case.facts.device.holdings {
        Holdings::Unlicensed => "The device holds no license at all".to_owned(),
        Holdings::Unstated | Holdings::Licenses(_) => format!(
            "None of the device's licenses is for {}",
            case.image()
                .family
                .as_ref()
                .map_or("the image's product", |family| family.text())
        ),
    }
}

/// The shared reason of a case without a license.
pub fn reason(case: &Case<'_>) -> &'static Reason {
    match case.licensed() {
        Licensed::Unstated => &LICENSES_UNSTATED,
        Licensed::None | Licensed::By(_) => &NO_LICENSE,
    }
}
