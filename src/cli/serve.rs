//! `serve`

use clap::{Args, ValueHint};

use super::{Ending, Failure, evidence::EvidenceArgs};
use crate::{
    app,
    config::{Flags, Key, Settings},
};

/// Run the server until it is told to stop
///
/// Answers checks and keeps their record in a database that it alone writes. SIGTERM and Ctrl-C stop it gracefully: no new
/// calls, waiting ones are answered, the database is closed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights serve
  reimage-rights serve --listen 127.0.0.1:6000 --database /srv/decisions.db
  reimage-rights serve --log debug --log-format json

Exit codes:
  0  stopped as told
  1  failed
  2  bad settings or usage")]
pub(super) struct ServeArgs {
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        help = "Listen on this address [env: REIMAGE_RIGHTS_LISTEN] [default: 127.0.0.1:50051]"
    )]
    listen: Option<String>,
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help = "Keep decisions in this file, or `sqlite:` URL [env: REIMAGE_RIGHTS_DATABASE] \
                [default: reimage-rights/decisions.db in the platform's data folder]"
    )]
    database: Option<String>,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        help = "Serve the trees of both logs to those who follow them over HTTP, hashes only \
                [env: REIMAGE_RIGHTS_TILES_LISTEN] [default: off]"
    )]
    tiles_listen: Option<String>,
    #[arg(
        long,
        help = "Accept an address that other machines can reach, though callers are not authenticated yet \
                [env: REIMAGE_RIGHTS_INSECURE]"
    )]
    insecure: bool,
    #[arg(
        long,
        value_name = "N",
        help = "Let at most this many checks wait; more are told to retry \
                [env: REIMAGE_RIGHTS_QUEUE_LEN_MAX] [default: 1024]"
    )]
    queue_len_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help = "Record at most this many decisions in one transaction \
                [env: REIMAGE_RIGHTS_BATCH_LEN_MAX] [default: 256]"
    )]
    batch_len_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help = "Take at most this many batch calls at one time; more are told to retry \
                [env: REIMAGE_RIGHTS_BATCH_CALL_COUNT_MAX] [default: 4]"
    )]
    batch_call_count_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help = "Take at most this many streams at one time; more are told to retry \
                [env: REIMAGE_RIGHTS_STREAM_CALL_COUNT_MAX] [default: 32]"
    )]
    stream_call_count_max: Option<String>,
    #[arg(
        long,
        value_name = "N",
        help = "Read at most this many requests ahead of the answers a stream has given \
                [env: REIMAGE_RIGHTS_STREAM_IN_FLIGHT_MAX] [default: 256]"
    )]
    stream_in_flight_max: Option<String>,
}

impl ServeArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.evidence
            .flags(flags)
            .with(Key::Listen, self.listen.as_deref())
            .with(Key::Database, self.database.as_deref())
            .with(Key::TilesListen, self.tiles_listen.as_deref())
            .with(Key::Insecure, self.insecure.then_some("true"))
            .with(Key::QueueLenMax, self.queue_len_max.as_deref())
            .with(Key::BatchLenMax, self.batch_len_max.as_deref())
            .with(Key::BatchCallCountMax, self.batch_call_count_max.as_deref())
            .with(Key::StreamCallCountMax, self.stream_call_count_max.as_deref())
            .with(Key::StreamInFlightMax, self.stream_in_flight_max.as_deref())
    }

    /// Serves, if listening there is safe or accepted.
    pub(super) async fn run(&self, settings: Settings) -> Result<Ending, Failure> {
        settings.permitted_listen()?;
        app::serve(settings).await?;
        Ok(Ending::Good)
    }
}
