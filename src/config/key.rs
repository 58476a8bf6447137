//! The list of settings: one place for their names and for what a right value looks like.

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Address the server listens on.
    Listen,
    /// Database of the decisions.
    Database,
    /// File of the keys that sign checkpoints.
    KeyFile,
    /// File of checkpoints outside the database.
    CheckpointFile,
    /// File of who may call, and what.
    AccessFile,
    /// The server's certificate.
    TlsCertificateFile,
    /// The key of the server's certificate.
    TlsKeyFile,
    /// Authorities whose certificates every client must show.
    ClientCaFile,
    /// Whether listening beyond this machine is accepted without TLS or authentication.
    Insecure,
    /// Address for those who follow the logs over HTTP.
    TilesListen,
    /// Address for those who watch the service over HTTP.
    AdminListen,
    /// Which log events are written.
    Log,
    /// How log events are written.
    LogFormat,
    /// Where traces are sent.
    OtlpEndpoint,
    /// Most checks that may wait for their turn.
    QueueLenMax,
    /// Most decisions that one transaction records.
    BatchLenMax,
    /// Most batch calls at one time.
    BatchCallCountMax,
    /// Most streams at one time.
    StreamCallCountMax,
    /// Most requests of one stream that wait for their answers.
    StreamInFlightMax,
    /// Most connections at one time.
    ConnectionCountMax,
    /// Most requests of one caller in a second.
    RateMax,
    /// Longest that a call for one answer may take, in seconds.
    DeadlineSecondsMax,
    /// Longest that a client may leave an answer unread, in seconds.
    StallSecondsMax,
    /// URL of the server that client commands ask.
    Server,
    /// Authorities that client commands trust.
    ServerCaFile,
    /// The certificate that client commands show.
    ClientCertificateFile,
    /// The key of that certificate.
    ClientKeyFile,
    /// File of the token that client commands show.
    TokenFile,
    /// The token that client commands show.
    Token,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Address,
    Listener,
    Database,
    File,
    Url,
    Collector,
    Secret,
    Switch,
    Filter,
    LogFormat,
    Count,
    Rate,
}

/// Which TOML value that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Switch,
    Number,
    /// A number, or a word instead.
    NumberOrText,
}

impl Key {
    /// Every setting, in the order in which it is documented.
    pub const ALL: [Self; 29] = [
        Self::Listen,
        Self::Database,
        Self::KeyFile,
        Self::CheckpointFile,
        Self::AccessFile,
        Self::TlsCertificateFile,
        Self::TlsKeyFile,
        Self::ClientCaFile,
        Self::Insecure,
        Self::TilesListen,
        Self::AdminListen,
        Self::Log,
        Self::LogFormat,
        Self::OtlpEndpoint,
        Self::QueueLenMax,
        Self::BatchLenMax,
        Self::BatchCallCountMax,
        Self::StreamCallCountMax,
        Self::StreamInFlightMax,
        Self::ConnectionCountMax,
        Self::RateMax,
        Self::DeadlineSecondsMax,
        Self::StallSecondsMax,
        Self::Server,
        Self::ServerCaFile,
        Self::ClientCertificateFile,
        Self::ClientKeyFile,
        Self::TokenFile,
        Self::Token,
    ];

    /// Its name in a file, what it takes, its default in words (empty where there is none), and what it is for.
    const fn row(self) -> (&'static str, Kind, &'static str, &'static str) {
        match self {
            Self::Listen => (
                "listen",
                Kind::Address,
                "127.0.0.1:50051",
                "address the server listens on",
            ),
            Self::Database => (
                "database",
                Kind::Database,
                "decisions.db in the data folder",
                "database file, or `sqlite:` URL",
            ),
            Self::KeyFile => (
                "key_file",
                Kind::File,
                "per database, in the configuration folder",
                "keys that sign checkpoints",
            ),
            Self::CheckpointFile => (
                "checkpoint_file",
                Kind::File,
                "per database, in the state folder",
                "checkpoints outside the database",
            ),
            Self::AccessFile => (
                "access_file",
                Kind::File,
                "",
                "who may call, and what; without it nobody is asked who they are",
            ),
            Self::TlsCertificateFile => (
                "tls_certificate_file",
                Kind::File,
                "",
                "the server's certificate, PEM, with those that lead to its authority",
            ),
            Self::TlsKeyFile => ("tls_key_file", Kind::File, "", "the key of that certificate, PEM"),
            Self::ClientCaFile => (
                "client_ca_file",
                Kind::File,
                "",
                "authorities, PEM, one of which must have issued each client's certificate",
            ),
            Self::Insecure => (
                "insecure",
                Kind::Switch,
                "false",
                "true: listen beyond this machine without TLS or authentication",
            ),
            Self::TilesListen => (
                "tiles_listen",
                Kind::Listener,
                "off",
                "address that serves the logs' trees over HTTP",
            ),
            Self::AdminListen => (
                "admin_listen",
                Kind::Listener,
                "off",
                "address that serves /metrics, /healthz and /readyz over HTTP",
            ),
            Self::Log => (
                "log",
                Kind::Filter,
                "serve: info, else warn",
                "log filter, such as info,sqlx=warn",
            ),
            Self::LogFormat => ("log_format", Kind::LogFormat, "pretty", "pretty or json"),
            Self::OtlpEndpoint => (
                "otlp_endpoint",
                Kind::Collector,
                "off",
                "collector that is sent traces, by OTLP over gRPC",
            ),
            Self::QueueLenMax => (
                "queue_len_max",
                Kind::Count,
                "1024",
                "most checks that may wait; more are told to retry",
            ),
            Self::BatchLenMax => ("batch_len_max", Kind::Count, "256", "most decisions in one transaction"),
            Self::BatchCallCountMax => (
                "batch_call_count_max",
                Kind::Count,
                "4",
                "most batch calls at one time; more are told to retry",
            ),
            Self::StreamCallCountMax => (
                "stream_call_count_max",
                Kind::Count,
                "32",
                "most streams at one time; more are told to retry",
            ),
            Self::StreamInFlightMax => (
                "stream_in_flight_max",
                Kind::Count,
                "256",
                "most requests of one stream that are read ahead of its answers",
            ),
            Self::ConnectionCountMax => (
                "connection_count_max",
                Kind::Count,
                "10240",
                "most connections at one time; more are closed at once",
            ),
            Self::RateMax => (
                "rate_max",
                Kind::Rate,
                "off",
                "most requests of one caller in a second; more are told to retry",
            ),
            Self::DeadlineSecondsMax => (
                "deadline_seconds_max",
                Kind::Count,
                "60",
                "most seconds for one answer, where the client does not want it sooner",
            ),
            Self::StallSecondsMax => (
                "stall_seconds_max",
                Kind::Count,
                "60",
                "most seconds that a client may leave an answer unread before it is cut off",
            ),
            Self::Server => (
                "server",
                Kind::Url,
                "the database's owner, else in-process",
                "server that commands ask, https with TLS",
            ),
            Self::ServerCaFile => (
                "server_ca_file",
                Kind::File,
                "those of the platform",
                "authorities, PEM, that the server's certificate must be from",
            ),
            Self::ClientCertificateFile => (
                "client_certificate_file",
                Kind::File,
                "",
                "certificate, PEM, that commands show the server",
            ),
            Self::ClientKeyFile => ("client_key_file", Kind::File, "", "the key of that certificate, PEM"),
            Self::TokenFile => (
                "token_file",
                Kind::File,
                "",
                "file of the token that commands show the server",
            ),
            Self::Token => (
                "token",
                Kind::Secret,
                "",
                "the token itself; better in a file, since others may see the environment",
            ),
        }
    }

    /// Its name in a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Its name in the environment, such as `REIMAGE_RIGHTS_LISTEN`.
    #[must_use]
    pub fn variable(self) -> String {
        format!("REIMAGE_RIGHTS_{}", self.name().to_uppercase())
    }

    /// Its flag, such as `--listen`.
    #[must_use]
    pub fn flag(self) -> String {
        format!("--{}", self.name().replace('_', "-"))
    }

    /// The setting of that name in a file.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// Its default in words; empty where there is none.
    #[must_use]
    pub const fn default(self) -> &'static str {
        self.row().2
    }

    /// What it is for, in a few words.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        self.row().3
    }

    /// What a right value looks like, after the word "write".
    #[must_use]
    pub const fn right(self) -> &'static str {
        match self.kind() {
            Kind::Address => "an IP address and port, such as `127.0.0.1:50051` or `[::1]:50051`",
            Kind::Listener => "an IP address and port, such as `127.0.0.1:8087`, or `off`",
            Kind::Database => "the path of a file, or a URL such as `sqlite:/srv/decisions.db`",
            Kind::File => "the path of a file",
            Kind::Url => "a URL such as `http://127.0.0.1:50051` or `https://rights.example.com:50051`",
            Kind::Collector => "a URL such as `http://127.0.0.1:4317`, or `off`",
            Kind::Secret => "what `token create` printed, or a signed JWT",
            Kind::Switch => "`true` or `false`",
            Kind::Filter => "a filter such as `info` or `info,reimage_rights=debug`",
            Kind::LogFormat => "`pretty` or `json`",
            Kind::Count => "a whole number from 1 to 1000000",
            Kind::Rate => "a whole number from 1 to 1000000, or `off`",
        }
    }

    pub(super) const fn kind(self) -> Kind {
        self.row().1
    }

    pub(super) const fn form(self) -> Form {
        match self.kind() {
            Kind::Switch => Form::Switch,
            Kind::Count => Form::Number,
            Kind::Rate => Form::NumberOrText,
            _ => Form::Text,
        }
    }
}
