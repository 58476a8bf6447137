//! Service errors as gRPC statuses, and those over HTTP: the only file that names a code.

use std::time::Duration;

use http::{Response, StatusCode};
use prost::Message as _;
use tonic::{Code, Status, body::Body};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::{
    service::ServiceError,
    wire::{RpcStatus, Violations},
};

/// When a caller may try again whose request had no room: about what one of the largest takes.
const INTAKE_RETRY_AFTER: Duration = Duration::from_millis(250);
/// Most bytes of violations in one status. Details travel in trailers, of which common clients take 8 KiB in all.
const VIOLATIONS_LEN_MAX: usize = 4096;
/// What HTTP has no number for, and others say in its place.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// The status that a service error is to a caller.
#[must_use]
pub fn status(error: &ServiceError) -> Status {
    match error {
        ServiceError::Invalid(violations) => invalid(violations),
        ServiceError::NotFound(_) | ServiceError::Unsigned(_) => Status::not_found(error.to_string()),
        ServiceError::AlreadyExists { .. } => Status::already_exists(error.to_string()),
        ServiceError::Denied => Status::permission_denied(error.to_string()),
        ServiceError::NoLonger => Status::unauthenticated(error.to_string()),
        ServiceError::Busy { retry_after }
        | ServiceError::Crowded { retry_after, .. }
        | ServiceError::TooFast { retry_after, .. } => {
            let details = ErrorDetails::with_retry_info(Some(*retry_after));
            Status::with_error_details(Code::ResourceExhausted, error.to_string(), details)
        }
        ServiceError::Altered(_) => Status::data_loss(error.to_string()),
        ServiceError::Stopping | ServiceError::Unrecordable | ServiceError::Unsignable | ServiceError::Unreadable => {
            Status::unavailable(error.to_string())
        }
    }
}

/// The same inside an answer: code, message and details of the status.
#[must_use]
pub fn rpc_status(error: &ServiceError) -> RpcStatus {
    written(&status(error))
}

/// A status as the message that it carries.
#[must_use]
pub fn written(status: &Status) -> RpcStatus {
    let code = i32::from(status.code());
    // A status with details carries itself as a message, for the trailer; one without carries nothing.
    match RpcStatus::decode(status.details()) {
        Ok(whole) if whole.code == code => whole,
        _ => plain(status.code(), status.message().to_owned()),
    }
}

/// The status of a request over HTTP that is no call of any method: what is wrong with it, HTTP says more exactly than gRPC could.
#[must_use]
pub fn not_a_call(http: StatusCode, message: String) -> RpcStatus {
    let code = match http {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::Unimplemented,
        // As gRPC has it of a message that is too long.
        StatusCode::PAYLOAD_TOO_LARGE => Code::OutOfRange,
        _ => Code::InvalidArgument,
    };
    plain(code, message)
}

fn plain(code: Code, message: String) -> RpcStatus {
    RpcStatus {
        code: i32::from(code),
        message,
        details: Vec::new(),
    }
}

/// The status that a call answers over HTTP which ends with this code, as `google.rpc.Code` has it.
#[must_use]
pub fn http_status(code: i32) -> StatusCode {
    match Code::from(code) {
        Code::Ok => StatusCode::OK,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Cancelled => StatusCode::from_u16(CLIENT_CLOSED_REQUEST).unwrap_or(StatusCode::BAD_REQUEST),
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The status of a call whose caller is not known. It says the same whatever is wrong: why, only the service's log says.
pub fn unauthenticated() -> Status {
    Status::unauthenticated(
        "who calls is not known; show a token that is valid, as `authorization: Bearer TOKEN`, or a certificate",
    )
}

/// The status of a call that its caller may not make; `why` says what it takes.
pub fn permission_denied(why: String) -> Status {
    Status::permission_denied(why)
}

/// The status of a call that took longer than it may.
pub fn deadline_exceeded() -> Status {
    Status::deadline_exceeded(
        "no answer in time; a check may be recorded even so: ask again with the same request id, which gives the recorded decision",
    )
}

/// The status of a call of whose request nothing more comes.
pub fn request_paused() -> Status {
    Status::deadline_exceeded(
        "the request did not come to its end, and was not looked at; send it again, without a pause",
    )
}

/// The status of a call whose request has no room beside the others in hand.
pub fn requests_too_large() -> Status {
    no_room(
        "the requests in hand are as large as this service takes together",
        "send less at a time",
    )
}

/// The status of a call whose answer has no room beside those that wait to be read.
pub fn answers_too_large() -> Status {
    no_room(
        "the answers that wait to be read are as large as this service keeps together",
        "read them sooner",
    )
}

fn no_room(why: &str, cure: &str) -> Status {
    let details = ErrorDetails::with_retry_info(Some(INTAKE_RETRY_AFTER));
    let retry_after = INTAKE_RETRY_AFTER.as_millis();
    let message = format!("{why}; try again in {retry_after} ms, or {cure}");
    Status::with_error_details(Code::ResourceExhausted, message, details)
}

/// The status of a call whose request cannot be read: bytes that are no message of its schema, cut short, or not framed as gRPC has it. Whoever reads
/// requests says INTERNAL of that, which would blame this service. Any other status stays.
#[must_use]
pub fn unread(status: Status) -> Status {
    if status.code() == Code::Internal {
        unreadable_request()
    } else {
        status
    }
}

/// The same of an answer that has only begun. The service itself never answers INTERNAL.
pub fn unread_answer(response: Response<Body>) -> Response<Body> {
    let code = response.headers().get(Status::GRPC_STATUS);
    if code.is_some_and(|code| Code::from_bytes(code.as_bytes()) == Code::Internal) {
        unreadable_request().into_http()
    } else {
        response
    }
}

fn unreadable_request() -> Status {
    Status::invalid_argument(
        "the request cannot be read: it is no message of this call, or did not come whole; send it as the schema of this service has it",
    )
}

/// The code of a call whose client left before its end.
pub const CANCELLED: Code = Code::Cancelled;
/// The codes of those who are turned away.
pub const DENIALS: [Code; 2] = [Code::Unauthenticated, Code::PermissionDenied];

/// Whether a call with this status was turned away at the door, or for want of a right.
pub fn is_denial(code: Code) -> bool {
    DENIALS.contains(&code)
}

/// The name of a code, as the specification of gRPC has it.
pub fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// Every violation as a detail; those that do not fit are counted.
fn invalid(violations: &Violations) -> Status {
    let all = violations.as_slice();
    let mut details = ErrorDetails::new();
    let mut room = VIOLATIONS_LEN_MAX;
    let fits = all.iter().take_while(|violation| {
        let len = violation.path.len().saturating_add(violation.cure.len());
        let fits = len <= room;
        room = room.saturating_sub(len);
        fits
    });
    let listed: Vec<_> = fits.collect();
    for violation in &listed {
        details.add_bad_request_violation(&violation.path, &violation.cure);
    }
    let more = all.len().saturating_sub(listed.len());
    if more > 0 {
        details.add_bad_request_violation("", format!("{more} more violations are not listed; mend these first"));
    }
    Status::with_error_details(Code::InvalidArgument, summary(violations), details)
}

/// One line for clients that show no details.
fn summary(violations: &Violations) -> String {
    match violations.as_slice() {
        [] => "the request is not valid".to_owned(),
        [one] => format!("{}: {}", one.path, one.cure),
        [first, rest @ ..] => format!(
            "{}: {} (and {} more; see the details)",
            first.path,
            first.cure,
            rest.len()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_is_a_detail_with_path_and_cure() {
        let mut violations = Violations::default();
        violations.add("image.products", "name at least one product");
        violations.add("device.id", "300 bytes are too many");
        let status = status(&ServiceError::Invalid(violations));
        let details = status.get_details_bad_request().unwrap();
        let fields: Vec<&str> = details
            .field_violations
            .iter()
            .map(|violation| violation.field.as_str())
            .collect();
        assert_eq!(fields, ["image.products", "device.id"]);
        assert!(status.message().contains("and 1 more"));
    }

    #[test]
    fn details_stay_small_enough_for_trailers() {
        let mut violations = Violations::default();
        for index in 0..1000 {
            violations.add(format!("device.licenses[{index}].product.name"), "x".repeat(200));
        }
        let status = status(&ServiceError::Invalid(violations));
        assert!(status.details().len() < 6000, "{}", status.details().len());
        let last = status
            .get_details_bad_request()
            .unwrap()
            .field_violations
            .pop()
            .unwrap();
        assert!(last.description.contains("more violations"));
    }

    #[test]
    fn over_http_each_code_has_the_status_that_google_rpc_gives_it() {
        let expected = [
            200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
        ];
        let found: Vec<u16> = (0..).map(http_status).map(|status| status.as_u16()).take(17).collect();
        assert_eq!(found, expected);
        assert_eq!(http_status(99), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn inside_an_answer_an_error_has_the_code_message_and_details_of_the_status() {
        let busy = ServiceError::Busy {
            retry_after: Duration::from_millis(50),
        };
        for error in [busy, ServiceError::Unrecordable] {
            let (status, inside) = (status(&error), rpc_status(&error));
            assert_eq!(inside.code, i32::from(status.code()));
            assert_eq!(inside.message, status.message());
            assert_eq!(inside.details.is_empty(), status.details().is_empty());
        }
    }
}
