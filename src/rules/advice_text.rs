//! Advice in words.

use crate::{domain::Facts, verdict::AdviceCode};

/// An advice in one or two sentences, with the values it turns on.
#[must_use]
pub fn advice_text(advice: AdviceCode, facts: &Facts) -> String {
    match advice {
        AdviceCode::AgreementGoverns => {
            "The licensing brief is informational: where it and the customer's agreement differ, \
                                         the agreement's terms control."
                .to_owned()
        }
        AdviceCode::LabelAssumed => {
            "Read the Certificate of Authenticity label on the device and state it as `coa`: for an \
                                     OEM Windows desktop the label decides which product is licensed."
                .to_owned()
        }
        AdviceCode::SupportAndWarranty => {
            "Reimaging brings no Microsoft support. Ask the OEM or the support provider what it \
                                           does to support and warranty before going on."
                .to_owned()
        }
        AdviceCode::VolumeKeys => {
            "Volume license keys are assigned through VLSC, else by the activation call center. Open \
                                   License customers need one unit of the product first."
                .to_owned()
        }
        AdviceCode::ActivationCount => {
            let count = |count: Option<u32>| count.unwrap_or_default();
            format!(
                "The key has {} activations left and {} are needed. Check the count in VLSC or with VAMT, and request more from \
                 the activation call center: have at hand the agreement, customer and contact, the reason, the key (name it \
                 masked, never here in full) and the number needed.",
                count(facts.activation.remaining),
                count(facts.activation.needed)
            )
        }
        AdviceCode::PlatformSwapped => {
            "License and image differ in 32 and 64 bit; swapping the two is allowed.".to_owned()
        }
        AdviceCode::SoftwareAssuranceNotRequired => {
            "The license is not covered by Software Assurance, which the reimaging right does not ask for.".to_owned()
        }
        AdviceCode::OfficeEnterpriseBuild => {
            "Office from volume licensing is an enterprise product: its editions have other \
                                              contents than those sold by OEMs and retail."
                .to_owned()
        }
        AdviceCode::UpgradeMedia => {
            "The media is upgrade media: a qualifying full license must lie under the Windows desktop it installs."
                .to_owned()
        }
        AdviceCode::RecalledFact => {
            "The answer used a fact that was recalled and not checked against a source, such as the programs of a suite, the \
             order of versions, the terms of a license or the meaning of a value in a report: verify it before relying on the answer."
                .to_owned()
        }
    }
}
