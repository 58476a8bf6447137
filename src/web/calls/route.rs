//! Where each call is found: one table for those who are served and for the document that describes it.

use axum::http::Method as Verb;

use crate::door::Method;

/// One call.
#[derive(Debug)]
pub struct Route {
    /// How it is asked.
    pub verb: Verb,
    /// Where; what stands in braces is a field of the message that is asked.
    pub path: &'static str,
    /// What is called.
    pub method: &'static Method,
}

/// Decides one request.
pub static CHECK: Route = Route {
    verb: Verb::POST,
    path: "/v1/check",
    method: &Method::CHECK,
};
/// Decides many.
pub static BATCH_CHECK: Route = Route {
    verb: Verb::POST,
    path: "/v1/check:batch",
    method: &Method::BATCH_CHECK,
};
/// Finds decisions.
pub static HISTORY: Route = Route {
    verb: Verb::GET,
    path: "/v1/decisions",
    method: &Method::HISTORY,
};
/// Gives one.
pub static GET_DECISION: Route = Route {
    verb: Verb::GET,
    path: "/v1/decisions/{decisionId}",
    method: &Method::GET_DECISION,
};
/// Every call.
pub static ALL: [&Route; 4] = [&CHECK, &BATCH_CHECK, &HISTORY, &GET_DECISION];
/// Where the document is that describes them.
pub const OPENAPI: &str = "/v1/openapi.json";
