//! How recorded decisions are found again: what is projected from a record, what a query asks, where a page ends.
//!
//! Everything here is a value. Nothing under `history` knows a table, a record's contents or a wire: it says *which* decisions,
//! `store` finds them.

mod cursor;
mod decision_id;
mod filter;
mod page;
mod projection;
mod term;
mod token;

pub use cursor::{Cursor, Order};
pub use decision_id::{decided_at_us, decision_id};
pub use filter::{Filter, TimeRange};
pub use page::{Page, PageSize, PageSizeError};
pub use projection::Projection;
pub use term::{Term, TermKind};
pub use token::{PageToken, TokenError};
