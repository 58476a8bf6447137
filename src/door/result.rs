//! What one request of many came to, as a message.

use super::status::rpc_status;
use crate::{
    service::ServiceError,
    wire::pb::{self, check_result::Outcome},
};

/// The result that one item of a batch or a stream is answered with.
#[must_use]
pub fn check_result(outcome: Result<pb::Decision, ServiceError>) -> pb::CheckResult {
    let outcome = match outcome {
        Ok(decision) => Outcome::Decision(decision),
        Err(error) => Outcome::Error(rpc_status(&error)),
    };
    pb::CheckResult { outcome: Some(outcome) }
}
