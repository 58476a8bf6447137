//! How long a client may pause within its request: until all of it is there, the call holds a place, and what came of it is in memory.

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

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::sleep;

/// How a request comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Hearing(Arc<Progress>);

#[derive(Debug, Default)]
struct Progress {
    /// Pieces that came so far.
    pieces: AtomicU64,
    /// Whether the service waits for the next: else it is the service that takes its time.
    is_awaited: AtomicBool,
}

impl Hearing {
    /// Ends once the service waited for a client as long as that may pause, or up to twice as long. To be polled after the service, by the same task:
    /// what it then waits for is known.
    pub(super) async fn paused(&self, pause_max: Duration) {
        let Self(progress) = self;
        // Most requests are there at once, and take no timer.
        let awaited = poll_fn(|_| {
            if progress.is_awaited.load(Relaxed) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        awaited.await;
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
