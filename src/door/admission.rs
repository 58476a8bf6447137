//! Who calls, by what a call and its connection show: asked of the gate as it is by then.

use std::sync::Arc;

use arc_swap::ArcSwap;
use http::{
    Request,
    header::{AUTHORIZATION, HeaderValue},
};

use super::method::{Answer, Method, Needs};
use crate::{
    access::{Credentials, Denial, Gate, Identity},
    service::{Caller, Clock, Standing},
    tls::Peer,
};

/// Who is let in.
#[derive(Clone, Debug)]
pub enum Admission {
    /// Anyone, as local.
    Anyone,
    /// Those whom the gate knows, which changes as its file does.
    Known(Arc<ArcSwap<Gate>>),
}

impl Admission {
    /// Who calls.
    pub(super) fn identify<B>(&self, request: &Request<B>, clock: &Clock) -> Result<Caller, Denial> {
        let Self::Known(gate) = self else {
            return Ok(Caller::local());
        };
        let mut shown = request.headers().get_all(AUTHORIZATION).iter();
        let identity = match (shown.next(), shown.next()) {
            (authorization, None) => identify(gate, clock, authorization, request.extensions().get()),
            // Whoever stands before the service may have looked at the other.
            (_, Some(_)) => Err(Denial::Malformed),
        };
        identity.map(Caller::from)
    }

    /// Whether a call that lasts may go on: its credentials are asked again, as they and the gate are by then.
    pub(super) fn standing<B>(&self, method: &Method, request: &Request<B>, clock: &Clock) -> Standing {
        let (Self::Known(gate), Needs::Right(right), Answer::Stream) = (self, method.needs, method.answer) else {
            return Standing::for_ever();
        };
        let (gate, clock) = (Arc::clone(gate), clock.clone());
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
