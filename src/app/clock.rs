//! The real clock and the real randomness: the one place that reads them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::service::{Clock, Sources};

/// Time and randomness of this machine.
#[must_use]
pub fn sources() -> Sources {
    Sources {
        clock: Clock::new(now_us),
        fill: Box::new(fill),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

#[expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "without randomness no decision can be recorded safely"
)]
fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}
