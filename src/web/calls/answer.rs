//! Answers: a message, or the status of an error, in JSON.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    door::{http_status, not_a_call, rpc_status},
    service::ServiceError,
    wire::RpcStatus,
};

/// With the encoding, which JSON does not take and old clients do not guess.
pub(super) const JSON: &str = "application/json; charset=utf-8";
/// Some old clients keep what they once got, and ask no more.
const NOT_KEPT: &str = "no-store";
/// How callers show who they are, where they do not.
const BEARER: HeaderValue = HeaderValue::from_static("Bearer");

/// What a handler gives.
pub(super) type Answer<T> = Result<Message<T>, Refusal>;

/// A message as the answer.
#[derive(Debug)]
pub(super) struct Message<T>(pub(super) T);

/// An error as the answer: `google.rpc.Status`, the same that gRPC gives.
#[derive(Debug)]
pub(super) struct Refusal {
    http: StatusCode,
    status: RpcStatus,
}

/// The code that a call ended with, for whoever counts it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ended(pub(super) i32);

impl Refusal {
    /// Of a request that is no call.
    pub(super) fn not_a_call(http: StatusCode, message: impl Into<String>) -> Self {
        Self {
            http,
            status: not_a_call(http, message.into()),
        }
    }
}

impl From<RpcStatus> for Refusal {
    fn from(status: RpcStatus) -> Self {
        Self {
            http: http_status(status.code),
            status,
        }
    }
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        rpc_status(&error).into()
    }
}

impl<T: Serialize> IntoResponse for Message<T> {
    fn into_response(self) -> Response {
        written(&self.0).unwrap_or_else(|| Refusal::from(ServiceError::Unreadable).into_response())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { http, status } = self;
        let mut response = written(&status).unwrap_or_default();
        *response.status_mut() = http;
        response.extensions_mut().insert(Ended(status.code));
        let headers = response.headers_mut();
        if http == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, BEARER);
        }
        if let Some(delay) = status.retry_after() {
            headers.insert(header::RETRY_AFTER, seconds(delay).into());
        }
        response
    }
}

fn written(message: &impl Serialize) -> Option<Response> {
    match serde_json::to_vec(message) {
        Ok(json) => {
            let headers = [(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, NOT_KEPT)];
            Some((headers, json).into_response())
        }
        Err(error) => {
            tracing::error!(%error, "an answer has no JSON form");
            None
        }
    }
}

/// Whole seconds, since the header has no others: no less than the delay.
fn seconds(delay: Duration) -> u64 {
    delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_to_wait_is_not_told_to_come_too_early() {
        assert_eq!(seconds(Duration::from_millis(50)), 1);
        assert_eq!(seconds(Duration::from_secs(2)), 2);
        assert_eq!(seconds(Duration::from_millis(2001)), 3);
    }

    #[test]
    fn an_error_that_says_when_to_come_again_says_so_in_the_header() {
        let busy = Refusal::from(ServiceError::Busy {
            retry_after: Duration::from_millis(1200),
        });
        let response = busy.into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
        assert_eq!(response.headers()[header::CONTENT_TYPE], JSON);
        assert_eq!(response.extensions().get::<Ended>().unwrap().0, 8);
    }
}
