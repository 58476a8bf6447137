//! one-license: the open programs give media and keys only to who bought one license of the software.
//!
//! One license in all, not one per device. The pool programs need no purchase; on the prior-version path a license of the
//! product from which the right derives will do.

use std::cmp::Ordering;

use crate::{
    catalogue::Source,
    domain::{Identity, License, Program, Purchase},
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, QUESTIONS, place},
        case::{IdentityField, Licensed},
        prior, reading, words,
    },
    verdict::{Citation, ConditionCode, FactUse, Path, Standing, Truth},
};

const POOL: Citation = place(ELIGIBILITY, "bullet 1");
const OPEN: Citation = place(ELIGIBILITY, "bullet 2");

pub static CONDITION: Condition = Condition {
    code: ConditionCode::OneLicense,
    decides: "Under an open program, at least one license of the software was bought under the agreement number; under a pool \
              program no purchase is needed.",
    cites: &[
        OPEN,
        POOL,
        place(
            QUESTIONS,
            "How do I get the Volume Licensing Keys (VLKs) needed to reimage my product?",
        ),
    ],
    reasons: &[
        &POOL_PROGRAM,
        &NO_PROGRAM,
        &BOUGHT,
        &NOT_BOUGHT,
        &PURCHASE_OPEN,
        &LATER_BOUGHT,
        &OTHER_PROGRAM,
        &PROGRAM_UNSTATED,
        &reading::LABEL_MAY_COUNT,
    ],
    evaluate,
    uses,
};

static POOL_PROGRAM: Reason = Reason::does_not_apply(
    "pool-program",
    "the program is a pool program, which needs no purchase",
    |case| {
        format!(
            "{} covers the whole product pool, so no purchase of the product is needed.",
            program(case)
        )
    },
)
.citing(POOL);
static NO_PROGRAM: Reason =
    Reason::does_not_apply("no-program", "there is no agreement under which one could buy", |_| {
        "There is no volume licensing agreement under which the product could be bought.".to_owned()
    });
static BOUGHT: Reason = Reason::holds(
    "license-bought",
    "one license of the image's product, or of the licensed product on the prior-version path, was bought",
    |case| {
        format!(
            "At least one license of {} or of what its use derives from was bought.",
            case.image().describe()
        )
    },
);
static NOT_BOUGHT: Reason = Reason::broken(
    "no-license-bought",
    "no purchase under the agreement number covers the software",
    |case| {
        format!(
            "{} needs one purchase of {}, and none was made.",
            program(case),
            covering(case)
        )
    },
    "Buy one license of the image's product under the agreement number, or of the licensed product where its terms allow the image's.",
);
static PURCHASE_OPEN: Reason = Reason::unknown(
    "purchase-open",
    "what is stated of the purchases or the licenses leaves open whether one covers the software, or only a later version was bought",
    |case| {
        format!(
            "{} needs one purchase of {}; whether there was one is open.",
            program(case),
            case.image().describe()
        )
    },
    "State the purchases under the agreement number with product and quantity, and the licenses and their terms.",
);
static LATER_BOUGHT: Reason = Reason::unknown(
    "later-version-bought",
    "a later version of the same edition was bought, of which the brief does not say whether it counts",
    |case| {
        format!(
            "A later version of {} was bought; the brief does not say whether that purchase counts.",
            case.image().describe()
        )
    },
    "Settle with the agreement's terms whether the purchase counts, or buy one license of the image's version.",
);
static OTHER_PROGRAM: Reason = Reason::unknown(
    "program-not-in-brief",
    "the brief does not say whether the program needs a purchase, and none is stated that would settle it",
    |_| {
        "The brief does not say whether this program needs a purchase, and no purchase of the product is stated."
            .to_owned()
    },
    "See the agreement's own terms, or state a purchase of the product.",
);
static PROGRAM_UNSTATED: Reason = Reason::unknown(
    "program-not-stated",
    "the program is not stated, and no purchase is stated that would settle it",
    |_| "The program is not stated, and with it whether a purchase of the product is needed.".to_owned(),
    "State the program of the agreement.",
);

/// The products of which one license would cover the software.
fn covering(case: &Case<'_>) -> String {
    let image = case.image().describe();
    match case.licensed() {
        Licensed::By(license) if prior::path(case, license) != Truth::Broken => {
            format!("{image} or of {}", case.licensed_identity(license))
        }
        Licensed::By(_) | Licensed::Unstated | Licensed::None => image.to_string(),
    }
}

fn program(case: &Case<'_>) -> &'static str {
    words::program(case.facts.agreement.program)
}

enum Need {
    None,
    Purchase,
    Unclear,
}

fn need(program: Program) -> Option<Need> {
    match program {
        Program::SelectPlus
        | Program::SelectLicense
        | Program::EnterpriseAgreement
        | Program::EnterpriseAgreementSubscription
        | Program::CampusAgreement
        | Program::SchoolAgreement => Some(Need::None),
        Program::OpenLicense | Program::OpenValue | Program::OpenValueSubscription => Some(Need::Purchase),
        Program::OtherVolume => Some(Need::Unclear),
        Program::None => None,
    }
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let Some(program) = case.facts.agreement.program else {
        return if bought(case) == Truth::Holds {
            &BOUGHT
        } else {
            &PROGRAM_UNSTATED
        };
    };
    match (need(program), bought(case)) {
        (None, _) => &NO_PROGRAM,
        (Some(Need::None), _) => &POOL_PROGRAM,
        (Some(Need::Purchase | Need::Unclear), Truth::Holds) => &BOUGHT,
        (Some(Need::Purchase), Truth::Unknown) if only_later_bought(case) => &LATER_BOUGHT,
        (Some(Need::Purchase), Truth::Unknown) => &PURCHASE_OPEN,
        (Some(Need::Purchase), Truth::Broken) => &NOT_BOUGHT,
        (Some(Need::Unclear), Truth::Unknown | Truth::Broken) => &OTHER_PROGRAM,
    }
}

/// Whether one license that covers the software was bought.
fn bought(case: &Case<'_>) -> Truth {
    let Some(purchases) = &case.facts.agreement.purchases else {
        return Truth::Unknown;
    };
    let path = derivation(case);
    let unstated = if matches!(case.licensed(), Licensed::Unstated) {
        Truth::Unknown
    } else {
        Truth::Broken
    };
    Truth::any(purchases.iter().map(|purchase| covers(case, path, purchase))).or(unstated)
}

/// Whether the image's product may derive from the licensed one, on the prior-version path.
fn derivation(case: &Case<'_>) -> Truth {
    match case.licensed() {
        Licensed::By(license) => prior::path(case, license),
        Licensed::Unstated | Licensed::None => Truth::Broken,
    }
}

fn covers(case: &Case<'_>, path: Truth, purchase: &Purchase) -> Truth {
    let bought = Identity::of(&purchase.product);
    let derives = match case.licensed() {
        Licensed::By(license) => path.and(Truth::from(bought.equals(case.licensed_identity(license)))),
        Licensed::Unstated | Licensed::None => Truth::Broken,
    };
    let product = Truth::from(bought.equals(Identity::of(case.image())))
        .or(derives)
        .or(later_in_lineage(case, bought));
    Truth::of(purchase.quantity, |quantity| quantity > 0).and(product)
}

/// Whether everything is stated, and what leaves the answer open is the purchase of a later version.
fn only_later_bought(case: &Case<'_>) -> bool {
    uses(case).iter().all(|used| used.standing != Standing::Missing)
}

/// A later version of the same edition lineage neither counts nor fails: the brief does not say.
fn later_in_lineage(case: &Case<'_>, bought: Identity<'_>) -> Truth {
    let image = Identity::of(case.image());
    if Truth::equal(bought.family, image.family) == Truth::Broken {
        return Truth::Broken;
    }
    if let (Some(family), Some(edition), Some(image_edition)) =
        (bought.family.or(image.family), bought.edition, image.edition)
        && !case.catalogue.same_lineage(family, edition, image_edition)
    {
        return Truth::Broken;
    }
    let (Some(family), Some(version), Some(edition)) = (bought.family, bought.version, bought.edition) else {
        return Truth::Unknown;
    };
    let (Some(image_version), Some(image_edition)) = (image.version, image.edition) else {
        return Truth::Unknown;
    };
    let later = version != image_version
        && case
            .catalogue
            .order(family, version, image_version)
            .is_none_or(|order| order == Ordering::Greater);
    let lineage = case.catalogue.same_lineage(family, edition, image_edition);
    if later && lineage {
        Truth::Unknown
    } else {
        Truth::Broken
    }
}

/// How sure the catalogue is of whether a later version of the image's edition was bought, where a purchase is needed; `None` where it
/// says nothing that counts.
pub fn source(case: &Case<'_>) -> Option<Source> {
    let agreement = &case.facts.agreement;
    if !matches!(agreement.program.and_then(need), Some(Need::Purchase)) {
        return None;
    }
    let purchases = agreement.purchases.iter().flatten();
    let counted = purchases.filter(|purchase| purchase.quantity != Some(0));
    let sources = counted.filter_map(|purchase| later_source(case, Identity::of(&purchase.product)));
    sources.max()
}

/// The order counts of editions of one lineage, and the lineage of what is not known to be an earlier version.
fn later_source(case: &Case<'_>, bought: Identity<'_>) -> Option<Source> {
    let image = Identity::of(case.image());
    let family = bought.family.filter(|family| image.family == Some(family))?;
    let (version, image_version) = (bought.version?, image.version?);
    let (edition, image_edition) = (bought.edition?, image.edition?);
    if version == image_version {
        return None;
    }
    let lineage = case.catalogue.lineage_source(family, edition, image_edition);
    if case.catalogue.same_lineage(family, edition, image_edition) {
        return lineage.max(case.catalogue.order_source(family, version, image_version));
    }
    let is_earlier = case.catalogue.order(family, version, image_version) == Some(Ordering::Less);
    lineage.filter(|_| !is_earlier)
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let agreement = &case.facts.agreement;
    let mut uses = vec![FactUse::needed(
        Path::fixed("agreement.program"),
        agreement.program.as_ref(),
    )];
    if agreement
        .program
        .is_some_and(|program| matches!(need(program), None | Some(Need::None)))
    {
        return uses;
    }
    uses.push(FactUse::needed(
        Path::fixed("agreement.purchases"),
        agreement.purchases.as_ref(),
    ));
    let path = derivation(case);
    let purchases = agreement.purchases.iter().flatten();
    for (index, purchase) in purchases
        .enumerate()
        .filter(|(_, purchase)| covers(case, path, purchase) != Truth::Broken)
    {
        for field in IdentityField::ALL {
            let path = Path::purchase(index, "product").then(field.as_str());
            uses.push(FactUse::needed(path, field.of(&purchase.product)));
        }
        uses.push(FactUse::needed(
            Path::purchase(index, "quantity"),
            purchase.quantity.as_ref(),
        ));
    }
    if bought(case) == Truth::Unknown {
        uses.extend(IdentityField::ALL.map(|field| case.image_use(field)));
        uses.extend(case.license_uses(|index, license| derivation_uses(case, index, license)));
    }
    uses
}

/// What the license says, where a purchase of the licensed product could count.
fn derivation_uses(case: &Case<'_>, index: usize, license: &License) -> Vec<FactUse> {
    let licensed = case.licensed_identity(license);
    let may_be = |purchase: &Purchase| Identity::of(&purchase.product).equals(licensed) != Some(false);
    let purchases = case.facts.agreement.purchases.as_ref();
    let may_derive = purchases.is_none_or(|purchases| purchases.iter().any(may_be));
    if prior::path(case, license) == Truth::Broken || !may_derive {
        return Vec::new();
    }
    let mut uses = IdentityField::ALL
        .map(|field| case.identity_use(index, license, field))
        .to_vec();
    uses.extend(prior::uses(case, index, license));
    uses
}
