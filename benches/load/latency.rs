//! How long calls took.

use std::time::Duration;

use serde::Serialize;

/// How long each call took, in nanoseconds.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<u64>);

/// How long calls took, in microseconds: exact ranks of all samples.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Latency {
    /// Calls.
    pub count: usize,
    /// Half took no longer.
    pub p50_us: f64,
    /// 99 in 100 took no longer.
    pub p99_us: f64,
    /// 999 in 1,000 took no longer.
    pub p999_us: f64,
    /// None took longer.
    pub max_us: f64,
}

impl Samples {
    /// Adds one call.
    pub fn push(&mut self, took: Duration) {
        self.0.push(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Adds the calls of another.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// The ranks; `None` without a call.
    pub fn latency(mut self) -> Option<Latency> {
        self.0.sort_unstable();
        Some(Latency {
            count: self.0.len(),
            p50_us: self.rank(500)?,
            p99_us: self.rank(990)?,
            p999_us: self.rank(999)?,
            max_us: self.rank(1000)?,
        })
    }

    /// The smallest sample that so many in a thousand do not exceed.
    #[expect(clippy::cast_precision_loss, reason = "a day in nanoseconds fits 53 bits")]
    fn rank(&self, permille: usize) -> Option<f64> {
        let place = self.0.len().saturating_mul(permille).div_ceil(1000);
        let nanoseconds = self.0.get(place.saturating_sub(1))?;
        Some(*nanoseconds as f64 / 1000.0)
    }
}

/// The middle of some figures, of the two middle ones where their count is even; `None` of none.
pub fn median(figures: &[f64]) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (low, high) = (sorted.len().checked_sub(1)? / 2, sorted.len() / 2);
    Some(f64::midpoint(*sorted.get(low)?, *sorted.get(high)?))
}
