//! The answers of a stream, as messages.

use tokio_stream::{Stream, StreamExt as _};
use tonic::Status;

use crate::{
    door::{check_result, status, unread},
    service::{ServiceError, StreamEnd},
    wire::{Answer, served::StreamCheckResponse},
};

/// The answers of a stream, numbered; where it was not the client who ended it, a status says so at the end.
pub fn answers(
    outcomes: impl Stream<Item = Result<Result<Answer, ServiceError>, StreamEnd<Status>>>,
) -> impl Stream<Item = Result<StreamCheckResponse, Status>> {
    let mut positions = 0..;
    outcomes.map(move |outcome| match outcome {
        Ok(outcome) => Ok(StreamCheckResponse {
            position: positions.next().unwrap_or(u64::MAX),
            result: Some(check_result(outcome)),
        }),
        Err(StreamEnd::Broken(broken)) => Err(unread(broken)),
        Err(StreamEnd::Refused(error)) => Err(status(&error)),
    })
}
