//! The door itself: whether a caller may make a call, how fast, how long, and with how many others.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use http::{Extensions, Request};
use prometheus_client::metrics::counter::Counter;
use tonic::Status;
use tracing::Span;

use super::{
    admission::Admission,
    call::{Call, Who},
    deadline::deadline,
    hearing::Hearing,
    intake::Intake,
    meter::Meter,
    method::{Answer, Method, Needs},
    passage::Entry,
    patience::{self, Watch},
    status::{permission_denied, status, unauthenticated},
    trace::{self, Protocol, TraceId},
};
use crate::{
    access::Right,
    service::{Caller, Clock, Pace, Room, Standing},
    tls::Peer,
};

/// Most large answers that wait to be read at one time; more calls for such are refused. Each may have some megabytes.
const LARGE_COUNT_MAX: usize = 32;
/// Most watches of the health at one time, which anyone may begin.
const WATCH_COUNT_MAX: usize = 64;
/// When to ask again who met too many of them.
const PLACE_RETRY_AFTER: Duration = Duration::from_millis(250);

/// What the door keeps to.
#[derive(Debug)]
pub struct Terms {
    /// Who is let in.
    pub admission: Admission,
    /// How fast each caller may ask.
    pub pace: Pace,
    /// Longest that a call for one answer may take.
    pub deadline_max: Duration,
    /// Longest that a client may pause within a request.
    pub pause_max: Duration,
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
    intake: Intake,
    /// Single answers that wait to be read.
    unread: Intake,
}

impl Door {
    /// A door that keeps to these terms.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        let room = |calls, count_max| Room::new(calls, count_max, PLACE_RETRY_AFTER, terms.busy.clone());
        Self {
            large_answers: room("large answers", LARGE_COUNT_MAX),
            watches: room("watches", WATCH_COUNT_MAX),
            intake: Intake::of_requests(),
            unread: Intake::of_answers(),
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
            pause_max: Duration::MAX,
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
        let identified = self.terms.admission.identify(request, &self.terms.clock);
        let caller = identified.map_err(|denial| Refusal {
            status: unauthenticated(),
            why: denial.to_string(),
            caller: None,
        })?;
        let refused = |status, why| Refusal {
            status,
            why,
            caller: Some(caller.clone()),
        };
        if let Needs::Right(right) = method.needs
            && !caller.may(right)
        {
            let status = permission_denied(wanting(method, right, &caller));
            return Err(refused(status, format!("its roles do not let it {right}")));
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
            request: None,
            unread: self.unread.share(),
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
        let hearing = Hearing::new(self.intake.share_of(method));
        call.request = Some(hearing.clone());
        let time = deadline(request.headers(), terms.deadline_max);
        let standing = terms.admission.standing(method, request, &terms.clock);
        let extensions = request.extensions_mut();
        if let Some(caller) = caller {
            extensions.insert(caller);
        }
        extensions.insert::<TraceId>(trace_id);
        extensions.insert::<Standing>(standing);
        Ok(Entry {
            call,
            hearing,
            watch,
            time,
            pause_max: terms.pause_max,
            busy: terms.busy.clone(),
        })
    }
}

/// What a method takes and its caller lacks. The caller is known, and is told nothing that the operator did not give it.
fn wanting(method: &Method, right: Right, caller: &Caller) -> String {
    let roles: Vec<&str> = right.roles().iter().map(|role| role.name()).collect();
    let (takes, name, has) = (roles.join(" or "), method.name, caller.roles());
    format!("{name} takes the role {takes}; `{caller}` has {has}")
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
