//! The use cases: check, by itself, in batches and on streams; history, one decision, reproduce; and the committer, which records.
//!
//! A caller is a typed argument. Nothing here knows a transport, a table or the clock.

mod arrears;
mod batch;
mod caller;
mod catalogues;
mod check;
mod committer;
mod counters;
mod earlier;
mod error;
mod export;
mod history;
mod idempotency;
mod issued;
mod limits;
mod notary;
mod noting;
mod operation;
mod opinion;
mod pace;
mod reading;
mod recorder;
mod reproduce;
mod room;
mod stamp;
mod standing;
mod stream;
mod transparency;
mod verify;
mod weight;

pub use caller::Caller;
pub use check::Service;
pub use committer::{Committer, Committing, Recording};
pub use counters::Counters;
pub use error::ServiceError;
pub use limits::Limits;
pub use notary::{Notary, NotaryError};
pub use operation::{Operation, Operations};
pub use pace::Pace;
pub use room::{Place, Room};
pub use stamp::{Clock, Sources, Stamper};
pub use standing::Standing;
pub use stream::StreamEnd;
pub use verify::{Fault, Report, Subject, Unchecked, Verifier, VerifyError, catalogue_of, evaluate_again, lost};
