//! enterprise-edition: Windows Enterprise is not sold outside volume licensing, and so nothing can be reimaged to it.

use crate::{
    rules::{
        Case, Condition, Reason,
        brief::{QUESTIONS, place},
        case::IdentityField,
    },
    verdict::{Citation, ConditionCode, FactUse, Truth},
};

/// The question of the brief on Windows 7 Enterprise.
pub const ENTERPRISE_QUESTION: Citation = place(
    QUESTIONS,
    "Can I use my Windows 7 Enterprise Volume Licensing media to reimage an OEM PC licensed for Windows 7 Professional?",
);

pub static CONDITION: Condition = Condition {
    code: ConditionCode::EnterpriseEdition,
    decides: "The image is no Windows desktop Enterprise edition, which Software Assurance alone brings to a device.",
    cites: &[place("Footnotes", "footnote 1"), ENTERPRISE_QUESTION],
    reasons: &[&OTHER_EDITION, &NO_WINDOWS, &ENTERPRISE, &MAY_BE_ENTERPRISE],
    evaluate,
    uses,
};

static OTHER_EDITION: Reason = Reason::holds("not-enterprise", "the edition is no Enterprise edition", |case| {
    format!("{} is no Enterprise edition.", case.image().describe())
});
static NO_WINDOWS: Reason = Reason::does_not_apply(
    "not-windows-desktop",
    "the image's product is no Windows desktop",
    |case| format!("{} is no Windows desktop.", case.image().describe()),
);
static ENTERPRISE: Reason = Reason::broken(
    "enterprise-edition",
    "the image is a Windows desktop Enterprise edition, which is never eligible on this basis",
    |case| {
        format!(
            "{} is an Enterprise edition, which is never eligible on this basis.",
            case.image().describe()
        )
    },
    "Cover the Windows desktop of the device by Software Assurance, or use an image of the licensed edition.",
);
/// What is stated leaves open whether the image is an Enterprise edition.
pub static MAY_BE_ENTERPRISE: Reason = Reason::unknown(
    "product-not-fully-stated",
    "family or edition of the image's product is not stated, so that it may be an Enterprise edition",
    |case| {
        format!(
            "What is stated, {}, leaves open whether it is an Enterprise edition.",
            case.image().describe()
        )
    },
    "State family and edition of the image's product.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match (case.image_is_windows_desktop(), case.image_is_windows_enterprise()) {
        (Truth::Broken, _) => &NO_WINDOWS,
        (_, Truth::Broken) => &OTHER_EDITION,
        (_, Truth::Holds) => &ENTERPRISE,
        (_, Truth::Unknown) => &MAY_BE_ENTERPRISE,
    }
}

/// The facts read.
pub fn uses(case: &Case<'_>) -> Vec<FactUse> {
    vec![
        case.image_use(IdentityField::Family),
        case.image_use(IdentityField::Edition),
    ]
}
