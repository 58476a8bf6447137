//! How fast one caller may ask, so that none takes all there is.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use super::{Caller, ServiceError};

/// Callers above which those who have been quiet are forgotten.
const CALLER_COUNT_USUAL: usize = 1024;
/// How often that is seen to at most: it looks at every caller.
const FORGET_PERIOD: Duration = Duration::from_secs(1);

/// The pace of each caller. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Pace(Option<Arc<Limiter>>);

#[derive(Debug)]
struct Limiter {
    requests: DefaultKeyedRateLimiter<String>,
    /// Most requests in a second, and as many at once.
    rate_max: NonZeroU32,
    /// When those who have been quiet were forgotten last.
    forgot: Mutex<Instant>,
}

impl Limiter {
    fn new(rate_max: NonZeroU32, now: Instant) -> Self {
        Self {
            requests: RateLimiter::keyed(Quota::per_second(rate_max)),
            rate_max,
            forgot: Mutex::new(now),
        }
    }

    /// Forgets who has been quiet, where that is due.
    fn forget(&self, now: Instant) {
        // Somebody else is at it.
        let Ok(mut forgot) = self.forgot.try_lock() else {
            return;
        };
        if now.duration_since(*forgot) < FORGET_PERIOD {
            return;
        }
        *forgot = now;
        if self.requests.len() > CALLER_COUNT_USUAL {
            self.requests.retain_recent();
        }
    }
}

impl Pace {
    /// At most so many requests of one caller in a second; any number where there is no bound.
    #[must_use]
    pub fn new(rate_max: Option<NonZeroUsize>) -> Self {
        let limiter = rate_max.map(|rate_max| {
            let rate_max = u32::try_from(rate_max.get()).unwrap_or(u32::MAX);
            let rate_max = NonZeroU32::new(rate_max).unwrap_or(NonZeroU32::MIN);
            Arc::new(Limiter::new(rate_max, Instant::now()))
        });
        Self(limiter)
    }

    /// Takes this many requests of a caller, or refuses all of them. More at once than there may be in a second count as those.
    ///
    /// # Errors
    ///
    /// When there were too many in the last second.
    pub fn admit(&self, caller: &Caller, count: usize) -> Result<(), ServiceError> {
        let Some(limiter) = &self.0 else {
            return Ok(());
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX).min(limiter.rate_max.get());
        let Some(count) = NonZeroU32::new(count) else {
            return Ok(());
        };
        limiter.forget(Instant::now());
        let requests = &limiter.requests;
        match requests.check_key_n(&caller.to_string(), count) {
            Ok(Err(not_yet)) => Err(ServiceError::TooFast {
                rate_max: limiter.rate_max.get(),
                retry_after: not_yet.wait_time_from(requests.clock().now()),
            }),
            // Never more than fit: the count was bounded by the rate.
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    /// Waits until one more request of a caller may be taken.
    pub(super) async fn wait(&self, caller: &Caller) {
        if let Some(limiter) = &self.0 {
            limiter.requests.until_key_ready(&caller.to_string()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Identity, Roles};

    fn caller(name: &str) -> Caller {
        Caller::from(Identity {
            name: name.to_owned(),
            roles: Roles::OPERATOR,
        })
    }

    #[test]
    fn a_caller_who_asks_too_fast_is_refused_and_others_are_not() {
        let pace = Pace::new(NonZeroUsize::new(3));
        for _ in 0..3 {
            pace.admit(&caller("a"), 1).unwrap();
        }
        let Err(ServiceError::TooFast {
            rate_max: 3,
            retry_after,
        }) = pace.admit(&caller("a"), 1)
        else {
            panic!("the fourth was taken");
        };
        assert!(!retry_after.is_zero() && retry_after.as_millis() < 1000);
        pace.admit(&caller("b"), 1).unwrap();
    }

    #[test]
    fn a_batch_counts_as_its_requests_and_the_largest_as_a_second() {
        let pace = Pace::new(NonZeroUsize::new(3));
        pace.admit(&caller("a"), 2).unwrap();
        assert!(pace.admit(&caller("a"), 2).is_err());
        pace.admit(&caller("a"), 0).unwrap();
        pace.admit(&caller("b"), 1000).unwrap();
        assert!(pace.admit(&caller("b"), 1).is_err());
    }

    #[test]
    fn quiet_callers_are_forgotten_and_not_looked_for_more_than_once_a_second() {
        let begun = Instant::now();
        // So fast that everyone has been quiet at once.
        let limiter = Limiter::new(NonZeroU32::MAX, begun);
        let known_at = |millis| {
            for number in 0..2 * CALLER_COUNT_USUAL {
                limiter.requests.check_key(&number.to_string()).unwrap();
            }
            limiter.forget(begun + Duration::from_millis(millis));
            limiter.requests.len()
        };
        assert_eq!(known_at(999), 2 * CALLER_COUNT_USUAL);
        assert_eq!(known_at(1000), 0);
        assert_eq!(known_at(1999), 2 * CALLER_COUNT_USUAL);
        assert_eq!(known_at(2000), 0);
    }

    #[test]
    fn without_a_bound_nobody_is_refused() {
        let pace = Pace::new(None);
        assert!((0..10_000).all(|_| pace.admit(&caller("a"), 1000).is_ok()));
    }
}
