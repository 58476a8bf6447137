//! How long a client may leave an answer unread: what it does not take is held in memory for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{sync::OwnedSemaphorePermit, task::AbortHandle, time::sleep};

use crate::tls::HangUp;

/// Watches over one answer as long as it lives.
#[derive(Debug)]
pub(super) struct Patience {
    progress: Arc<Progress>,
    watching: AbortHandle,
    /// A place among large answers, free again when this one is read or given up.
    _place: Option<OwnedSemaphorePermit>,
}

#[derive(Debug, Default)]
struct Progress {
    /// Pieces that were taken so far.
    pieces: AtomicU64,
    /// Whether there was a piece for the client when it last asked: else it is the service that takes its time.
    has_more: AtomicBool,
}

impl Patience {
    /// Ends the connection once a client takes nothing for as long as that.
    pub(super) fn new(stall_max: Duration, hang_up: HangUp, who: String, place: Option<OwnedSemaphorePermit>) -> Self {
        let progress = Arc::<Progress>::default();
        let watched = Arc::clone(&progress);
        let watching = tokio::spawn(async move {
            let mut seen = 0;
            loop {
                sleep(stall_max).await;
                let pieces = watched.pieces.load(Relaxed);
                if watched.has_more.load(Relaxed) && pieces == seen {
                    tracing::warn!(
                        who,
                        stall_seconds = stall_max.as_secs(),
                        "a client that did not read its answer was cut off"
                    );
                    hang_up.now();
                    return;
                }
                seen = pieces;
            }
        });
        Self {
            progress,
            watching: watching.abort_handle(),
            _place: place,
        }
    }

    /// Notes that the next piece was asked for, and whether there was one.
    pub(super) fn note(&self, has_more: bool) {
        self.progress.pieces.fetch_add(u64::from(has_more), Relaxed);
        self.progress.has_more.store(has_more, Relaxed);
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        self.watching.abort();
    }
}
