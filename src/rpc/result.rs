//! What one request of many came to, as a message.

use tokio_stream::{Stream, StreamExt as _};
use tonic::Status;

use super::status::{rpc_status, status};
use crate::{
    service::{ServiceError, StreamEnd},
    wire::pb::{self, check_result::Outcome},
};

/// The result that one item of a batch or a stream is answered with.
pub fn check_result(outcome: Result<pb::Decision, ServiceError>) -> pb::CheckResult {
    let outcome = match outcome {
        Ok(decision) => Outcome::Decision(decision),
        Err(error) => Outcome::Error(rpc_status(&error)),
    };
    pb::CheckResult { outcome: Some(outcome) }
}

/// The answers of a stream, numbered; where it was not the client who ended it, a status says so at the end.
pub fn answers(
    outcomes: impl Stream<Item = Result<Result<pb::Decision, ServiceError>, StreamEnd<Status>>>,
) -> impl Stream<Item = Result<pb::StreamCheckResponse, Status>> {
    let mut positions = 0..;
    outcomes.map(move |outcome| match outcome {
        Ok(outcome) => Ok(pb::StreamCheckResponse {
            position: positions.next().unwrap_or(u64::MAX),
            result: Some(check_result(outcome)),
        }),
        Err(StreamEnd::Broken(status)) => Err(status),
        Err(StreamEnd::Refused(error)) => Err(status(&error)),
    })
}
