//! What calls came to: counted, timed, and those turned away logged.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};
use tonic::Code;

use super::{call::Who, method::Method, status};

/// Upper bounds of the times of calls, in seconds.
const CALL_SECONDS: [f64; 14] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
];
/// Most signs of a reason in the log: some of it may be what a stranger sent.
const WHY_LEN_MAX: usize = 200;
/// Events of strangers that are logged in a second, one by one; of more there is a count. They are not to fill the disk.
const LINES_MAX: NonZeroU32 = NonZeroU32::new(10).unwrap();

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfCall {
    rpc: &'static str,
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRpc {
    rpc: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfCode {
    code: &'static str,
}

/// Numbers of all calls since the start.
#[derive(Debug)]
pub struct Meter {
    calls: Family<OfCall, Counter>,
    seconds: Family<OfRpc, Histogram>,
    denied: Family<OfCode, Counter>,
    log_pace: DefaultDirectRateLimiter,
    /// Events that were not logged one by one.
    unlogged: AtomicU64,
}

impl Default for Meter {
    fn default() -> Self {
        let denied = Family::default();
        // There from the beginning, so that the first denial is an increase.
        for code in status::DENIALS {
            let code = status::name(code);
            drop::<Counter>(denied.get_or_create_owned(&OfCode { code }));
        }
        Self {
            calls: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(CALL_SECONDS)),
            denied,
            log_pace: RateLimiter::direct(Quota::per_second(LINES_MAX)),
            unlogged: AtomicU64::default(),
        }
    }
}

impl Meter {
    /// Counts a call that ended.
    pub(super) fn ended(&self, method: &Method, code: Code, took: Duration) {
        let code = status::name(code);
        let call = OfCall { rpc: method.name, code };
        self.calls.get_or_create(&call).inc();
        let seconds = self.seconds.get_or_create(&OfRpc { rpc: method.name });
        seconds.observe(took.as_secs_f64());
    }

    /// Counts a denial, and says why to the operator.
    pub(super) fn denied(&self, method: &Method, code: Code, who: &Who, why: &str) {
        let code = status::name(code);
        self.denied.get_or_create(&OfCode { code }).inc();
        if let Some(unlogged) = self.may_log() {
            let why: String = why.chars().take(WHY_LEN_MAX).collect();
            tracing::warn!(rpc = method.name, code, %who, why, unlogged, "a call was denied");
        }
    }

    /// Says that a client did not read.
    pub(super) fn cut_off(&self, who: &Who) {
        if let Some(unlogged) = self.may_log() {
            tracing::warn!(%who, unlogged, "a client that did not read its answer was cut off");
        }
    }

    /// Whether there may be a line now, and of how many events there was none since the last.
    fn may_log(&self) -> Option<u64> {
        if self.log_pace.check().is_err() {
            self.unlogged.fetch_add(1, Relaxed);
            return None;
        }
        Some(self.unlogged.swap(0, Relaxed))
    }

    /// Shows all of it to those who watch.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("calls", "Calls that ended", self.calls.clone());
        registry.register(
            "call_seconds",
            "Seconds from the begin to the end of calls",
            self.seconds.clone(),
        );
        registry.register("denied", "Calls that were turned away", self.denied.clone());
    }
}
