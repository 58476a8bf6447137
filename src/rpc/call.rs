//! One call from its begin to its end, whichever way it ends.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use http::{HeaderMap, Response};
use http_body::Frame;
use pin_project_lite::pin_project;
use tonic::{Code, Status, body::Body};
use tracing::Span;

use super::{meter::Meter, method::Method, patience::Patience, status};

/// A call under way.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: &'static Method,
    pub(super) meter: Arc<Meter>,
    pub(super) began: Instant,
    pub(super) span: Span,
    /// Who calls: a name where there is one, else an address.
    pub(super) who: String,
    pub(super) is_over: bool,
}

impl Call {
    /// Answers in place of the service.
    pub(super) fn refuse(mut self, status: Status, why: &str) -> Response<Body> {
        self.end(status.code(), why);
        status.into_http()
    }

    /// Lets the service's answer through, and sees how it ends.
    pub(super) fn answer(mut self, response: Response<Body>, patience: Option<Patience>) -> Response<Body> {
        // A call that failed before its first message says so in the headers, and has no body.
        if let Some(code) = code(response.headers()) {
            self.end(code, "not its own");
            return response;
        }
        response.map(|body| {
            Body::new(Watched {
                body,
                call: self,
                patience,
            })
        })
    }

    fn end(&mut self, code: Code, why: &str) {
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        self.meter.ended(self.method, code, self.began.elapsed());
        self.span.record("rpc.grpc.status_code", i32::from(code));
        if status::is_denial(code) {
            self.meter.denied(self.method, code, &self.who, why);
        }
    }
}

impl Drop for Call {
    /// Whoever leaves before the end has cancelled.
    fn drop(&mut self) {
        self.end(Code::Cancelled, "");
    }
}

/// The code of a status in headers or trailers, if there is one.
fn code(headers: &HeaderMap) -> Option<Code> {
    headers
        .get(Status::GRPC_STATUS)
        .map(|code| Code::from_bytes(code.as_bytes()))
}

pin_project! {
    /// The answer of a call, and its end in the trailers.
    #[derive(Debug)]
    struct Watched {
        #[pin]
        body: Body,
        call: Call,
        patience: Option<Patience>,
    }
}

impl http_body::Body for Watched {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = self.project();
        let polled = this.body.poll_frame(context);
        if let Some(patience) = this.patience {
            patience.note(polled.is_ready());
        }
        if let Poll::Ready(frame) = &polled {
            match frame {
                Some(Ok(frame)) => {
                    if let Some(code) = frame.trailers_ref().and_then(code) {
                        this.call.end(code, "not its own");
                    }
                }
                Some(Err(error)) => this.call.end(error.code(), ""),
                None => {}
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
