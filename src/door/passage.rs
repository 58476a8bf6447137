//! A call behind the door: it is waited for, and its answer let out.

use std::time::Duration;

use http::Response;
use prometheus_client::metrics::counter::Counter;
use tokio::time::timeout;
use tonic::{
    Code, Status,
    body::Body,
    codegen::{Bytes, StdError as BoxError},
};
use tracing::Instrument as _;

use super::{
    call::Call,
    hearing::{BrokenOff, Heard, Hearing},
    patience::Watch,
    status::{deadline_exceeded, request_paused, requests_too_large},
};

/// A call that was let in.
#[derive(Debug)]
pub struct Entry {
    pub(super) call: Call,
    /// How its request comes.
    pub(super) hearing: Hearing,
    pub(super) watch: Option<Watch>,
    /// How long it may take.
    pub(super) time: Duration,
    pub(super) pause_max: Duration,
    /// Counts those who are told to come back later.
    pub(super) busy: Counter,
}

/// A call whose service has answered: what is left is that its caller reads it.
#[derive(Debug)]
pub struct Exit {
    call: Call,
    watch: Option<Watch>,
}

impl Entry {
    /// The body of its request, which must be heard before there can be an answer.
    pub fn heard<B>(&self, body: B) -> Heard<B> {
        Heard::of(body, self.hearing.clone())
    }

    /// What the service answers, if it does in time. Of an answer that comes piece by piece, that is the time to its begin.
    ///
    /// # Errors
    ///
    /// The status that the call ends with, where there is no answer in time, or no more comes of the request.
    pub async fn wait<T>(self, answering: impl Future<Output = T>) -> Result<(T, Exit), Status> {
        let Self {
            call,
            hearing,
            watch,
            time,
            pause_max,
            busy,
        } = self;
        let span = call.span.clone();
        let answered = timeout(time, async {
            tokio::select! {
                biased;
                answer = answering.instrument(span) => Ok(answer),
                why = hearing.broken_off(pause_max) => Err(match why {
                    BrokenOff::Paused => request_paused(),
                    BrokenOff::TooMuch => {
                        busy.inc();
                        requests_too_large()
                    }
                }),
            }
        });
        match answered.await.unwrap_or_else(|_| Err(deadline_exceeded())) {
            Ok(answer) => Ok((answer, Exit { call, watch })),
            Err(status) => Err(call.refuse(status, "")),
        }
    }
}

impl Exit {
    /// Lets an answer through whose headers or trailers say how the call ended, as gRPC has it.
    #[must_use]
    pub fn told_by(self, response: Response<Body>) -> Response<Body> {
        self.call.answer(response, self.watch)
    }

    /// Lets the body of an answer through whose code is known from the beginning.
    pub fn known<B>(self, code: i32, body: B) -> Body
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.call.answer_known(Code::from(code), Body::new(body), self.watch)
    }
}
