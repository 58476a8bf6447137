//! The calls behind the door.

use axum::{
    body::{Body, HttpBody as _},
    extract::{Request, State},
    http::{Method as Verb, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::answer::{Ended, Refusal};
use crate::door::{Door, Method, Protocol, written};

/// Lets a request through the door as a call of a method, and its answer back.
pub(super) async fn through(
    State((door, method)): State<(Door, &'static Method)>,
    mut request: Request,
    next: Next,
) -> Response {
    let wants_head_only = request.method() == Verb::HEAD;
    let entry = match door.enter(method, Protocol::Http, &mut request) {
        Ok(entry) => entry,
        Err(status) => return Refusal::from(written(&status)).into_response(),
    };
    let request = request.map(|body| Body::new(entry.heard(body)));
    match entry.wait(next.run(request)).await {
        Ok((response, exit)) => {
            let Ended(code) = response.extensions().get().copied().unwrap_or_default();
            let mut response = response;
            if wants_head_only {
                tell_length(&mut response);
            }
            response.map(|body| {
                // What nobody is sent is read as soon as it is there.
                let body = if wants_head_only { Body::empty() } else { body };
                Body::new(exit.known(code, body))
            })
        }
        Err(status) => Refusal::from(written(&status)).into_response(),
    }
}

/// Says how long the body of an answer is that nobody is sent: whoever asks for the head asks for that.
fn tell_length(response: &mut Response) {
    if let Some(len) = response.body().size_hint().exact() {
        response.headers_mut().insert(header::CONTENT_LENGTH, len.into());
    }
}
