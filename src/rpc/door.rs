//! The door: who calls, whether they may, how fast and how long; and what came of it.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use http::{Request, Response, header::AUTHORIZATION};
use tokio::{sync::Semaphore, time::timeout};
use tonic::{Status, body::Body};
use tower::{Layer, Service};
use tracing::{Instrument as _, Span};

use super::{
    call::Call,
    deadline::deadline,
    meter::Meter,
    method::{Answer, Method, Needs},
    patience::Patience,
    status::{deadline_exceeded, permission_denied, status, unauthenticated},
    trace::{self, TraceId},
};
use crate::{
    access::{Credentials, Gate},
    service::{Caller, Clock, Pace, ServiceError},
    tls::Peer,
};

/// Most large answers that wait to be read at one time; more calls for such are refused. Each may have some megabytes.
const LARGE_COUNT_MAX: usize = 32;
/// When to ask again who met too many of them.
const LARGE_RETRY_AFTER: Duration = Duration::from_millis(250);

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
    /// What time it is.
    pub clock: Clock,
}

/// The layer in front of all services.
#[derive(Clone, Debug)]
pub struct Door {
    terms: Arc<Terms>,
    large_answers: Arc<Semaphore>,
}

impl Door {
    /// A door that keeps to these terms.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        Self {
            terms: Arc::new(terms),
            large_answers: Arc::new(Semaphore::new(LARGE_COUNT_MAX)),
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
            clock: Clock::new(|| 0),
        })
    }

    /// Who calls, if they may; else the answer to them and the reason, which only the operator is told.
    fn admit<B>(&self, method: &Method, request: &Request<B>) -> Result<Option<Caller>, (Status, String)> {
        if method.needs == Needs::Nothing {
            return Ok(None);
        }
        let caller = match &self.terms.admission {
            Admission::Anyone => Caller::local(),
            Admission::Known(gate) => {
                let peer = request.extensions().get::<Peer>();
                let credentials = Credentials {
                    authorization: request.headers().get(AUTHORIZATION).map(http::HeaderValue::as_bytes),
                    certificate: peer.and_then(|peer| peer.certificate.as_deref()),
                };
                let identity = gate.load().identify(credentials, self.terms.clock.now());
                Caller::from(identity.map_err(|denial| (unauthenticated(), denial.to_string()))?)
            }
        };
        if let Needs::Right(right) = method.needs
            && !caller.may(right)
        {
            return Err((permission_denied(), format!("`{caller}` may not {right:?}")));
        }
        let admitted = self.terms.pace.admit(&caller, 1);
        admitted.map_err(|error| (status(&error), String::new()))?;
        Ok(Some(caller))
    }

    /// A watch over an answer that could take memory, and its place among such; none for small ones.
    fn patience<B>(&self, method: &Method, who: &str, request: &Request<B>) -> Result<Option<Patience>, Status> {
        // Without an address it is this process that reads, over a connection in memory.
        let (Answer::Large | Answer::Stream, Some(peer)) = (method.answer, request.extensions().get::<Peer>()) else {
            return Ok(None);
        };
        let place = match method.answer {
            Answer::Large => Some(Arc::clone(&self.large_answers).try_acquire_owned().map_err(|_| {
                status(&ServiceError::Crowded {
                    calls: "large answers",
                    count_max: LARGE_COUNT_MAX,
                    retry_after: LARGE_RETRY_AFTER,
                })
            })?),
            _ => None,
        };
        let hang_up = peer.hang_up.clone();
        Ok(Some(Patience::new(
            self.terms.stall_max,
            hang_up,
            who.to_owned(),
            place,
        )))
    }
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
        let (span, trace_id) = if terms.is_traced {
            trace::begin(method, request.headers())
        } else {
            (Span::none(), trace::trace_id(request.headers()))
        };
        let mut call = Call {
            method,
            meter: Arc::clone(&terms.meter),
            began: Instant::now(),
            span: span.clone(),
            who: String::new(),
            is_over: false,
        };
        let admitted = self.door.admit(method, &request);
        let caller = admitted.as_ref().ok().and_then(Option::as_ref);
        call.who = match (caller, request.extensions().get::<Peer>()) {
            (Some(caller), _) => caller.to_string(),
            (None, Some(peer)) => peer.address.to_string(),
            (None, None) => String::new(),
        };
        let caller = match admitted {
            Ok(caller) => caller,
            Err((status, why)) => return refused(call.refuse(status, &why)),
        };
        let patience = match self.door.patience(method, &call.who, &request) {
            Ok(patience) => patience,
            Err(status) => return refused(call.refuse(status, "")),
        };
        let time = match method.answer {
            Answer::Small | Answer::Large => Some(deadline(request.headers(), terms.deadline_max)),
            Answer::Stream => None,
        };
        if let Some(caller) = caller {
            request.extensions_mut().insert(caller);
        }
        request.extensions_mut().insert::<TraceId>(trace_id);
        let answering = self.inner.call(request).instrument(span);
        Box::pin(async move {
            let response = match time {
                None => answering.await?,
                Some(time) => match timeout(time, answering).await {
                    Ok(response) => response?,
                    Err(_) => return Ok(call.refuse(deadline_exceeded(), "")),
                },
            };
            Ok(call.answer(response, patience))
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

/// The trace that the door found the call to be part of.
pub(super) fn trace_id<T>(request: &tonic::Request<T>) -> String {
    let id = request.extensions().get::<TraceId>();
    id.map(|TraceId(id)| id.clone()).unwrap_or_default()
}
