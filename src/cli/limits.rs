//! What bounds the work that a server takes on.

use clap::Args;

use crate::config::{Flags, Key};

/// Bounds, each with a default that fits most.
#[derive(Args, Debug, Default)]
#[expect(
    clippy::struct_field_names,
    reason = "each is the most of something, as its flag says"
)]
pub(super) struct LimitArgs {
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Let at most this many checks wait; more are told to retry [env: REIMAGE_RIGHTS_QUEUE_LEN_MAX] [default: 1024]"
    )]
    queue_len_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Record at most this many decisions in one transaction [env: REIMAGE_RIGHTS_BATCH_LEN_MAX] [default: 256]"
    )]
    batch_len_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Take at most this many batch calls at one time; more are told to retry [env: REIMAGE_RIGHTS_BATCH_CALL_COUNT_MAX] [default: 4]"
    )]
    batch_call_count_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Take at most this many streams at one time; more are told to retry [env: REIMAGE_RIGHTS_STREAM_CALL_COUNT_MAX] [default: 32]"
    )]
    stream_call_count_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Read at most this many requests ahead of the answers a stream has given [env: REIMAGE_RIGHTS_STREAM_IN_FLIGHT_MAX] [default: 256]"
    )]
    stream_in_flight_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Keep at most this many connections; more are closed at once [env: REIMAGE_RIGHTS_CONNECTION_COUNT_MAX] [default: 10240]"
    )]
    connection_count_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Take at most this many requests of one caller in a second; more are told to retry [env: REIMAGE_RIGHTS_RATE_MAX] [default: off]"
    )]
    rate_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Give up a call for one answer after this many seconds [env: REIMAGE_RIGHTS_DEADLINE_SECONDS_MAX] [default: 60]"
    )]
    deadline_seconds_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help_heading = "Limits",
        help = "Cut off a client that leaves an answer unread for this many seconds [env: REIMAGE_RIGHTS_STALL_SECONDS_MAX] [default: 60]"
    )]
    stall_seconds_max: Option<String>,
}

impl LimitArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        flags
            .with(Key::QueueLenMax, self.queue_len_max.as_deref())
            .with(Key::BatchLenMax, self.batch_len_max.as_deref())
            .with(Key::BatchCallCountMax, self.batch_call_count_max.as_deref())
            .with(Key::StreamCallCountMax, self.stream_call_count_max.as_deref())
            .with(Key::StreamInFlightMax, self.stream_in_flight_max.as_deref())
            .with(Key::ConnectionCountMax, self.connection_count_max.as_deref())
            .with(Key::RateMax, self.rate_max.as_deref())
            .with(Key::DeadlineSecondsMax, self.deadline_seconds_max.as_deref())
            .with(Key::StallSecondsMax, self.stall_seconds_max.as_deref())
    }
}
