//! The eligibility service as it is served, and its answers with decisions that are encoded already.
//!
//! On the wire these are the messages of the same names in [`pb`], which is what clients read them as.

use super::{Answer, RpcStatus, pb};

pub use generated::eligibility_service_server::{EligibilityService, EligibilityServiceServer};

#[allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::indexing_slicing,
    reason = "generated code"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/served/reimagerights.v1.rs"));
}

/// The answer to one request.
#[derive(Clone, prost::Message)]
pub struct CheckResponse {
    /// The decision.
    #[prost(message, optional, tag = "1")]
    pub decision: Option<Answer>,
}

/// The answer to a batch.
#[derive(Clone, prost::Message)]
pub struct BatchCheckResponse {
    /// What each request came to, in their order.
    #[prost(message, repeated, tag = "1")]
    pub results: Vec<CheckResult>,
}

/// An answer of a stream.
#[derive(Clone, prost::Message)]
pub struct StreamCheckResponse {
    /// Which request of the stream it answers, from 0.
    #[prost(uint64, tag = "1")]
    pub position: u64,
    /// What that came to.
    #[prost(message, optional, tag = "2")]
    pub result: Option<CheckResult>,
}

/// What one request of many came to.
#[derive(Clone, prost::Message)]
pub struct CheckResult {
    /// A decision or an error.
    #[prost(oneof = "Outcome", tags = "1, 2")]
    pub outcome: Option<Outcome>,
}

/// A decision or an error.
#[derive(Clone, prost::Oneof)]
pub enum Outcome {
    /// The decision.
    #[prost(message, tag = "1")]
    Decision(Answer),
    /// Why there is none.
    #[prost(message, tag = "2")]
    Error(RpcStatus),
}

impl From<CheckResult> for pb::CheckResult {
    fn from(result: CheckResult) -> Self {
        let outcome = result.outcome.map(|outcome| match outcome {
            Outcome::Decision(answer) => pb::check_result::Outcome::Decision(answer.into()),
            Outcome::Error(status) => pb::check_result::Outcome::Error(status),
        });
        Self { outcome }
    }
}
