//! gRPC: thin handlers over the use cases.
//!
//! A handler takes the caller from the layer at the door, hands the message to the service and turns what comes back into a
//! response. Nothing here decides, reads or writes.

mod door;
mod eligibility;
mod result;
mod status;
mod transparency;

pub use door::{identify_local, trace_id};
pub use eligibility::Eligibility;
pub use status::status;
pub use transparency::Transparency;
