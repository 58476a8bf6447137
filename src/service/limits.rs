//! What bounds the work in hand, so that no load makes the service wait or grow without end.

use std::num::NonZeroUsize;

/// The bounds of a service; each is at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most decisions that wait to be recorded. Batches and streams take at most half of it, and wait for their turn; checks
    /// by themselves are refused when it is full.
    pub queue_len_max: usize,
    /// Most decisions in one transaction.
    pub batch_len_max: usize,
    /// Most batch calls at one time; more are refused.
    pub batch_call_count_max: usize,
    /// Most streams at one time; more are refused.
    pub stream_call_count_max: usize,
    /// Most image products, or requests without any, of one stream that were read and whose answers were not sent yet; nothing further is
    /// read. A request with more has the stream to itself.
    pub stream_in_flight_max: usize,
    /// Most requests of one caller in a second, if they are bounded.
    pub rate_max: Option<NonZeroUsize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            queue_len_max: 1024,
            batch_len_max: 256,
            batch_call_count_max: 4,
            stream_call_count_max: 32,
            stream_in_flight_max: 256,
            rate_max: None,
        }
    }
}
