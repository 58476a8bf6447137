//! STAND-IN, to be replaced whole: the signatures the command line needs of `app`. It reaches servers, and runs none.

use anyhow::{Context as _, bail};
use tonic::transport::{Channel, Endpoint};

use crate::config::{Settings, Target};

/// A way to a service.
#[derive(Debug)]
pub struct Connection {
    /// The channel to ask over.
    pub channel: Channel,
    /// Which server or database answers, such as "the server at `http://127.0.0.1:50051`".
    pub says: String,
}

impl Connection {
    /// Ends the connection; a service run in this process answers what waits and closes its database first.
    #[expect(clippy::unused_async, reason = "stopping a service takes waiting")]
    pub async fn close(self) {
        drop(self.channel);
    }
}

/// Serves until told to stop.
///
/// # Errors
///
/// Always, so far.
#[expect(clippy::unused_async, reason = "serving takes waiting")]
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    bail!("serving on `{}` is not there yet", settings.listen.value);
}

/// Connects to whom the settings name.
///
/// # Errors
///
/// When the server cannot be reached; for a database always, so far.
pub async fn connect(settings: &Settings) -> anyhow::Result<Connection> {
    match settings.target() {
        Target::Server(uri) => Ok(Connection {
            channel: Endpoint::from(uri.clone()).connect().await.with_context(|| {
                format!("the server at `{uri}` cannot be reached; start it, or name another with `--server`")
            })?,
            says: format!("the server at `{uri}`"),
        }),
        Target::InProcess(database) | Target::OwnerOf(database) => {
            bail!("the database `{database}` cannot be opened in-process yet; name a server with `--server`")
        }
    }
}
