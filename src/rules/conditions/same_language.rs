//! same-language: the image is in the language licensed; the Multilingual User Interface is a language of its own here.
//!
//! The brief speaks of languages, not of regions or scripts: whether `en-US` is the language of `en-GB` it leaves open.

use super::absent;
use crate::{
    domain::{Language, License},
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
        case::Licensed,
    },
    verdict::{ConditionCode, FactUse, Path},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::SameLanguage,
    decides: "The image's product is in the language of the license.",
    cites: &[
        place(ELIGIBILITY, "paragraph 1, example of different languages"),
        place(ELIGIBILITY, "paragraph 1"),
    ],
    reasons: &[
        &EQUAL,
        &DIFFERENT,
        &VARIANTS,
        &UNSTATED,
        &absent::NO_LICENSE,
        &absent::LICENSES_UNSTATED,
    ],
    evaluate,
    uses,
};

static EQUAL: Reason = Reason::holds("languages-equal", "the languages are equal", |case| {
    format!(
        "License and image are both in {}.",
        words(case.image().language.as_ref())
    )
});
static DIFFERENT: Reason = Reason::broken(
    "languages-differ",
    "the primary languages differ, or one side only is multilingual",
    |case| format!("{}: different languages.", explain(case)),
    "Use an image in the language of the license.",
);
static VARIANTS: Reason = Reason::unknown(
    "language-variants",
    "both are variants of one language, of which the brief does not speak",
    |case| {
        format!(
            "{}: variants of one language, on which the brief is silent.",
            explain(case)
        )
    },
    "Use an image in exactly the language of the license, or settle with the agreement's terms that the variants are one.",
);
static UNSTATED: Reason = Reason::unknown(
    "language-not-stated",
    "the language of license or image is not stated",
    |case| format!("{}.", explain(case)),
    "State the language of both the license and the image's product.",
);

fn words(language: Option<&Language>) -> String {
    match language {
        None => "a language not stated".to_owned(),
        Some(Language::Mui) => "several languages (MUI)".to_owned(),
        Some(tag @ Language::Tag(_)) => tag.to_string(),
    }
}

fn explain(case: &Case<'_>) -> String {
    let licensed = match case.licensed() {
        Licensed::By(license) => license.product.language.as_ref(),
        Licensed::Unstated | Licensed::None => None,
    };
    format!(
        "The license is in {}, the image in {}",
        words(licensed),
        words(case.image().language.as_ref())
    )
}

fn compare(case: &Case<'_>, license: &License) -> &'static Reason {
    match (&license.product.language, &case.image().language) {
        (Some(licensed), Some(image)) if licensed == image => &EQUAL,
        (Some(licensed), Some(image)) if licensed.shares_primary_language(image) => &VARIANTS,
        (Some(_), Some(_)) => &DIFFERENT,
        (None, _) | (_, None) => &UNSTATED,
    }
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match case.licensed() {
        Licensed::By(license) => compare(case, license),
        Licensed::Unstated | Licensed::None => absent::reason(case),
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let mut uses = case.license_uses(|index, license| {
        vec![FactUse::needed(
            Path::license(index, "product.language"),
            license.product.language.as_ref(),
        )]
    });
    uses.push(FactUse::needed(
        case.image_path("language"),
        case.image().language.as_ref(),
    ));
    uses
}
