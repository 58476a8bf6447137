//! same-components: suites match only when they are made of exactly the same programs.
//!
//! Components are those stated, else the catalogue's set. On the prior-version path the licensed side is the prior product
//! that the terms name.
//!
//! While the licenses are not stated, the programs of the image's product are not asked for. Where neither side states any, the condition does
//! not apply, so that they count only beside those of a license; stated beside a license that has none, they would open an answer that was
//! settled without them. A license whose programs are known while the image's are not asks for them, in a second round.

use std::collections::BTreeSet;

use super::absent;
use crate::{
    catalogue::{Known, Source},
    domain::{Identity, License, Name, Product},
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
        case::Licensed,
        prior, reading,
    },
    verdict::{ConditionCode, FactUse, Path, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::SameComponents,
    decides: "The licensed product and the image's are made of the same programs.",
    cites: &[
        place(ELIGIBILITY, "paragraph 1, example of different components"),
        place(ELIGIBILITY, "paragraph 1"),
    ],
    reasons: &[
        &EQUAL,
        &NONE_KNOWN,
        &DIFFERENT,
        &ONE_SIDE_KNOWN,
        &TERMS_OPEN,
        &absent::NO_LICENSE,
        &absent::LICENSES_UNSTATED,
        &reading::LABEL_MAY_COUNT,
    ],
    evaluate,
    uses,
};

static EQUAL: Reason = Reason::holds("components-equal", "both sides are made of the same programs", |case| {
    format!("Both are made of {}.", list(components(case, case.image())))
});
static NONE_KNOWN: Reason = Reason::does_not_apply(
    "no-components",
    "neither side is known to be made of several programs",
    |_| "Neither the licensed product nor the image's is known as a suite of programs.".to_owned(),
);
static DIFFERENT: Reason = Reason::broken(
    "components-differ",
    "the sets of programs differ",
    |case| format!("{}: different components.", compare(case)),
    "Use an image of a suite with exactly the licensed programs.",
);
static ONE_SIDE_KNOWN: Reason = Reason::unknown(
    "components-of-one-side",
    "the programs of one side only are known",
    |case| format!("{}.", compare(case)),
    "State the components of both the license and the image's product.",
);
static TERMS_OPEN: Reason = Reason::unknown(
    "prior-product-open",
    "whether the license's terms allow the image's prior product is not known, and with it whose programs count",
    |case| {
        format!(
            "{}; whether the terms allow a prior product with the same programs is open.",
            compare(case)
        )
    },
    "State which prior versions the license's own terms allow.",
);

/// The catalogue's programs of a product.
fn known<'a>(case: &Case<'a>, product: Identity<'_>) -> Option<Known<&'a BTreeSet<Name>>> {
    case.catalogue
        .components(product.family?, product.version?, product.edition?)
}

/// The programs of a product: stated, else the catalogue's.
fn components<'a>(case: &Case<'a>, product: &'a Product) -> Option<&'a BTreeSet<Name>> {
    product
        .components
        .as_ref()
        .or_else(|| known(case, Identity::of(product)).map(|known| known.value))
}

/// How sure the catalogue is of a product's programs; `None` when they are stated or not known to it.
pub fn source(case: &Case<'_>, product: &Product) -> Option<Source> {
    if product.components.is_some() {
        return None;
    }
    known(case, Identity::of(product)).map(|known| known.source)
}

/// The programs on the licensed side: stated, else the catalogue's for the product in this case's reading.
fn licensed_components<'a>(case: &Case<'a>, license: &'a License) -> Option<&'a BTreeSet<Name>> {
    let catalogued = || known(case, case.licensed_identity(license)).map(|known| known.value);
    license.product.components.as_ref().or_else(catalogued)
}

/// How the programs of both sides compare; `None` when neither is known.
fn compared(licensed: Option<&BTreeSet<Name>>, image: Option<&BTreeSet<Name>>) -> Option<Truth> {
    (licensed.is_some() || image.is_some()).then(|| Truth::equal(licensed, image))
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let Licensed::By(license) = case.licensed() else {
        return absent::reason(case);
    };
    let image = components(case, case.image());
    let direct = compared(licensed_components(case, license), image);
    match prior::path(case, license) {
        Truth::Broken => reason(direct),
        Truth::Holds => reason(by_terms(case, license, image)),
        Truth::Unknown if direct.is_none() => reason(direct),
        Truth::Unknown if direct == Some(Truth::Unknown) => &ONE_SIDE_KNOWN,
        Truth::Unknown => &TERMS_OPEN,
    }
}

/// Any product that the terms name and that is the image's may match; one that may be it can still turn out to.
fn by_terms(case: &Case<'_>, license: &License, image: Option<&BTreeSet<Name>>) -> Option<Truth> {
    let entries = license.prior_versions.iter().flatten();
    let mut best = Truth::Broken;
    let mut is_suite = false;
    for entry in entries {
        let fits = prior::fits(case, entry);
        let truth = compared(components(case, entry), image);
        is_suite |= fits == Truth::Holds && truth.is_some();
        best = best.or(fits.and(truth.unwrap_or(Truth::Holds)));
    }
    (is_suite || best != Truth::Holds).then_some(best)
}

fn reason(compared: Option<Truth>) -> &'static Reason {
    match compared {
        None => &NONE_KNOWN,
        Some(Truth::Holds) => &EQUAL,
        Some(Truth::Broken) => &DIFFERENT,
        Some(Truth::Unknown) => &ONE_SIDE_KNOWN,
    }
}

fn compare(case: &Case<'_>) -> String {
    let licensed = match case.licensed() {
        Licensed::By(license) => licensed_components(case, license),
        Licensed::Unstated | Licensed::None => None,
    };
    format!(
        "The license covers {}, the image holds {}",
        list(licensed),
        list(components(case, case.image()))
    )
}

fn list(components: Option<&BTreeSet<Name>>) -> String {
    components.map_or_else(
        || "programs not stated".to_owned(),
        |components| components.iter().map(Name::text).collect::<Vec<_>>().join(", "),
    )
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    case.license_uses(|index, license| {
        let path = prior::path(case, license);
        let mut uses = Vec::new();
        if path != Truth::Holds {
            let known = licensed_components(case, license).is_some();
            uses.extend(component_uses(known, case.licensed_identity(license), |field| {
                Path::license(index, "product").then(field)
            }));
        }
        if path != Truth::Broken {
            uses.extend(prior::uses(case, index, license));
            let entries = license.prior_versions.iter().flatten().enumerate();
            for (position, entry) in entries.filter(|(_, entry)| prior::fits(case, entry) != Truth::Broken) {
                uses.extend(component_uses(
                    components(case, entry).is_some(),
                    Identity::of(entry),
                    |field| prior::entry_path(case, index, position, field),
                ));
            }
        }
        let image = case.image();
        let known = components(case, image).is_some();
        uses.extend(component_uses(known, Identity::of(image), |field| {
            case.image_path(field)
        }));
        uses
    })
}

/// Components are missing only where the product is fully stated: before that, what it is decides what it is made of.
fn component_uses(known: bool, product: Identity<'_>, path: impl Fn(&str) -> Path) -> Vec<FactUse> {
    let unstated = [
        ("family", product.family),
        ("version", product.version),
        ("edition", product.edition),
    ];
    let unstated: Vec<FactUse> = unstated
        .into_iter()
        .filter(|(_, part)| !known && part.is_none())
        .map(|(field, part)| FactUse::needed(path(field), part))
        .collect();
    if unstated.is_empty() {
        vec![FactUse::needed(path("components"), known.then_some(&()))]
    } else {
        unstated
    }
}
