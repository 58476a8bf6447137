//! What a run is asked for.

use std::{path::PathBuf, thread, time::Duration};

use clap::{Parser, Subcommand, ValueEnum, builder::RangedU64ValueParser};

use crate::scenario::SATURATED;

/// Measure the real server beside its ceilings, and write a table and a JSON file
#[derive(Clone, Debug, Parser)]
#[command(name = "load", version)]
pub struct Arguments {
    /// Decisions that the filled database holds before it is measured; with 0 and no `--database`, only a
    /// new one is measured
    #[arg(long, default_value_t = 1_000_000)]
    pub decisions: u64,
    /// Filled database to use and keep, so that a later run only measures; it is filled up where it holds fewer decisions
    /// [default: a temporary one]
    #[arg(long)]
    pub database: Option<PathBuf>,
    /// Folder of temporary databases; put it on the disk that is to be measured
    #[arg(long, default_value = "target/load")]
    pub folder: PathBuf,
    /// Where the figures go, as JSON; the tables go beside it, as Markdown
    #[arg(long, default_value = "target/load/latest.json")]
    pub output: PathBuf,
    /// Figures of a peer, as `benches/peer/run` wrote them
    #[arg(long, default_value = "target/load/peer.json")]
    pub peer: PathBuf,
    /// Seconds of one round
    #[arg(long, default_value_t = 4.0)]
    pub seconds: f64,
    /// Rounds of each load; figures are their medians
    #[arg(long, default_value_t = 5, value_parser = at_least_one())]
    pub rounds: usize,
    /// Calls of each question to the history
    #[arg(long, default_value_t = 200)]
    pub calls: usize,
    /// Rows of one run of plain inserts
    #[arg(long, default_value_t = 100_000)]
    pub rows: u64,
    /// Measure only these
    #[arg(long, value_enum, value_delimiter = ',')]
    pub only: Vec<Scenario>,
    /// Calls in flight, of single Checks
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, SATURATED], value_parser = at_least_one())]
    pub in_flight: Vec<usize>,
    /// Connections that calls in flight are spread over
    #[arg(long, default_value_t = 4, value_parser = at_least_one())]
    pub connections: usize,
    /// Threads of the client [default: one per core]
    #[arg(long, default_value_t = cores(), hide_default_value = true)]
    pub client_threads: usize,
    /// Where random devices and images begin
    #[arg(long, default_value_t = 2011)]
    pub seed: u64,
    /// Argument of `serve` for the server under test, such as `--serve-arg=--batch-len-max=512`; can be repeated
    #[arg(long, allow_hyphen_values = true)]
    pub serve_arg: Vec<String>,
    /// Put every kind of call on a server for so many minutes, at 80 % of what it can do, and measure nothing else
    #[arg(long, value_name = "MINUTES")]
    pub soak: Option<u32>,
    /// A smoke run of a few seconds, which shows that the program works and measures nothing
    #[arg(long)]
    quick: bool,
    /// Given by cargo; means nothing here
    #[arg(long, hide = true)]
    bench: bool,
    /// What this program does for itself
    #[command(subcommand)]
    pub internal: Option<Internal>,
}

/// What the program does for itself, in a process of its own.
#[derive(Clone, Debug, Subcommand)]
pub enum Internal {
    /// Answer every check with the answer in this file
    #[command(hide = true)]
    Echo {
        /// An encoded answer
        answer: PathBuf,
    },
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Check beside echo, closed loop, at several numbers of calls in flight
    Unary,
    /// `BatchCheck` beside plain `SQLite` inserts of the same rows
    Batch,
    /// `StreamCheck`
    Stream,
    /// Check beside echo, open loop at 70 % of saturation
    Steady,
    /// Pages of the history
    History,
    /// One decision by its id, and a request sent again
    Lookup,
    /// Check on the filled database beside Check on an empty one
    Growth,
}

fn at_least_one() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..)
}

impl Arguments {
    /// Whether to measure something.
    pub fn wants(&self, scenario: Scenario) -> bool {
        self.only.is_empty() || self.only.contains(&scenario)
    }

    /// How long a round takes.
    pub fn round(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// The arguments in force: a smoke run is short.
    pub fn in_force(self) -> Self {
        if !self.quick {
            return self;
        }
        Self {
            decisions: self.decisions.min(2_000),
            seconds: self.seconds.min(0.15),
            rounds: 1,
            calls: self.calls.min(5),
            rows: self.rows.min(1_000),
            ..self
        }
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}
