//! What a service's refusal means to whoever typed the command.

use std::{error::Error, fmt::Write as _};

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::{Failure, failure::chain, patience::retry_delay, text::harmless};

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let message = harmless(status.message());
        if let Some(words) = broken(&status) {
            return Self::Failed(words);
        }
        match status.code() {
            Code::InvalidArgument => Self::BadInput(with_violations(message, &status)),
            Code::NotFound | Code::AlreadyExists | Code::OutOfRange => Self::BadInput(message),
            Code::Unavailable => Self::Failed(format!(
                "the service is not available: {message}; ask again once it is back: \
                 a check with a `request_id` is never recorded twice"
            )),
            Code::ResourceExhausted => Self::Failed(format!("{message}; {}", when_to_retry(&status))),
            Code::DeadlineExceeded | Code::Cancelled | Code::Aborted => Self::Failed(format!(
                "the service did not finish: {message}; ask again with the same `request_id`"
            )),
            Code::Unauthenticated => Self::Failed(format!(
                "the service does not let you: {message}; name a file with a token by `--token-file` or `REIMAGE_RIGHTS_TOKEN_FILE`"
            )),
            Code::PermissionDenied => Self::Failed(format!("the service does not let you: {message}")),
            Code::Unimplemented => Self::Failed(format!(
                "the service does not know the question: {message}; is it of an older version?"
            )),
            Code::Ok | Code::Unknown | Code::FailedPrecondition | Code::Internal | Code::DataLoss => {
                Self::Failed(format!("the service failed: {message}; its log says more"))
            }
        }
    }
}

/// What it means when no server answered, but the connection ended.
fn broken(status: &Status) -> Option<String> {
    let cause = status.source()?;
    if !cause.is::<tonic::transport::Error>() {
        return None;
    }
    let mut words = format!("the connection to the server ended: {}", harmless(&chain(cause)));
    words.push_str("; does its URL begin with `http` where it wants `https`, or does it want a certificate (`--client-certificate-file`)?");
    Some(words)
}

/// Every violation on its own line: its path, and what would be right.
fn with_violations(mut message: String, status: &Status) -> String {
    let details = status.get_details_bad_request();
    for violation in details.iter().flat_map(|details| &details.field_violations) {
        let (path, right) = (harmless(&violation.field), harmless(&violation.description));
        let told = format!("{path}: {right}");
        // The message of one violation is the violation.
        if message != told {
            let _ = write!(message, "\n  {told}");
        }
    }
    message
}

fn when_to_retry(status: &Status) -> String {
    retry_delay(status).map_or_else(
        || "ask again later".to_owned(),
        |delay| format!("ask again in {} ms", delay.as_millis()),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn every_violation_has_its_line() {
        let mut details = ErrorDetails::new();
        details
            .add_bad_request_violation("device.licenses[0].product.language", "write a BCP 47 tag")
            .add_bad_request_violation("image.products", "state at least one");
        let status = Status::with_error_details(Code::InvalidArgument, "the request is not valid", details);
        let failure = Failure::from(status);
        assert_eq!(failure.ending(), super::super::Ending::BadInput);
        assert_eq!(
            failure.words(),
            "the request is not valid\n  device.licenses[0].product.language: write a BCP 47 tag\
             \n  image.products: state at least one"
        );
    }

    #[test]
    fn one_violation_is_told_once() {
        let details = ErrorDetails::with_bad_request_violation("image.products", "state at least one");
        let status = Status::with_error_details(Code::InvalidArgument, "image.products: state at least one", details);
        assert_eq!(Failure::from(status).words(), "image.products: state at least one");
    }

    #[test]
    fn who_is_not_known_is_told_what_to_show() {
        let failure = Failure::from(Status::unauthenticated("who calls is not known"));
        assert!(failure.words().contains("`--token-file`"), "{failure:?}");
    }

    #[test]
    fn what_the_caller_named_wrongly_is_bad_input_and_the_rest_is_not() {
        let code = |code| Failure::from(Status::new(code, "m")).ending().code();
        for bad in [Code::InvalidArgument, Code::NotFound, Code::AlreadyExists] {
            assert_eq!(code(bad), 2, "{bad:?}");
        }
        for failed in [
            Code::Unavailable,
            Code::Internal,
            Code::ResourceExhausted,
            Code::Unimplemented,
        ] {
            assert_eq!(code(failed), 1, "{failed:?}");
        }
    }

    #[test]
    fn a_full_queue_says_when_to_ask_again() {
        let details = ErrorDetails::with_retry_info(Some(Duration::from_millis(250)));
        let status = Status::with_error_details(Code::ResourceExhausted, "the queue is full", details);
        assert_eq!(Failure::from(status).words(), "the queue is full; ask again in 250 ms");
    }
}
