//! How a command that only reads reaches a service, or a copy of a database.

use clap::Args;

use super::client::ClientArgs;
use crate::{app::Purpose, audit::VerifierKey, config::Flags};

const COPY_HELP: &str = "\
The database is a copy: read it as it lies, without keys

Nothing is written into it, and nothing notes who read what; so a database that is in use is refused.";

/// Arguments of every command that reads what was recorded.
#[derive(Args, Debug)]
pub(super) struct ReaderArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[arg(
        long,
        requires = "database",
        help_heading = "Service",
        help = "The database is a copy: read it as it lies, without keys",
        long_help = COPY_HELP
    )]
    copy: bool,
}

/// Keys of a copy, for every command that proves what it reads.
#[derive(Args, Debug)]
pub(super) struct ProofArgs {
    /// With --copy: believe checkpoints that this verifier key signed [default: those of the key file]
    #[arg(long, value_name = "VKEY", help_heading = "Service", requires = "copy")]
    key: Vec<VerifierKey>,
}

impl ReaderArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.client.flags(flags)
    }

    /// What to connect for.
    pub(super) fn purpose(&self) -> Purpose {
        if self.copy { Purpose::Copy(None) } else { Purpose::Read }
    }

    /// The same where something is to be proven.
    pub(super) fn proving(&self, proof: &ProofArgs) -> Purpose {
        if self.copy {
            Purpose::Copy(Some(proof.key.iter().cloned().collect()))
        } else {
            Purpose::Read
        }
    }
}
