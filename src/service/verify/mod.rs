//! Verify: is a database what it was? Without the service that wrote it, and believing nothing in it.
//!
//! Every record is hashed and the trees are computed anew; they must come to the tiles that are stored and to every signed
//! checkpoint. Every column and every posting is computed from the records. All that reads row after row, and so `SQLite` checks
//! besides that lookups by key come to the same rows. And every decision is evaluated again: what the rules
//! give now is reported apart, since a later revision may rightly give something else.

mod checkpoints;
mod chunk;
mod fault;
mod growth;
mod index;
mod lost;
mod outside;
mod unchecked;
mod verifier;

pub use checkpoints::Subject;
pub use chunk::{catalogue_of, evaluate_again};
pub use fault::Fault;
pub use lost::lost;
pub use unchecked::Unchecked;
pub use verifier::{Report, Verifier, VerifyError};
