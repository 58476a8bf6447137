//! windows-enterprise-image: what Software Assurance brings to a device is a Windows desktop Enterprise edition.

use super::enterprise_edition::{self, ENTERPRISE_QUESTION, MAY_BE_ENTERPRISE};
use crate::{
    rules::{Case, Condition, Reason},
    verdict::{ConditionCode, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::WindowsEnterpriseImage,
    decides: "The image is a Windows desktop Enterprise edition.",
    cites: &[ENTERPRISE_QUESTION],
    reasons: &[&ENTERPRISE, &OTHER_PRODUCT, &MAY_BE_ENTERPRISE],
    evaluate,
    uses: enterprise_edition::uses,
};

static ENTERPRISE: Reason = Reason::holds(
    "enterprise-edition",
    "the image is a Windows desktop Enterprise edition",
    |case| format!("{} is an Enterprise edition.", case.image().describe()),
);
static OTHER_PRODUCT: Reason = Reason::broken(
    "not-windows-enterprise",
    "the image is no Windows desktop Enterprise edition",
    |case| format!("{} is no Windows desktop Enterprise edition.", case.image().describe()),
    "This basis serves images of Windows desktop Enterprise editions only.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match case.image_is_windows_enterprise() {
        Truth::Holds => &ENTERPRISE,
        Truth::Broken => &OTHER_PRODUCT,
        Truth::Unknown => &MAY_BE_ENTERPRISE,
    }
}
