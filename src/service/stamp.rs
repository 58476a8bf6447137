//! Ids, times and salts for decisions that enter the log.

use std::{fmt, sync::Arc};

use crate::{history::decision_id, wire::Stamp};

/// Where time and randomness come from; only the wiring of the program knows the real ones.
pub struct Sources {
    /// What time it is.
    pub clock: Clock,
    /// Fills with random bytes that nobody can guess.
    pub fill: Box<Fill>,
}

/// A clock. Clones are one.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock that is read by asking for the microseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn new(now_us: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_us))
    }

    /// Microseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        (self.0)()
    }

    /// The same as a point in time.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.now_us()).unwrap_or(jiff::Timestamp::MAX)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Clock")
    }
}

/// A source of random bytes.
pub type Fill = dyn FnMut(&mut [u8]) + Send;

impl fmt::Debug for Sources {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sources")
    }
}

/// Stamps decisions; times always run forward along the log, whatever the clock does: no two decisions have the same microsecond, so
/// that ids sort as the log does and each time names one decision.
#[derive(Debug)]
pub struct Stamper {
    sources: Sources,
    last_us: i64,
}

impl Stamper {
    /// Goes on behind a log whose last decision was made at `last_us`.
    #[must_use]
    pub fn new(sources: Sources, last_us: Option<i64>) -> Self {
        Self {
            sources,
            last_us: last_us.unwrap_or(-1),
        }
    }

    /// How far the clock is behind the last decision, in microseconds; 0 when it is not.
    #[must_use]
    pub fn clock_lag_us(&self) -> i64 {
        self.last_us.saturating_sub(self.sources.clock.now_us()).max(0)
    }

    /// What the clock says, in microseconds since 1970, UTC.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        self.sources.clock.now_us()
    }

    /// 16 bytes that nobody can guess.
    pub fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0; 16];
        (self.sources.fill)(&mut salt);
        salt
    }

    /// The next stamp.
    pub fn stamp(&mut self) -> Stamp {
        self.last_us = self.sources.clock.now_us().max(self.last_us.saturating_add(1));
        let mut random = [0; 26];
        (self.sources.fill)(&mut random);
        let (id, salt) = random.split_at(10);
        Stamp {
            decision_id: decision_id(self.last_us, id.try_into().unwrap_or_default()),
            decided_at_us: self.last_us,
            salt: salt.try_into().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };

    use super::*;

    fn stamper(clock: &Arc<AtomicI64>, last_us: Option<i64>) -> Stamper {
        let clock = Arc::clone(clock);
        let clock = Clock::new(move || clock.load(Ordering::Relaxed));
        Stamper::new(
            Sources {
                clock,
                fill: Box::new(|bytes| bytes.fill(0xab)),
            },
            last_us,
        )
    }

    #[test]
    fn times_run_forward_when_the_clock_runs_backwards_or_stands_still() {
        let clock = Arc::new(AtomicI64::new(2_000_000));
        let mut stamper = stamper(&clock, None);
        let first = stamper.stamp();
        clock.store(1_000_000, Ordering::Relaxed);
        assert_eq!(stamper.clock_lag_us(), 1_000_000);
        assert_eq!(stamper.stamp().decided_at_us, first.decided_at_us + 1);
        assert_eq!(stamper.stamp().decided_at_us, first.decided_at_us + 2);
        clock.store(3_000_000, Ordering::Relaxed);
        assert_eq!(stamper.stamp().decided_at_us, 3_000_000);
    }

    #[test]
    fn a_log_goes_on_behind_its_last_decision() {
        let clock = Arc::new(AtomicI64::new(5));
        assert_eq!(stamper(&clock, Some(9)).stamp().decided_at_us, 10);
    }
}
