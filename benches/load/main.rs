//! The load program: what one machine can do, every figure of one run side by side.
//!
//! The server under test is the real program, in a process of its own, asked over real sockets. Beside it stand the ceilings: a
//! second process that answers the same messages without deciding or recording anything, and plain `SQLite` inserts of the same rows.
//! Rounds alternate, so that the machine's mood hits all of them alike, and bars are ratios within one run.

mod arena;
mod arguments;
mod ask;
mod count;
mod drive;
mod echo;
mod fill;
mod filled;
mod inserts;
mod latency;
mod machine;
mod outside;
mod pool;
mod process;
mod random;
mod report;
mod run;
mod scenario;
mod workload;

use anyhow::Context as _;
use clap::Parser as _;
use tikv_jemallocator::Jemalloc;

use arguments::{Arguments, Internal};

/// As in the program itself, so that like is compared with like.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse().in_force();
    if let Some(Internal::Echo { answer }) = &arguments.internal {
        return echo::serve(answer);
    }
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(arguments.client_threads)
        .enable_all()
        .build()
        .context("the client's runtime cannot be started")?
        .block_on(async {
            tokio::select! {
                done = asked(&arguments) => done,
                // So that temporary databases are removed, which can be large.
                _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
            }
        })
}

/// A run, or a long load.
async fn asked(arguments: &Arguments) -> anyhow::Result<()> {
    match arguments.soak {
        Some(minutes) => scenario::soak(arguments, minutes).await,
        None => run::run(arguments).await,
    }
}
