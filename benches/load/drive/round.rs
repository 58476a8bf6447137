//! What one round of a load gave.

use std::time::{Duration, Instant};

use crate::{count::figure, latency::Samples};

/// A round runs for this part of its length before it is measured, and as long after.
const MARGIN_PART: u32 = 8;

/// What one call gave.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer {
    /// Decisions.
    pub decisions: u64,
    /// Requests that were told to come back later.
    pub refused: u64,
}

impl std::ops::AddAssign for Answer {
    fn add_assign(&mut self, other: Self) {
        self.decisions += other.decisions;
        self.refused += other.refused;
    }
}

/// The time that is measured, in the middle of a round, so that all of it is under the same load.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    opens: Instant,
    closes: Instant,
    ends: Instant,
}

impl Window {
    /// A window of this length that opens soon.
    pub fn ahead(span: Duration) -> Self {
        let margin = span / MARGIN_PART;
        let opens = Instant::now() + margin;
        let closes = opens + span;
        Self {
            opens,
            closes,
            ends: closes + margin,
        }
    }

    /// Whether the round has ended.
    pub fn is_over(self) -> bool {
        self.ends <= Instant::now()
    }

    fn holds(self, moment: Instant) -> bool {
        self.opens <= moment && moment < self.closes
    }

    /// Which part of a call lies within.
    fn part(self, begun: Instant, ended: Instant) -> f64 {
        let inside = ended.min(self.closes).saturating_duration_since(begun.max(self.opens));
        let whole = ended.saturating_duration_since(begun).max(Duration::from_nanos(1));
        inside.div_duration_f64(whole)
    }
}

/// What a round gave within its window.
#[derive(Clone, Debug)]
pub struct Round {
    window: Window,
    decisions: f64,
    /// Requests that were told to come back later.
    pub refused: u64,
    /// How long calls took.
    pub samples: Samples,
}

impl Round {
    /// A round of which nothing is known yet.
    pub fn of(window: Window) -> Self {
        Self {
            window,
            decisions: 0.0,
            refused: 0,
            samples: Samples::default(),
        }
    }

    /// Adds a call. One that reaches into the window or out of it counts with the part inside: a few long calls would else be worth
    /// all or nothing. How long it took counts where it ended inside.
    pub fn add_call(&mut self, answer: Answer, begun: Instant, ended: Instant) {
        self.decisions += figure(answer.decisions) * self.window.part(begun, ended);
        if self.window.holds(ended) {
            self.refused += answer.refused;
            if answer.decisions > 0 {
                self.samples.push(ended.saturating_duration_since(begun));
            }
        }
    }

    /// Adds an answer of which it is only known that it came now.
    pub fn add_now(&mut self, answer: Answer) {
        if self.window.holds(Instant::now()) {
            self.decisions += figure(answer.decisions);
            self.refused += answer.refused;
        }
    }

    /// Adds what another caller saw of the same round.
    pub fn merge(&mut self, other: Self) {
        self.decisions += other.decisions;
        self.refused += other.refused;
        self.samples.append(other.samples);
    }

    /// Decisions per second.
    pub fn per_second(&self) -> f64 {
        let span = self.window.closes.saturating_duration_since(self.window.opens);
        self.decisions / span.as_secs_f64()
    }
}
