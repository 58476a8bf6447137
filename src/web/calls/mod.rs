//! The calls that a client of HTTP/1.1 can make: the same messages as over gRPC, in JSON, behind the same door and over the same use cases.
//!
//! A handler is given the message that was asked and hands it to the service. What an error of the service is to a caller, the door says; here it is
//! only written down.

mod answer;
mod asked;
mod doorway;
mod handlers;
pub(super) mod route;

use std::sync::Arc;

use axum::{
    Router,
    handler::Handler as _,
    http::header,
    middleware::from_fn_with_state,
    response::IntoResponse as _,
    routing::{get, post},
};

use self::{
    doorway::through,
    handlers::{batch_check, check, get_decision, history, no_such_place, no_such_verb},
    route::{BATCH_CHECK, CHECK, GET_DECISION, HISTORY, OPENAPI},
};
use super::openapi;
use crate::{
    door::{Door, Method},
    service::Service,
};

/// The calls to `service`, behind `door`.
pub fn router(service: Arc<Service>, door: &Door) -> Router {
    let document = openapi::document();
    let described = move || async move { ([(header::CONTENT_TYPE, answer::JSON)], document.clone()).into_response() };
    let behind = |method| from_fn_with_state((door.clone(), method), through);
    let of = |route: &route::Route| behind(route.method);
    let other = behind(&Method::OTHER);
    Router::new()
        .route(CHECK.path, post(check).layer(of(&CHECK)))
        .route(BATCH_CHECK.path, post(batch_check).layer(of(&BATCH_CHECK)))
        .route(HISTORY.path, get(history).layer(of(&HISTORY)))
        .route(GET_DECISION.path, get(get_decision).layer(of(&GET_DECISION)))
        .route(OPENAPI, get(described).layer(other.clone()))
        .method_not_allowed_fallback(no_such_verb.layer(other.clone()))
        .fallback(no_such_place.layer(other))
        .with_state(service)
}
