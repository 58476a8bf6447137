//! What the conditions on the source of the media share.

use crate::{
    rules::{Case, Reason, words},
    verdict::FactUse,
};

/// Where the media came from is not stated.
pub static SOURCE_UNSTATED: Reason = Reason::unknown(
    "media-source-not-stated",
    "the source of the media is not stated",
    |_| "Where the media came from is not stated.".to_owned(),
    "State the source of the media.",
);

/// Says where the media came from.
pub fn explain(case: &Case<'_>) -> String {
    format!("The media is {}.", words::source(case.media().source))
}

/// The facts read.
pub fn uses(case: &Case<'_>) -> Vec<FactUse> {
    vec![FactUse::needed(case.media_path("source"), case.media().source.as_ref())]
}
