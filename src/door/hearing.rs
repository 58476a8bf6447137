//! How a request comes: until all of it is there, the call holds a place, and what came of it is in memory. So a client may pause only so long within
//! it, and what all clients send together may only be so much.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::sleep;

use super::intake::Share;

/// How a request comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Hearing(Arc<Progress>);

#[derive(Debug, Default)]
struct Progress {
    /// Pieces that came so far.
    pieces: AtomicU64,
    /// Whether the service waits for the next: else it is the service that takes its time.
    is_awaited: AtomicBool,
    /// What it takes of what all requests may; none where they come one by one.
    share: Option<Share>,
    /// Whether that was more than there was.
    is_too_much: AtomicBool,
}

/// Why a request is not heard to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BrokenOff {
    /// Nothing more came of it for too long.
    Paused,
    /// There is no room for it beside others.
    TooMuch,
}

impl Hearing {
    /// A request that takes this share.
    pub(super) fn new(share: Option<Share>) -> Self {
        Self(Arc::new(Progress {
            share,
            ..Progress::default()
        }))
    }

    /// Ends where the request is not to be waited for any more. To be polled after the service, by the same task: what it then waits for is known.
    pub(super) async fn broken_off(&self, pause_max: Duration) -> BrokenOff {
        let too_much = poll_fn(|_| ready_if(&self.0.is_too_much));
        tokio::select! {
            biased;
            () = too_much => BrokenOff::TooMuch,
            () = self.paused(pause_max) => BrokenOff::Paused,
        }
    }

    /// Ends once the service waited for a client as long as that may pause, or up to twice as long.
    async fn paused(&self, pause_max: Duration) {
        let Self(progress) = self;
        // Most requests are there at once, and take no timer.
        poll_fn(|_| ready_if(&progress.is_awaited)).await;
        let mut seen = 0;
        loop {
            sleep(pause_max).await;
            let pieces = progress.pieces.load(Relaxed);
            if progress.is_awaited.load(Relaxed) && pieces == seen {
                return;
            }
            seen = pieces;
        }
    }
}

fn ready_if(flag: &AtomicBool) -> Poll<()> {
    if flag.load(Relaxed) {
        Poll::Ready(())
    } else {
        Poll::Pending
    }
}

pin_project! {
    /// The body of a request, which tells how it comes.
    #[derive(Debug)]
    pub struct Heard<B> {
        #[pin]
        body: B,
        hearing: Hearing,
    }
}

impl<B> Heard<B> {
    pub(super) fn of(body: B, hearing: Hearing) -> Self {
        Self { body, hearing }
    }
}

impl<B: Body> Body for Heard<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let polled = this.body.poll_frame(context);
        let Hearing(progress) = this.hearing;
        if let (Poll::Ready(Some(Ok(frame))), Some(share)) = (&polled, &progress.share) {
            let len = frame.data_ref().map_or(0, Buf::remaining);
            if !share.take(len) {
                progress.is_too_much.store(true, Relaxed);
                // The call is about to be ended.
                return Poll::Pending;
            }
        }
        progress.pieces.fetch_add(u64::from(polled.is_ready()), Relaxed);
        progress.is_awaited.store(polled.is_pending(), Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
