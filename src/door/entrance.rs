//! The door itself: who calls, whether they may, how fast and how long; and what came of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use http::{
    Extensions, Request, Response,
    header::{AUTHORIZATION, HeaderValue},
};
use prometheus_client::metrics::counter::Counter;
use tokio::time::timeout;
use tonic::{
    Code, Status,
    body::Body,
    codegen::{Bytes, StdError as BoxError},
};
use tracing::{Instrument as _, Span};

use super::{
    call::{Call, Who},
    deadline::deadline,
    meter::Meter,
    method::{Answer, Method, Needs},
    patience::{self, Watch},
    status::{deadline_exceeded, permission_denied, status, unauthenticated},
    trace::{self, Protocol, TraceId},
};
use crate::{
    access::{Credentials, Denial, Gate, Identity},
    service::{Caller, Clock, Pace, Room, Standing},
    tls::Peer,
};

/// Most large answers that wait to be read at one time; more calls for such are refused. Each may have some megabytes.
const LARGE_COUNT_MAX: usize = 32;
/// Most watches of the health at one time, which anyone may begin.
const WATCH_COUNT_MAX: usize = 64;
/// When to ask again who met too many of them.
const PLACE_RETRY_AFTER: Duration = Duration::from_millis(250);

/// Who is let in.
#[derive(Clone, Debug)]
pub enum Admission {
    /// Anyone, as local.
    Anyone,
    /// Those whom the gate knows, which changes as its file does.
    Known(Arc<ArcSwap<Gate>>),
}

/// What the door keeps to.
#[derive(Debug)]
pub struct Terms {
    /// Who is let in.
    pub admission: Admission,
    /// How fast each caller may ask.
    pub pace: Pace,
    /// Longest that a call for one answer may take.
    pub deadline_max: Duration,
    /// Longest that a client may leave an answer unread.
    pub stall_max: Duration,
    /// Whether calls are traced.
    pub is_traced: bool,
    /// Counts calls.
    pub meter: Arc<Meter>,
    /// Counts those who are told to come back later.
    pub busy: Counter,
    /// What time it is.
    pub clock: Clock,
}

/// Why a call is not let in.
struct Refusal {
    /// What its caller is told.
    status: Status,
    /// What the operator is told.
    why: String,
    /// Who it was, where that is known.
    caller: Option<Caller>,
}

/// The door in front of all services, whichever protocol is spoken. Clones share it.
#[derive(Clone, Debug)]
pub struct Door {
    terms: Arc<Terms>,
    large_answers: Room,
    watches: Room,
}

impl Door {
    /// A door that keeps to these terms.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        let room = |calls, count_max| Room::new(calls, count_max, PLACE_RETRY_AFTER, terms.busy.clone());
        Self {
            large_answers: room("large answers", LARGE_COUNT_MAX),
            watches: room("watches", WATCH_COUNT_MAX),
            terms: Arc::new(terms),
        }
    }

    /// The door of a service that only its own process asks.
    #[must_use]
    pub fn inside() -> Self {
        Self::new(Terms {
            admission: Admission::Anyone,
            pace: Pace::default(),
            deadline_max: Duration::MAX,
            stall_max: Duration::MAX,
            is_traced: false,
            meter: Arc::default(),
            busy: Counter::default(),
            clock: Clock::new(|| 0),
        })
    }

    /// Who calls, if they may.
    fn admit<B>(&self, method: &Method, request: &Request<B>) -> Result<Option<Caller>, Refusal> {
        if method.needs == Needs::Nothing {
            return Ok(None);
        }
        let caller = match &self.terms.admission {
            Admission::Anyone => Caller::local(),
            Admission::Known(gate) => {
                let mut shown = request.headers().get_all(AUTHORIZATION).iter();
                let identity = match (shown.next(), shown.next()) {
                    (authorization, None) => {
                        identify(gate, &self.terms.clock, authorization, request.extensions().get())
                    }
                    // Whoever stands before the service may have looked at the other.
                    (_, Some(_)) => Err(Denial::Malformed),
                };
                Caller::from(identity.map_err(|denial| Refusal {
                    status: unauthenticated(),
                    why: denial.to_string(),
                    caller: None,
                })?)
            }
        };
        let refused = |status, why| Refusal {
            status,
            why,
            caller: Some(caller.clone()),
        };
        if let Needs::Right(right) = method.needs
            && !caller.may(right)
        {
            return Err(refused(permission_denied(), format!("its roles do not let it {right}")));
        }
        if method.is_one_request {
            let admitted = self.terms.pace.admit(&caller, 1);
            admitted.map_err(|error| {
                self.terms.busy.inc();
                refused(status(&error), String::new())
            })?;
        }
        Ok(Some(caller))
    }

    /// How the reader of an answer is watched, and its place where there are only so many. Without an address it is this process that reads, over a
    /// connection in memory.
    fn watch(&self, method: &Method, who: &Who, peer: Option<&Peer>) -> Result<Option<Watch>, Status> {
        let Some(peer) = peer else {
            return Ok(None);
        };
        let place = match (method.answer, method.needs) {
            (Answer::Large, _) => Some(self.large_answers.enter()),
            // Those whom anyone may ask for.
            (Answer::Stream, Needs::Nothing) => Some(self.watches.enter()),
            (Answer::Small | Answer::Stream, _) => None,
        };
        let place = place.transpose().map_err(|error| status(&error))?;
        Ok(Some(Watch::Ready(patience::Terms {
            stall_max: self.terms.stall_max,
            hang_up: peer.hang_up.clone(),
            who: who.clone(),
            meter: Arc::clone(&self.terms.meter),
            place,
        })))
    }

    /// Whether a call that lasts may go on: its credentials are asked again, as they and the gate are by then.
    fn standing<B>(&self, method: &Method, request: &Request<B>) -> Standing {
        let (Admission::Known(gate), Needs::Right(right), Answer::Stream) =
            (&self.terms.admission, method.needs, method.answer)
        else {
            return Standing::for_ever();
        };
        let (gate, clock) = (Arc::clone(gate), self.terms.clock.clone());
        let authorization = request.headers().get(AUTHORIZATION).cloned();
        let peer = request.extensions().get::<Peer>().cloned();
        Standing::as_long_as(move || {
            let identity = identify(&gate, &clock, authorization.as_ref(), peer.as_ref());
            identity.is_ok_and(|identity| identity.roles.give(right))
        })
    }
}

/// Whom the gate knows by what a call and its connection show, as it is now.
fn identify(
    gate: &ArcSwap<Gate>,
    clock: &Clock,
    authorization: Option<&HeaderValue>,
    peer: Option<&Peer>,
) -> Result<Identity, Denial> {
    let credentials = Credentials {
        authorization: authorization.map(HeaderValue::as_bytes),
        certificate: peer.and_then(|peer| peer.certificate.as_deref()),
    };
    gate.load().identify(credentials, clock.now())
}

/// A call that was let in.
#[derive(Debug)]
pub struct Entry {
    call: Call,
    watch: Option<Watch>,
    time: Duration,
}

/// A call whose service has answered: what is left is that its caller reads it.
#[derive(Debug)]
pub struct Exit {
    call: Call,
    watch: Option<Watch>,
}

impl Door {
    /// Lets a call of `method` in. Its request then carries the [`Caller`], the [`Standing`] and the [`TraceId`].
    ///
    /// # Errors
    ///
    /// The status that it ends with, where it is not let in; it was counted, and the operator told why.
    pub fn enter<B>(
        &self,
        method: &'static Method,
        protocol: Protocol,
        request: &mut Request<B>,
    ) -> Result<Entry, Status> {
        let terms = &self.terms;
        let mut call = Call {
            method,
            meter: Arc::clone(&terms.meter),
            began: Instant::now(),
            span: Span::none(),
            who: Who::default(),
            is_over: false,
        };
        let admitted = self.admit(method, request);
        let known = match &admitted {
            Ok(caller) | Err(Refusal { caller, .. }) => caller.as_ref(),
        };
        let peer = request.extensions().get::<Peer>();
        call.who = Who::of(known, peer);
        let caller = match admitted {
            Ok(caller) => caller,
            Err(Refusal { status, why, .. }) => return Err(call.refuse(status, &why)),
        };
        let watch = match self.watch(method, &call.who, peer) {
            Ok(watch) => watch,
            Err(status) => return Err(call.refuse(status, "")),
        };
        if let Some(peer) = peer {
            peer.welcome.now();
        }
        // Strangers have no part in traces.
        let (span, trace_id) = if terms.is_traced {
            trace::begin(method, protocol, request.headers())
        } else {
            (Span::none(), trace::trace_id(request.headers()))
        };
        call.span = span;
        let time = deadline(request.headers(), terms.deadline_max);
        let standing = self.standing(method, request);
        let extensions = request.extensions_mut();
        if let Some(caller) = caller {
            extensions.insert(caller);
        }
        extensions.insert::<TraceId>(trace_id);
        extensions.insert::<Standing>(standing);
        Ok(Entry { call, watch, time })
    }
}

impl Entry {
    /// What the service answers, if it does in time. Of an answer that comes piece by piece, that is the time to its begin.
    ///
    /// # Errors
    ///
    /// The status that the call ends with, where there is no answer in time.
    pub async fn wait<T>(self, answering: impl Future<Output = T>) -> Result<(T, Exit), Status> {
        let Self { call, watch, time } = self;
        let span = call.span.clone();
        match timeout(time, answering.instrument(span)).await {
            Ok(answer) => Ok((answer, Exit { call, watch })),
            Err(_) => Err(call.refuse(deadline_exceeded(), "")),
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

/// The caller that the door made out, from what a request carries.
///
/// # Errors
///
/// The status of an unknown caller, where the request came by no door.
pub fn caller(extensions: &Extensions) -> Result<Caller, Status> {
    extensions.get().cloned().ok_or_else(unauthenticated)
}

/// Whether the call may go on, to be asked as long as it lasts.
#[must_use]
pub fn standing(extensions: &Extensions) -> Standing {
    extensions.get().cloned().unwrap_or_else(Standing::for_ever)
}

/// The trace that the door found the call to be part of; empty where it is part of none.
#[must_use]
pub fn trace_id(extensions: &Extensions) -> String {
    extensions.get::<TraceId>().map(ToString::to_string).unwrap_or_default()
}
