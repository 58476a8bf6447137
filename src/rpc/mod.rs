//! gRPC: thin handlers over the use cases.
//!
//! A handler takes the caller from the layer at the door, hands the message to the service and turns what comes back into a
//! response. Nothing here decides, reads or writes.

mod call;
mod deadline;
mod door;
mod eligibility;
mod meter;
mod method;
mod patience;
mod result;
mod status;
mod trace;
mod transparency;

pub use door::{Admission, Door, Doorway, Terms};
pub use eligibility::Eligibility;
pub use meter::Meter;
pub use status::status;
pub use transparency::Transparency;
