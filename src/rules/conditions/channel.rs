//! What the conditions on a license's channel share.

use super::absent;
use crate::{
    domain::Channel,
    rules::{Case, Reason, case::Licensed, words},
    verdict::{FactUse, Path},
};

/// How the license was acquired is not stated.
pub static CHANNEL_UNSTATED: Reason = Reason::unknown(
    "channel-not-stated",
    "how the license was acquired is not stated",
    |_| "How the license was acquired is not stated.".to_owned(),
    "State the channel of the license.",
);

/// The device holds no license that could be for the product.
pub static NO_LICENSE: Reason = Reason::broken(
    "no-license",
    "the device holds no license that could be for the product",
    |case| format!("{}.", absent::holds_none(case)),
    "License the device for the image's product first.",
);

/// Decides by the channel, where there is a license and its channel is stated.
pub fn decide(case: &Case<'_>, by: impl FnOnce(Channel) -> &'static Reason) -> &'static Reason {
    match case.licensed() {
        Licensed::Unstated => &absent::LICENSES_UNSTATED,
        Licensed::None => &NO_LICENSE,
        Licensed::By(license) => license.channel.map_or(&CHANNEL_UNSTATED, by),
    }
}

/// Says how the license was acquired.
pub fn explain(case: &Case<'_>) -> String {
    match case.licensed() {
        Licensed::By(license) => format!("The license came through {}.", words::channel(license.channel)),
        Licensed::Unstated | Licensed::None => format!("{}.", absent::holds_none(case)),
    }
}

/// The facts read.
pub fn uses(case: &Case<'_>) -> Vec<FactUse> {
    case.license_uses(|index, license| {
        vec![FactUse::needed(
            Path::license(index, "channel"),
            license.channel.as_ref(),
        )]
    })
}
