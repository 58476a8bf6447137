//! What one request of many came to, as a message.

use super::status::rpc_status;
use crate::{
    service::ServiceError,
    wire::{
        Answer,
        served::{CheckResult, Outcome},
    },
};

/// The result that one item of a batch or a stream is answered with.
#[must_use]
pub fn check_result(outcome: Result<Answer, ServiceError>) -> CheckResult {
    let outcome = match outcome {
        Ok(answer) => Outcome::Decision(answer),
        Err(error) => Outcome::Error(rpc_status(&error)),
    };
    CheckResult { outcome: Some(outcome) }
}
