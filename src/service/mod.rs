//! The use cases: check, history, one decision, reproduce; and the committer, which records.
//!
//! A caller is a typed argument. Nothing here knows a transport, a table or the clock.

mod caller;
mod catalogues;
mod check;
mod committer;
mod error;
mod history;
mod idempotency;
mod reproduce;
mod stamp;

pub use caller::Caller;
pub use check::Service;
pub use committer::{Committer, Committing, Recording};
pub use error::ServiceError;
pub use stamp::{Sources, Stamper};
