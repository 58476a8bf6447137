//! The rules: the licensing brief of February 2011, clause by clause.
//!
//! Pure: nothing under `rules` can read a clock, draw randomness, do I/O or know a wire. A condition is one file under
//! `conditions`, with its citation, meaning and check; a basis is a list of conditions; a judgement is Kleene logic over both.

mod advice;
mod advice_text;
mod basis;
mod brief;
mod case;
mod condition;
mod conditions;
mod edition;
mod evaluate;
mod matching;
mod pair;
mod prior;
mod reading;
mod recalled;
mod wording;
mod words;

pub use advice_text::advice_text;
pub use basis::{bases_of, conditions_of};
pub use case::{Case, Reading};
pub use condition::{Condition, Reason};
pub use conditions::condition;
pub use edition::Edition;
pub use evaluate::evaluate;
pub use reading::{find, uses};
pub use wording::{Wording, word};
