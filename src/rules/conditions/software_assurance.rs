//! software-assurance: only a device whose Windows desktop it covers may get an Enterprise edition.

use super::{absent, channel, enterprise_edition::ENTERPRISE_QUESTION};
use crate::{
    catalogue::FamilyClass,
    domain::License,
    rules::{Case, Condition, Reason, case::Licensed},
    verdict::{ConditionCode, FactUse, Path, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::SoftwareAssurance,
    decides: "The device's Windows desktop license is covered by Software Assurance.",
    cites: &[ENTERPRISE_QUESTION],
    reasons: &[
        &COVERED,
        &NOT_COVERED,
        &COVER_OPEN,
        &channel::NO_LICENSE,
        &absent::LICENSES_UNSTATED,
    ],
    evaluate,
    uses,
};

static COVERED: Reason = Reason::holds(
    "covered",
    "Software Assurance covers the Windows desktop license",
    |_| "The Windows desktop license of the device is covered by Software Assurance.".to_owned(),
);
static NOT_COVERED: Reason = Reason::broken(
    "not-covered",
    "Software Assurance does not cover the license, or the license is for no Windows desktop",
    |_| "No Windows desktop license that Software Assurance covers carries this image.".to_owned(),
    "Cover the Windows desktop of the device by Software Assurance.",
);
static COVER_OPEN: Reason = Reason::unknown(
    "cover-not-stated",
    "whether Software Assurance covers the license, or whether the license is for a Windows desktop, is not stated",
    |_| "Whether Software Assurance covers the Windows desktop of the device is not stated.".to_owned(),
    "State whether Software Assurance covers the license, and the license's family.",
);

fn covered(case: &Case<'_>, license: &License) -> Truth {
    Truth::of(license.software_assurance, |covered| covered)
        .and(case.is_class(license.product.family.as_ref(), FamilyClass::WindowsDesktop))
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match case.licensed() {
        Licensed::Unstated => &absent::LICENSES_UNSTATED,
        Licensed::None => &channel::NO_LICENSE,
        Licensed::By(license) => match covered(case, license) {
            Truth::Holds => &COVERED,
            Truth::Broken => &NOT_COVERED,
            Truth::Unknown => &COVER_OPEN,
        },
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    case.license_uses(|index, license| {
        vec![
            FactUse::needed(
                Path::license(index, "software_assurance"),
                license.software_assurance.as_ref(),
            ),
            FactUse::needed(Path::license(index, "product.family"), license.product.family.as_ref()),
        ]
    })
}
