//! Whether a call that lasts may still go on.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

/// How often that is asked.
const PERIOD: Duration = Duration::from_secs(1);

/// Tells whether its caller is still let in.
#[derive(Clone)]
pub struct Standing(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Standing {
    /// Whoever is let in stays in.
    #[must_use]
    pub fn for_ever() -> Self {
        Self(None)
    }

    /// Let in as long as this says so.
    #[must_use]
    pub fn as_long_as(is_let_in: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(is_let_in)))
    }

    /// Asks from now on, now and then.
    pub(super) fn asked(self) -> Asked {
        Asked {
            standing: self,
            at: Instant::now(),
        }
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Standing")
    }
}

/// A standing, and when it was asked last.
#[derive(Debug)]
pub(super) struct Asked {
    standing: Standing,
    at: Instant,
}

impl Asked {
    /// Whether the call may go on, as far as is known: it is asked once in a while.
    pub(super) fn holds(&mut self) -> bool {
        let Some(is_let_in) = &self.standing.0 else {
            return true;
        };
        if self.at.elapsed() < PERIOD {
            return true;
        }
        self.at = Instant::now();
        is_let_in()
    }
}
