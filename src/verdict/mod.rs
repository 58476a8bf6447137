//! The vocabulary of answers: outcomes, findings, verdicts and what they cite.
//!
//! Nothing here knows a rule. The types keep answers honest: a ruling cannot be built without what it rests on.

mod advice;
mod basis;
mod citation;
mod condition;
mod finding;
mod judgement;
mod outcome;
mod path;
mod ruling;

pub use advice::AdviceCode;
pub use basis::Basis;
pub use citation::Citation;
pub use condition::ConditionCode;
pub use finding::Finding;
pub use judgement::{Item, Judgement, OtherBasis, Verdict};
pub use outcome::{Outcome, Truth};
pub use path::{FactUse, Path, Standing};
pub use ruling::{Grounds, Obstacles, Opening, Openings, Ruling};
