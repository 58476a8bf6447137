//! What can go wrong with a use case, as far as a caller may know it.

use std::time::Duration;

use uuid::Uuid;

use crate::{audit::Log, wire::Violations};

/// Why a use case gave no answer. "Not permitted" is an answer and none of these.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The request is wrong, in these places.
    #[error("the request is not valid: {0}")]
    Invalid(#[from] Violations),
    /// No such decision.
    #[error("no decision has the id `{0}`; `History` finds decisions by device, image, time and more")]
    NotFound(Uuid),
    /// The request key was used for another request.
    #[error(
        "request id `{request_id}` was used for another request, decided as `{decision_id}`; use a new id for a new request"
    )]
    AlreadyExists {
        /// The key.
        request_id: String,
        /// The decision recorded under it.
        decision_id: String,
    },
    /// Too many decisions wait to be recorded.
    #[error("too many decisions wait to be recorded; try again in {} ms", retry_after.as_millis())]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// Too many calls of a kind that keeps much in hand are under way.
    #[error("{count_max} {calls} at one time are as many as this service takes; try again in {} ms", retry_after.as_millis())]
    Crowded {
        /// What there are too many of, in the plural.
        calls: &'static str,
        /// How many there may be.
        count_max: usize,
        /// When to try again.
        retry_after: Duration,
    },
    /// One caller asks too fast.
    #[error("{rate_max} requests in a second are as many as this service takes of one caller; try again in {} ms", retry_after.as_millis())]
    TooFast {
        /// How many there may be.
        rate_max: u32,
        /// When to try again.
        retry_after: Duration,
    },
    /// The caller may not have this. The words are the same whether others have such a decision or nobody.
    #[error("a checker reads its own decisions only, and has none of this id; ask with the role auditor or operator")]
    Denied,
    /// What the caller showed when the call began is not valid any more.
    #[error(
        "who calls is not known any more; what was answered is recorded, begin again with credentials that are valid"
    )]
    NoLonger,
    /// The service is about to end.
    #[error("the service is stopping; what was answered is recorded, ask the rest again")]
    Stopping,
    /// The decision could not be recorded, and so no verdict is given.
    #[error(
        "the decision could not be recorded, so no verdict is given; try again with the same request id once the service is healthy"
    )]
    Unrecordable,
    /// Nothing of the log was signed yet.
    #[error("no checkpoint of the log of {0} was signed yet; the first is, moments after its first record")]
    Unsigned(Log),
    /// What was acknowledged cannot be signed at the moment.
    #[error(
        "the newest decisions cannot be signed at the moment, so that a bundle or a proof would lack them; the service's log says why"
    )]
    Unsignable,
    /// A record is not the one whose leaf the log has.
    #[error("the log of {0} is not what was recorded: it was changed; `reimage-rights verify` says where")]
    Altered(Log),
    /// The record could not be read.
    #[error("the record cannot be read at the moment; the service's log says why")]
    Unreadable,
}
