//! impossible-claim: the license is said to be one that was never sold, so that it counts for nothing until that is corrected.
//!
//! Unlike other conditions it is of no basis: it stands beside the conditions of every basis on that license.

use crate::{
    domain::{Claim, NoteKind, Place},
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
        words,
    },
    verdict::{ConditionCode, FactUse, Path},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::ImpossibleClaim,
    decides: "The license is not said to be of a product in a channel in which, as the catalogue knows, it was never sold.",
    cites: &[place(ELIGIBILITY, "paragraph 1")],
    reasons: &[&NEVER_SOLD],
    evaluate,
    uses,
};

static NEVER_SOLD: Reason = Reason::unknown(
    "never-sold",
    "the product was never sold in the channel by which the license is said to have been acquired",
    |case| match claim(case) {
        Some(claim) => format!(
            "The license is said to be {}, and no such license was ever sold{}: either the channel or the product is wrong.",
            claim.value,
            words::known(claim.said.source())
        ),
        None => "No such license was ever sold.".to_owned(),
    },
    "Correct the channel or the product of the license, by its label, its invoice or its agreement.",
);
/// What is never reported.
static MAY_BE: Reason = Reason::does_not_apply(
    "may-be-sold",
    "nothing is known that speaks against such a license",
    |_| "Nothing is known that speaks against such a license.".to_owned(),
);

fn claim<'a>(case: &Case<'a>) -> Option<&'a Claim> {
    let notes = case.facts.notes_on(Place::License(case.license?));
    let mut impossible = notes.filter(|note| note.kind == NoteKind::Impossible);
    impossible.next()?.claims.first()
}

fn evaluate(case: &Case<'_>) -> &'static Reason {
    if claim(case).is_some() { &NEVER_SOLD } else { &MAY_BE }
}

/// All that is withheld of the license, of which some part is wrong.
fn uses(case: &Case<'_>) -> Vec<FactUse> {
    case.license_uses(|index, _| {
        ["product.version", "product.edition", "channel"]
            .map(|field| FactUse::needed::<()>(Path::license(index, field), None))
            .to_vec()
    })
}
