//! volume-customer: reimaging rights belong to volume licensing customers, whichever the program.

use crate::{
    domain::Program,
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, INTRODUCTION, place},
        words,
    },
    verdict::{ConditionCode, FactUse, Path},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::VolumeCustomer,
    decides: "The organization is a Microsoft volume licensing customer, under any program.",
    cites: &[place(INTRODUCTION, "paragraph 1"), place(ELIGIBILITY, "paragraph 1")],
    reasons: &[&CUSTOMER, &NO_CUSTOMER, &UNSTATED],
    evaluate,
    uses,
};

static CUSTOMER: Reason = Reason::holds(
    "volume-customer",
    "the agreement is of a volume licensing program",
    |case| {
        format!(
            "The organization is a volume licensing customer under {}.",
            words::program(case.facts.agreement.program)
        )
    },
);
static NO_CUSTOMER: Reason = Reason::broken(
    "no-volume-customer",
    "the organization has no volume licensing agreement",
    |_| "The organization is no volume licensing customer.".to_owned(),
    "Only a volume licensing agreement of the organization brings rights to volume media.",
);
static UNSTATED: Reason = Reason::unknown(
    "program-not-stated",
    "the program of the agreement is not stated",
    |_| "The program of the customer's agreement is not stated.".to_owned(),
    "State the program of the agreement.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    match case.facts.agreement.program {
        None => &UNSTATED,
        Some(Program::None) => &NO_CUSTOMER,
        Some(_) => &CUSTOMER,
    }
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    vec![FactUse::needed(
        Path::fixed("agreement.program"),
        case.facts.agreement.program.as_ref(),
    )]
}
