//! The list of settings: one place for their names and for what a right value looks like.

/// Every setting in one table: what it is, its name in a file, what it takes, its default in words (empty where there is none), and what it
/// is for.
macro_rules! settings {
    ($($(#[$doc:meta])* $key:ident: $name:literal, $kind:ident, $default:literal, $purpose:literal;)+) => {
        /// One setting.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Key {
            $($(#[$doc])* $key,)+
        }

        impl Key {
            /// Every setting, in the order in which it is documented.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$key),+];

            /// Its name in a file.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$key => $name,)+
                }
            }

            pub(super) const fn kind(self) -> Kind {
                match self {
                    $(Self::$key => Kind::$kind,)+
                }
            }

            /// Its default in words; empty where there is none.
            #[must_use]
            pub const fn default(self) -> &'static str {
                match self {
                    $(Self::$key => $default,)+
                }
            }

            /// What it is for, in a few words.
            #[must_use]
            pub const fn purpose(self) -> &'static str {
                match self {
                    $(Self::$key => $purpose,)+
                }
            }
        }
    };
}

settings! {
    /// Address the server listens on.
    Listen: "listen", Address, "127.0.0.1:50051",
        "address the server listens on";
    /// Address for calls over HTTP.
    HttpListen: "http_listen", Listener, "off",
        "address that takes calls over HTTP/1.1, in JSON";
    /// Database of the decisions.
    Database: "database", Database, "decisions.db in the data folder",
        "database file, or `sqlite:` URL";
    /// File of the keys that sign checkpoints.
    KeyFile: "key_file", File, "per database, in the configuration folder",
        "keys that sign checkpoints";
    /// File of checkpoints outside the database.
    CheckpointFile: "checkpoint_file", File, "per database, in the state folder",
        "checkpoints outside the database";
    /// File of who may call, and what.
    AccessFile: "access_file", File, "",
        "who may call, and what; without it nobody is asked who they are";
    /// The server's certificate.
    TlsCertificateFile: "tls_certificate_file", File, "",
        "the server's certificate, PEM, with those that lead to its authority";
    /// The key of the server's certificate.
    TlsKeyFile: "tls_key_file", File, "",
        "the key of that certificate, PEM";
    /// Authorities whose certificates every client must show.
    ClientCaFile: "client_ca_file", File, "",
        "authorities, PEM, one of which must have issued each client's certificate";
    /// Whether listening beyond this machine is accepted without TLS or authentication.
    Insecure: "insecure", Switch, "false",
        "true: listen beyond this machine without TLS or authentication";
    /// Address for those who follow the logs over HTTP.
    TilesListen: "tiles_listen", Listener, "off",
        "address that serves the logs' trees over HTTP";
    /// Address for those who watch the service over HTTP.
    AdminListen: "admin_listen", Listener, "off",
        "address that serves /metrics, /healthz and /readyz over HTTP";
    /// Which log events are written.
    Log: "log", Filter, "serve: info, else warn",
        "log filter, such as info,sqlx=warn";
    /// How log events are written.
    LogFormat: "log_format", LogFormat, "pretty",
        "pretty or json";
    /// Where traces are sent.
    OtlpEndpoint: "otlp_endpoint", Collector, "off",
        "collector that is sent traces, by OTLP over gRPC";
    /// Most checks that may wait for their turn.
    QueueLenMax: "queue_len_max", Count, "1024",
        "most checks that may wait; more are told to retry";
    /// Most decisions that one transaction records.
    BatchLenMax: "batch_len_max", Count, "256",
        "most decisions in one transaction";
    /// Most batch calls at one time.
    BatchCallCountMax: "batch_call_count_max", Count, "4",
        "most batch calls at one time; more are told to retry";
    /// Most streams at one time.
    StreamCallCountMax: "stream_call_count_max", Count, "32",
        "most streams at one time; more are told to retry";
    /// Most requests of one stream that wait for their answers.
    StreamInFlightMax: "stream_in_flight_max", Count, "256",
        "most requests of one stream that are read ahead of its answers";
    /// Most connections at one time.
    ConnectionCountMax: "connection_count_max", Count, "10240",
        "most connections at one time; more are closed at once";
    /// Most requests of one caller in a second.
    RateMax: "rate_max", Rate, "off",
        "most requests of one caller in a second; more are told to retry";
    /// Longest that a call for one answer may take, in seconds.
    DeadlineSecondsMax: "deadline_seconds_max", Count, "60",
        "most seconds for one answer, where the client does not want it sooner";
    /// Longest that a client may leave an answer unread, in seconds.
    StallSecondsMax: "stall_seconds_max", Count, "60",
        "most seconds that a client may leave an answer unread before it is cut off";
    /// URL of the server that client commands ask.
    Server: "server", Url, "the database's owner, else in-process",
        "server that commands ask, https with TLS";
    /// Authorities that client commands trust.
    ServerCaFile: "server_ca_file", File, "those of the platform",
        "authorities, PEM, that the server's certificate must be from";
    /// The certificate that client commands show.
    ClientCertificateFile: "client_certificate_file", File, "",
        "certificate, PEM, that commands show the server";
    /// The key of that certificate.
    ClientKeyFile: "client_key_file", File, "",
        "the key of that certificate, PEM";
    /// File of the token that client commands show.
    TokenFile: "token_file", File, "",
        "file of the token that commands show the server";
    /// The token that client commands show.
    Token: "token", Secret, "",
        "the token itself; better in a file, since others may see the environment";
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

    /// What a right value looks like, after the word "write".
    #[must_use]
    pub const fn right(self) -> &'static str {
        match self.kind() {
            Kind::Address => "an IP address and port, such as `127.0.0.1:50051` or `[::1]:50051`",
            Kind::Listener => "an IP address and port, such as `127.0.0.1:8087`, or `off`",
            Kind::Database => "the path of a file, or a URL such as `sqlite:/srv/decisions.db`",
            Kind::File => "the path of a file",
            Kind::Url => {
                "a URL without user and password, such as `http://127.0.0.1:50051` or `https://rights.example.com:50051`"
            }
            Kind::Collector => "a URL without user and password, such as `http://127.0.0.1:4317`, or `off`",
            Kind::Secret => "what `token create` printed, or a signed JWT",
            Kind::Switch => "`true` or `false`",
            Kind::Filter => "a filter such as `info` or `info,reimage_rights=debug`",
            Kind::LogFormat => "`pretty` or `json`",
            Kind::Count => "a whole number from 1 to 1000000",
            Kind::Rate => "a whole number from 1 to 1000000, or `off`",
        }
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
