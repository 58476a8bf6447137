//! How long a client may leave an answer unread: what it does not take is held in memory for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{task::AbortHandle, time::sleep};

use super::{call::Who, meter::Meter};
use crate::{service::Place, tls::HangUp};

/// How the reader of an answer is watched.
#[derive(Debug)]
pub(super) enum Watch {
    /// Not yet: a small answer is, once there is more of it than the transport takes at a time.
    Ready(Terms),
    /// As long as the answer lives.
    Begun(Patience),
}

/// What it takes to watch somebody.
#[derive(Debug)]
pub(super) struct Terms {
    /// How long a client may take nothing.
    pub(super) stall_max: Duration,
    /// Ends the connection then.
    pub(super) hang_up: HangUp,
    /// Who it is.
    pub(super) who: Who,
    /// Where that is told.
    pub(super) meter: Arc<Meter>,
    /// A place among large answers, free again when this one is read or given up.
    pub(super) place: Option<Place>,
}

impl Watch {
    /// Watched from now on.
    pub(super) fn begun(self) -> Self {
        match self {
            Self::Ready(terms) => Self::Begun(Patience::new(terms)),
            Self::Begun(patience) => Self::Begun(patience),
        }
    }
}

/// Watches over one answer as long as it lives.
#[derive(Debug)]
pub(super) struct Patience {
    progress: Arc<Progress>,
    watching: AbortHandle,
    _place: Option<Place>,
}

#[derive(Debug, Default)]
struct Progress {
    /// Pieces that were taken so far.
    pieces: AtomicU64,
    /// Whether there was a piece for the client when it last asked: else it is the service that takes its time.
    has_more: AtomicBool,
}

impl Patience {
    fn new(terms: Terms) -> Self {
        let Terms {
            stall_max,
            hang_up,
            who,
            meter,
            place,
        } = terms;
        let progress = Arc::<Progress>::default();
        let watched = Arc::clone(&progress);
        let watching = tokio::spawn(async move {
            let mut seen = 0;
            loop {
                sleep(stall_max).await;
                let pieces = watched.pieces.load(Relaxed);
                if watched.has_more.load(Relaxed) && pieces == seen {
                    meter.cut_off(&who);
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
