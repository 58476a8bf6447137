//! `checkpoint`

use clap::{Args, ValueEnum};

use super::{
    Ending, Failure, Screen,
    client::{self, ClientArgs},
};
use crate::{app::Purpose, config::Settings, wire::pb};

/// Print the last signed checkpoint of a log
///
/// It says how large the log is and what its root, signed: the exact text, fit for a file. Whoever keeps it sees later whether the log was cut or
/// rewritten; `verify --since` goes on from it. A server that owns the database is asked, else the database itself is read, a copy too.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights checkpoint > checkpoint-of-november
  reimage-rights checkpoint operations
  reimage-rights checkpoint --database copy.db

JSON:
  --json prints the GetCheckpointResponse; its verifierKey is empty where the keys are not on this machine.

Exit codes:
  0  printed
  1  failed
  2  nothing was signed yet, bad input or usage")]
pub(super) struct CheckpointArgs {
    /// Of which log
    #[arg(value_name = "LOG", default_value = "decisions")]
    which: LogArg,
    /// Print exactly the wire's JSON of the answer
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub client: ClientArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogArg {
    /// What was decided
    Decisions,
    /// What the service itself did
    Operations,
}

impl CheckpointArgs {
    /// Asks for the checkpoint and prints it.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let log = match self.which {
            LogArg::Decisions => pb::Log::Decisions,
            LogArg::Operations => pb::Log::Operations,
        };
        let request = pb::GetCheckpointRequest { log: log.into() };
        client::ask_proof(settings, Purpose::Look, screen, async |client, screen| {
            let response = client.get_checkpoint(request).await?.into_inner();
            let text = if self.json {
                client::json(&response)?
            } else {
                response.checkpoint
            };
            let _ = screen.print(&text)?;
            Ok(Ending::Good)
        })
        .await
    }
}
