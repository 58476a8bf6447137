//! preinstalled-product: recovery and preload put on the device what the OEM put there, and nothing else.

use super::absent;
use crate::{
    domain::Identity,
    rules::{
        Case, Condition, Reason,
        brief::{OEM, place},
        case::{IdentityField, Licensed},
    },
    verdict::{ConditionCode, FactUse, Path, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::PreinstalledProduct,
    decides: "The image's product is the one that the OEM preinstalled, in family, version and edition.",
    cites: &[place(OEM, "bullet 2")],
    reasons: &[
        &PREINSTALLED,
        &OTHER_PRODUCT,
        &UNSTATED,
        &absent::NO_LICENSE,
        &absent::LICENSES_UNSTATED,
    ],
    evaluate,
    uses,
};

static PREINSTALLED: Reason = Reason::holds("preinstalled", "the image's product is the one preinstalled", |case| {
    format!("{} is what the OEM preinstalled.", case.image().describe())
});
static OTHER_PRODUCT: Reason = Reason::broken(
    "not-preinstalled",
    "the image's product is not the one preinstalled",
    |case| {
        format!(
            "The OEM preinstalled {}, the image holds {}.",
            words(case),
            case.image().describe()
        )
    },
    "Use the image of the product and version that the OEM preinstalled on this device.",
);
static UNSTATED: Reason = Reason::unknown(
    "preinstalled-not-stated",
    "the product preinstalled, or the image's, is not fully stated",
    |case| {
        format!(
            "The OEM preinstalled {}, the image holds {}.",
            words(case),
            case.image().describe()
        )
    },
    "State family, version and edition of what was preinstalled and of the image's product.",
);

fn words(case: &Case<'_>) -> String {
    match case.licensed() {
        Licensed::By(license) => license.preinstalled_identity().to_string(),
        Licensed::Unstated | Licensed::None => "nothing".to_owned(),
    }
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let Licensed::By(license) = case.licensed() else {
        return absent::reason(case);
    };
    match Truth::from(license.preinstalled_identity().equals(Identity::of(case.image()))) {
        Truth::Holds => &PREINSTALLED,
        Truth::Broken => &OTHER_PRODUCT,
        Truth::Unknown => &UNSTATED,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let mut uses = case.license_uses(|index, license| {
        let (product, place) = match &license.preinstalled {
            Some(product) => (product, "preinstalled"),
            None => (&license.product, "product"),
        };
        IdentityField::ALL
            .map(|field| {
                let inferred = field == IdentityField::Family && license.preinstalled_identity().family.is_some();
                let path = Path::license(index, place).then(field.as_str());
                if inferred {
                    FactUse::defaulted(path, field.of(product))
                } else {
                    FactUse::needed(path, field.of(product))
                }
            })
            .to_vec()
    });
    uses.extend(IdentityField::ALL.map(|field| case.image_use(field)));
    uses
}
