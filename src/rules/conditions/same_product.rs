//! same-product: the image holds the very product licensed. Editions are products, and so are N and K variants.

use super::absent;
use crate::{
    domain::License,
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
        case::{IdentityField, Licensed},
        prior, reading, words,
    },
    verdict::{ConditionCode, FactUse, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::SameProduct,
    decides: "Family and edition of the image's product are those licensed, or the license's terms allow that prior product.",
    cites: &[
        place(ELIGIBILITY, "paragraph 1, example of different products"),
        place(ELIGIBILITY, "paragraph 1"),
    ],
    reasons: &[
        &SAME,
        &BY_TERMS,
        &DIFFERENT,
        &TERMS_OPEN,
        &UNSTATED,
        &absent::NO_LICENSE,
        &absent::LICENSES_UNSTATED,
        &reading::LABEL_MAY_COUNT,
    ],
    evaluate,
    uses,
};

static SAME: Reason = Reason::holds("products-equal", "family and edition are equal", |case| {
    format!("License and image are both {}.", image_words(case))
});
static BY_TERMS: Reason = Reason::holds(
    "prior-product-allowed",
    "the license's terms allow the image's prior product",
    |case| {
        format!(
            "The license's terms allow {} in place of {}.",
            case.image().describe(),
            licensed_words(case)
        )
    },
);
static DIFFERENT: Reason = Reason::broken(
    "products-differ",
    "family or edition differ",
    |case| {
        format!(
            "The license is for {}, the image holds {}: different products.",
            licensed_words(case),
            image_words(case)
        )
    },
    "Use an image of the edition the device is licensed for, or license the device for the image's edition.",
);
static TERMS_OPEN: Reason = Reason::unknown(
    "prior-product-open",
    "the editions differ, and whether the license's terms allow the image's prior product is not known",
    |case| {
        format!(
            "The license is for {}, the image holds {}; whether the license's terms allow it is open.",
            licensed_words(case),
            case.image().describe()
        )
    },
    "State which prior versions the license's own terms allow.",
);
static UNSTATED: Reason = Reason::unknown(
    "product-not-stated",
    "family or edition of license or image are not stated",
    |case| {
        format!(
            "The license is for {}, the image holds {}.",
            licensed_words(case),
            image_words(case)
        )
    },
    "State family and edition of both the license and the image's product.",
);

fn image_words(case: &Case<'_>) -> String {
    let image = case.image();
    format!(
        "{} {}",
        words::name(image.family.as_ref()),
        words::name(image.edition.as_ref())
    )
}

fn licensed_words(case: &Case<'_>) -> String {
    let Licensed::By(license) = case.licensed() else {
        return "nothing".to_owned();
    };
    let licensed = case.licensed_identity(license);
    format!("{} {}", words::name(licensed.family), words::name(licensed.edition))
}

fn families(case: &Case<'_>, license: &License) -> Truth {
    Truth::equal(case.licensed_identity(license).family, case.image().family.as_ref())
}

fn editions(case: &Case<'_>, license: &License) -> Truth {
    Truth::equal(case.licensed_identity(license).edition, case.image().edition.as_ref())
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let Licensed::By(license) = case.licensed() else {
        return absent::reason(case);
    };
    let (families, editions) = (families(case, license), editions(case, license));
    match (families.and(editions), prior::path(case, license)) {
        (Truth::Holds, _) => &SAME,
        (_, Truth::Holds) => &BY_TERMS,
        (Truth::Broken, Truth::Broken) => &DIFFERENT,
        (Truth::Broken, Truth::Unknown) => &TERMS_OPEN,
        (Truth::Unknown, _) => &UNSTATED,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let mut uses = case.license_uses(|index, license| {
        let mut uses = Vec::new();
        for field in [IdentityField::Family, IdentityField::Edition] {
            uses.push(case.identity_use(index, license, field));
            uses.push(case.image_use(field));
        }
        if editions(case, license) == Truth::Broken && prior::path(case, license) != Truth::Broken {
            uses.extend(prior::uses(case, index, license));
        }
        uses
    });
    uses.extend(case.image_uses_ahead(&[IdentityField::Family, IdentityField::Edition]));
    uses
}
