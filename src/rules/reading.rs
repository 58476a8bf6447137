//! The label wins: whose word counts for what an OEM license of a Windows desktop is for.

use super::{
    Case, Condition, Reason,
    case::{Licensed, Reading},
    conditions::condition,
};
use crate::{
    catalogue::FamilyClass,
    domain::{Channel, License},
    verdict::{Basis, ConditionCode, FactUse, Finding, Path, Truth},
};

/// Given instead of a condition's own reason while it is not known whether the label counts and the two readings differ.
pub static LABEL_MAY_COUNT: Reason = Reason::unknown(
    "label-may-count",
    "whether the Certificate of Authenticity label counts is not known, and label and license differ on this condition",
    |_| {
        "The label and the license say different things here, and whether the label counts depends on how the license was \
         acquired."
            .to_owned()
    },
    "State the channel and the family of the license: the label counts for an OEM license of a Windows desktop.",
);

/// Whether the label's word replaces the license's own.
pub fn label_counts(case: &Case<'_>, license: &License) -> Truth {
    if case.basis != Basis::ReimagingRight || license.coa.is_none() {
        return Truth::Broken;
    }
    Truth::of(license.channel, |channel| channel == Channel::Oem)
        .and(case.is_class(license.product.family.as_ref(), FamilyClass::WindowsDesktop))
}

/// Decides a condition in a case.
#[must_use]
pub fn find(code: ConditionCode, case: &Case<'_>) -> Finding {
    let condition = condition(code);
    let reason = evaluate(condition, case);
    Finding {
        condition: code,
        outcome: reason.outcome,
        reason: reason.code,
    }
}

/// Decides a condition under the reading that counts; while that is not known, only where both readings agree.
fn evaluate(condition: &Condition, case: &Case<'_>) -> &'static Reason {
    let Licensed::By(license) = case.licensed() else {
        return (condition.evaluate)(case);
    };
    let read = |reading| (condition.evaluate)(&Case { reading, ..*case });
    match label_counts(case, license) {
        Truth::Broken => read(Reading::Product),
        Truth::Holds => read(Reading::Label),
        Truth::Unknown => {
            let (product, label) = (read(Reading::Product), read(Reading::Label));
            let agree = product.outcome.truth() == label.outcome.truth();
            if agree { product } else { &LABEL_MAY_COUNT }
        }
    }
}

/// The facts a condition read in a case, under the reading that counts, to come out for a reason.
#[must_use]
pub fn uses(code: ConditionCode, reason: &str, case: &Case<'_>) -> Vec<FactUse> {
    let condition = condition(code);
    let Licensed::By(license) = case.licensed() else {
        return (condition.uses)(case);
    };
    let counts = label_counts(case, license);
    let reading = if counts == Truth::Holds {
        Reading::Label
    } else {
        Reading::Product
    };
    let mut uses = (condition.uses)(&Case { reading, ..*case });
    if let Some(index) = case.license
        && reason == LABEL_MAY_COUNT.code
    {
        uses.push(FactUse::needed(
            Path::license(index, "channel"),
            license.channel.as_ref(),
        ));
        uses.push(FactUse::needed(
            Path::license(index, "product.family"),
            license.product.family.as_ref(),
        ));
        uses.push(FactUse::stated(Path::license(index, "coa")));
    }
    uses
}

/// The case as a condition sees it when its outcome is put into words.
pub fn case_in_words<'a>(case: &Case<'a>) -> Case<'a> {
    let counts = match case.licensed() {
        Licensed::By(license) => label_counts(case, license) == Truth::Holds,
        Licensed::Unstated | Licensed::None => false,
    };
    Case {
        reading: if counts { Reading::Label } else { Reading::Product },
        ..*case
    }
}
