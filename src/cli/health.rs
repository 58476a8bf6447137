//! `health`

use clap::Args;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

use super::{Ending, Failure, Screen, credentials::CredentialArgs, failure::chain};
use crate::{
    app,
    config::{Flags, Key, Settings, Target},
};

/// Ask a server whether it can record decisions
///
/// For container health checks and scripts: it asks the server that the settings name, or the one that owns the database, or the one at the address
/// that `serve` would listen on, and starts nothing.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights health
  reimage-rights health --server http://127.0.0.1:6000 && echo ready

Exit codes:
  0  serving
  1  not serving, or not reached
  2  bad usage")]
pub(super) struct HealthArgs {
    #[arg(
        long,
        value_name = "URL",
        help = "Ask the server at this URL [env: REIMAGE_RIGHTS_SERVER] [default: the owner of the database, else the address to listen on]"
    )]
    server: Option<String>,
    #[command(flatten)]
    credentials: CredentialArgs,
}

impl HealthArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.credentials.flags(flags).with(Key::Server, self.server.as_deref())
    }

    /// Asks once.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let address = match settings.target() {
            Target::Server(uri) => uri.to_string(),
            Target::InProcess(database) | Target::OwnerOf(database) => {
                let owner = app::owner_address(database.path());
                owner.unwrap_or_else(|| format!("http://{}", settings.listen.value))
            }
        };
        let failed = |why: String| Failure::Failed(format!("the server at `{address}` {why}"));
        let channel = app::reach(settings, &address)
            .await
            .map_err(|error| failed(format!("cannot be reached: {}", chain(error.as_ref()))))?;
        let answer = HealthClient::new(channel).check(HealthCheckRequest::default()).await;
        let answer = answer.map_err(|status| failed(format!("does not say how it is: {}", status.message())))?;
        match answer.into_inner().status() {
            ServingStatus::Serving => {
                let _ = screen.print("serving\n")?;
                Ok(Ending::Good)
            }
            _ => Err(failed("cannot record decisions; its log says why".to_owned())),
        }
    }
}
