//! One call from its begin to its end, whichever way it ends.

use std::{
    fmt,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use http::{HeaderMap, Response};
use http_body::{Body as _, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::{Code, Status, body::Body, codegen::Bytes};
use tracing::Span;

use super::{
    hearing::Hearing,
    intake::Share,
    meter::Meter,
    method::{Answer, Method},
    patience::Watch,
    status::{self, answers_too_large},
};
use crate::{service::Caller, tls::Peer};

/// Most bytes that the transport is given at a time: it takes them whole once its client takes one, and keeps the rest.
const PIECE_LEN: usize = 32 * 1024;
/// Why the service itself turns a call away: one for a decision, or one that lasts.
const NO_RIGHT: &str = "no decision that this caller may read";
const NO_LONGER: &str = "who calls is not let in any more: revoked, expired, or without the role since the call began";

/// What a body gives next.
type Part = Poll<Option<Result<Frame<Bytes>, Status>>>;

/// A call under way.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: &'static Method,
    pub(super) meter: Arc<Meter>,
    pub(super) began: Instant,
    pub(super) span: Span,
    pub(super) who: Who,
    pub(super) is_over: bool,
    /// Its request, which takes its share of what may be in hand until its answer is read, or is one that nobody waits for.
    pub(super) request: Option<Hearing>,
    /// What its answer takes of the room for those that wait to be read, where nothing else bounds these.
    pub(super) unread: Share,
}

/// Who calls, for the log: a name where there is one, else an address. Made out without a copy, since few calls are logged.
#[derive(Clone, Debug, Default)]
pub(super) enum Who {
    /// A caller.
    Known(Caller),
    /// Somebody at an address.
    At(SocketAddr),
    /// This process itself.
    #[default]
    Inside,
}

impl Who {
    pub(super) fn of(caller: Option<&Caller>, peer: Option<&Peer>) -> Self {
        match (caller, peer) {
            (Some(caller), _) => Self::Known(caller.clone()),
            (None, Some(peer)) => Self::At(peer.address),
            (None, None) => Self::Inside,
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(caller) => caller.fmt(out),
            Self::At(address) => address.fmt(out),
            Self::Inside => out.write_str("this process"),
        }
    }
}

impl Call {
    /// Ends it with a status in place of the service's answer.
    pub(super) fn refuse(mut self, status: Status, why: &str) -> Status {
        self.end(status.code(), why);
        status
    }

    /// Lets the service's answer through, and sees how it ends; `watch` is how its reader is watched.
    pub(super) fn answer(mut self, response: Response<Body>, watch: Option<Watch>) -> Response<Body> {
        // A call that failed before its first message says so in the headers, and has no body.
        if let Some(code) = code(response.headers()) {
            self.end_told(code);
            return response;
        }
        response.map(|body| self.watched(body, watch, None))
    }

    /// The same of an answer whose code is known before its body is read: it has ended so once that was read.
    pub(super) fn answer_known(mut self, code: Code, body: Body, watch: Option<Watch>) -> Body {
        if code != Code::Ok || body.is_end_stream() {
            self.end_told(code);
            return body;
        }
        self.watched(body, watch, Some(code))
    }

    fn watched(self, body: Body, watch: Option<Watch>, code_at_end: Option<Code>) -> Body {
        // A large answer has its place whatever it came to, so that a short one is watched as well.
        let watch = match (watch, self.method.answer) {
            (Some(watch), Answer::Large | Answer::Stream) => Some(watch.begun()),
            (watch, _) => watch,
        };
        Body::new(Watched {
            body,
            call: self,
            rest: Bytes::new(),
            watch,
            code_at_end,
        })
    }

    /// A part of its answer, where there is room to keep that until its client takes it; else the answer ends there.
    fn kept(&mut self, part: Part) -> Part {
        let len = match &part {
            Poll::Ready(Some(Ok(frame))) => frame.data_ref().map_or(0, Bytes::len),
            _ => 0,
        };
        if len <= PIECE_LEN || self.method.answer != Answer::Small || self.unread.take(len) {
            return part;
        }
        let status = answers_too_large();
        self.end(status.code(), "");
        let mut trailers = HeaderMap::new();
        let told = status.add_header(&mut trailers);
        Poll::Ready(Some(told.map(|()| Frame::trailers(trailers))))
    }

    /// Ends it as its answer says.
    fn end_told(&mut self, code: Code) {
        let is_known = code != Code::Unauthenticated;
        self.end(code, if is_known { NO_RIGHT } else { NO_LONGER });
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
        self.end(status::CANCELLED, "");
    }
}

/// The code of a status in headers or trailers, if there is one.
fn code(headers: &HeaderMap) -> Option<Code> {
    headers
        .get(Status::GRPC_STATUS)
        .map(|code| Code::from_bytes(code.as_bytes()))
}

pin_project! {
    /// The answer of a call, and its end: in the trailers, or where the body ends.
    #[derive(Debug)]
    struct Watched {
        #[pin]
        body: Body,
        call: Call,
        // What was not passed on yet of the last part.
        rest: Bytes,
        watch: Option<Watch>,
        // What the call has come to when all of it was read, if no trailers say so.
        code_at_end: Option<Code>,
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Part {
        let this = self.project();
        let mut body = this.body;
        let mut polled = if this.rest.is_empty() {
            this.call.kept(body.as_mut().poll_frame(context))
        } else {
            Poll::Ready(Some(Ok(Frame::data(std::mem::take(this.rest)))))
        };
        if let Poll::Ready(Some(frame)) = &mut polled {
            match frame {
                Ok(frame) => {
                    if let Some(code) = frame.trailers_ref().and_then(code) {
                        this.call.end_told(code);
                    }
                    if let Some(data) = frame.data_mut().filter(|data| data.len() > PIECE_LEN) {
                        *this.rest = data.split_off(PIECE_LEN);
                        *this.watch = this.watch.take().map(Watch::begun);
                    }
                    // As long as an answer is not watched it may stay unread for ever.
                    if !matches!(this.watch, Some(Watch::Begun(_))) {
                        this.call.request = None;
                    }
                }
                Err(error) => this.call.end(error.code(), ""),
            }
        }
        if let Some(Watch::Begun(patience)) = this.watch {
            patience.note(polled.is_ready());
        }
        // Of a body that says it is at its end, nobody asks for more.
        let is_read = match &polled {
            Poll::Ready(None) => true,
            Poll::Ready(Some(Ok(_))) => this.rest.is_empty() && body.is_end_stream(),
            Poll::Ready(Some(Err(_))) | Poll::Pending => false,
        };
        if let Some(code) = this.code_at_end.filter(|_| is_read) {
            this.call.end_told(code);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}
