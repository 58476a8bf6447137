//! The door: who calls, whether they may, how fast and how long; and what came of it.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use http::{
    Request, Response,
    header::{AUTHORIZATION, HeaderValue},
};
use prometheus_client::metrics::counter::Counter;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tonic::{Status, body::Body};
use tower::{Layer, Service};
use tracing::{Instrument as _, Span};

use super::{
    call::{Call, Who},
    deadline::deadline,
    meter::Meter,
    method::{Answer, Method, Needs},
    patience::{self, Watch},
    status::{deadline_exceeded, permission_denied, status, unauthenticated},
    trace::{self, TraceId},
};
use crate::{
    access::{Credentials, Denial, Gate, Identity},
    service::{Caller, Clock, Pace, ServiceError, Standing},
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

/// The layer in front of all services.
#[derive(Clone, Debug)]
pub struct Door {
    terms: Arc<Terms>,
    large_answers: Arc<Semaphore>,
    watches: Arc<Semaphore>,
}

impl Door {
    /// A door that keeps to these terms.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        Self {
            terms: Arc::new(terms),
            large_answers: Arc::new(Semaphore::new(LARGE_COUNT_MAX)),
            watches: Arc::new(Semaphore::new(WATCH_COUNT_MAX)),
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
            (Answer::Large, _) => Some(self.place(&self.large_answers, LARGE_COUNT_MAX, "large answers")?),
            // Those whom anyone may ask for.
            (Answer::Stream, Needs::Nothing) => Some(self.place(&self.watches, WATCH_COUNT_MAX, "watches")?),
            (Answer::Small | Answer::Stream, _) => None,
        };
        Ok(Some(Watch::Ready(patience::Terms {
            stall_max: self.terms.stall_max,
            hang_up: peer.hang_up.clone(),
            who: who.clone(),
            meter: Arc::clone(&self.terms.meter),
            place,
        })))
    }

    fn place(
        &self,
        places: &Arc<Semaphore>,
        count_max: usize,
        calls: &'static str,
    ) -> Result<OwnedSemaphorePermit, Status> {
        Arc::clone(places).try_acquire_owned().map_err(|_| {
            self.terms.busy.inc();
            status(&ServiceError::Crowded {
                calls,
                count_max,
                retry_after: PLACE_RETRY_AFTER,
            })
        })
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

impl<S> Layer<S> for Door {
    type Service = Doorway<S>;

    fn layer(&self, inner: S) -> Doorway<S> {
        let door = self.clone();
        Doorway { inner, door }
    }
}

/// The services behind the door.
#[derive(Clone, Debug)]
pub struct Doorway<S> {
    inner: S,
    door: Door,
}

type Answering<E> = Pin<Box<dyn Future<Output = Result<Response<Body>, E>> + Send>>;

impl<S> Service<Request<Body>> for Doorway<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Answering<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let terms = &self.door.terms;
        let method = Method::at(request.uri().path());
        let mut call = Call {
            method,
            meter: Arc::clone(&terms.meter),
            began: Instant::now(),
            span: Span::none(),
            who: Who::default(),
            is_over: false,
        };
        let admitted = self.door.admit(method, &request);
        let known = match &admitted {
            Ok(caller) | Err(Refusal { caller, .. }) => caller.as_ref(),
        };
        let peer = request.extensions().get::<Peer>();
        call.who = Who::of(known, peer);
        let caller = match admitted {
            Ok(caller) => caller,
            Err(Refusal { status, why, .. }) => return refused(call.refuse(status, &why)),
        };
        let watch = match self.door.watch(method, &call.who, peer) {
            Ok(watch) => watch,
            Err(status) => return refused(call.refuse(status, "")),
        };
        if let Some(peer) = peer {
            peer.welcome.now();
        }
        // Strangers have no part in traces.
        let (span, trace_id) = if terms.is_traced {
            trace::begin(method, request.headers())
        } else {
            (Span::none(), trace::trace_id(request.headers()))
        };
        call.span = span.clone();
        let time = deadline(request.headers(), terms.deadline_max);
        let standing = self.door.standing(method, &request);
        let extensions = request.extensions_mut();
        if let Some(caller) = caller {
            extensions.insert(caller);
        }
        extensions.insert::<TraceId>(trace_id);
        extensions.insert::<Standing>(standing);
        let answering = self.inner.call(request).instrument(span);
        Box::pin(async move {
            // Of an answer that comes piece by piece, that is the time to its begin.
            match timeout(time, answering).await {
                Ok(response) => Ok(call.answer(response?, watch)),
                Err(_) => Ok(call.refuse(deadline_exceeded(), "")),
            }
        })
    }
}

fn refused<E: Send + 'static>(response: Response<Body>) -> Answering<E> {
    Box::pin(std::future::ready(Ok(response)))
}

/// The caller that the door made out.
pub(super) fn caller<T>(request: &tonic::Request<T>) -> Result<Caller, Status> {
    request.extensions().get().cloned().ok_or_else(unauthenticated)
}

/// Whether the call may go on, to be asked as long as it lasts.
pub(super) fn standing<T>(request: &tonic::Request<T>) -> Standing {
    request.extensions().get().cloned().unwrap_or_else(Standing::for_ever)
}

/// The trace that the door found the call to be part of.
pub(super) fn trace_id<T>(request: &tonic::Request<T>) -> String {
    let id = request.extensions().get::<TraceId>();
    id.map(|TraceId(id)| id.clone()).unwrap_or_default()
}
