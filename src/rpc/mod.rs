//! gRPC: thin handlers over the use cases.
//!
//! A handler takes the caller that the door made out, hands the message to the service and turns what comes back into a
//! response. Nothing here decides, reads or writes.

mod doorway;
mod eligibility;
mod result;
mod transparency;

pub use doorway::{Behind, Doorway};
pub use eligibility::Eligibility;
pub use transparency::Transparency;
