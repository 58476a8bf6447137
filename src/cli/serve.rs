//! `serve`

use clap::{Args, ValueHint};

use super::{Ending, Failure, evidence::EvidenceArgs, limits::LimitArgs, trust::TrustArgs};
use crate::{
    app,
    config::{Flags, Key, Settings},
};

/// Run the server until it is told to stop
///
/// Answers checks and keeps their record in a database that it alone writes. SIGTERM, Ctrl-C and the end of its terminal
/// stop it gracefully: no new calls, waiting ones are answered, the database is closed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights serve
  reimage-rights serve --listen 127.0.0.1:6000 --database /srv/decisions.db
  reimage-rights serve --http-listen 127.0.0.1:8080
  reimage-rights serve --log debug --log-format json
  reimage-rights serve --listen 0.0.0.0:50051 --tls-certificate-file server.pem --tls-key-file server.key --access-file access.toml

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
        value_name = "ADDRESS:PORT",
        help = "Take calls over HTTP/1.1 too, in JSON [env: REIMAGE_RIGHTS_HTTP_LISTEN] [default: off]"
    )]
    http_listen: Option<String>,
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
        value_name = "ADDRESS:PORT",
        help = "Serve /metrics, /healthz and /readyz over HTTP [env: REIMAGE_RIGHTS_ADMIN_LISTEN] [default: off]"
    )]
    admin_listen: Option<String>,
    #[arg(
        long,
        value_name = "URL",
        help = "Send traces to this collector, by OTLP over gRPC [env: REIMAGE_RIGHTS_OTLP_ENDPOINT] [default: off]"
    )]
    otlp_endpoint: Option<String>,
    #[command(flatten)]
    trust: TrustArgs,
    #[command(flatten)]
    limits: LimitArgs,
}

impl ServeArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        let flags = self
            .evidence
            .flags(flags)
            .with(Key::Listen, self.listen.as_deref())
            .with(Key::HttpListen, self.http_listen.as_deref())
            .with(Key::Database, self.database.as_deref())
            .with(Key::TilesListen, self.tiles_listen.as_deref())
            .with(Key::AdminListen, self.admin_listen.as_deref())
            .with(Key::OtlpEndpoint, self.otlp_endpoint.as_deref());
        self.limits.flags(self.trust.flags(flags))
    }

    /// Serves, if listening there is safe or accepted.
    pub(super) async fn run(&self, settings: Settings) -> Result<Ending, Failure> {
        settings.permitted_listen()?;
        settings.permitted_http_listen()?;
        settings.placed()?;
        app::serve(settings).await?;
        Ok(Ending::Good)
    }
}
