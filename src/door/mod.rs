//! The door: every call comes in here, whichever protocol it is made in.
//!
//! It makes out the caller, holds each to what its method takes and to its pace, ends what takes too long, counts, times and traces, and says how an
//! error of the service reads to whoever called. Nothing here knows what a call is about, or how its bytes are written.

mod admission;
mod call;
mod deadline;
mod entrance;
mod hearing;
mod intake;
mod meter;
mod method;
mod passage;
mod patience;
mod result;
mod status;
mod trace;

pub use admission::Admission;
pub use entrance::{Door, Terms, caller, standing, trace_id};
pub use intake::MESSAGE_LEN_MAX;
pub use meter::Meter;
pub use method::Method;
pub use passage::{Entry, Exit};
pub use result::check_result;
pub use status::{http_status, not_a_call, rpc_status, status, unread, unread_answer, written};
pub use trace::{Protocol, TraceId};
