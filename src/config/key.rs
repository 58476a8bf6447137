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
    /// Address for those who follow the logs over HTTP.
    TilesListen,
    /// URL of the server that client commands ask.
    Server,
    /// Whether listening beyond this machine is accepted without authentication.
    Insecure,
    /// Which log events are written.
    Log,
    /// How log events are written.
    LogFormat,
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
}

/// Which TOML value a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Switch,
    Number,
}

impl Key {
    /// Every setting, in the order in which it is documented.
    pub const ALL: [Self; 14] = [
        Self::Listen,
        Self::Database,
        Self::KeyFile,
        Self::CheckpointFile,
        Self::TilesListen,
        Self::Server,
        Self::Insecure,
        Self::Log,
        Self::LogFormat,
        Self::QueueLenMax,
        Self::BatchLenMax,
        Self::BatchCallCountMax,
        Self::StreamCallCountMax,
        Self::StreamInFlightMax,
    ];

    /// Its name in a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Database => "database",
            Self::KeyFile => "key_file",
            Self::CheckpointFile => "checkpoint_file",
            Self::TilesListen => "tiles_listen",
            Self::Server => "server",
            Self::Insecure => "insecure",
            Self::Log => "log",
            Self::LogFormat => "log_format",
            Self::QueueLenMax => "queue_len_max",
            Self::BatchLenMax => "batch_len_max",
            Self::BatchCallCountMax => "batch_call_count_max",
            Self::StreamCallCountMax => "stream_call_count_max",
            Self::StreamInFlightMax => "stream_in_flight_max",
        }
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

    /// What it is for, in a few words, with its default.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Listen => "address the server listens on [127.0.0.1:50051]",
            Self::Database => "database file, or `sqlite:` URL [decisions.db in the data folder]",
            Self::KeyFile => "keys that sign checkpoints [per database, in the configuration folder]",
            Self::CheckpointFile => "checkpoints outside the database [per database, in the state folder]",
            Self::TilesListen => "address that serves the logs' trees over HTTP, or off [off]",
            Self::Server => "server to ask [the database's owner, else in-process]",
            Self::Insecure => "true: listen beyond this machine, unauthenticated [false]",
            Self::Log => "log filter, such as info,sqlx=warn [serve: info, else warn]",
            Self::LogFormat => "pretty or json [pretty]",
            Self::QueueLenMax => "most checks that may wait [1024]",
            Self::BatchLenMax => "most decisions in one transaction [256]",
            Self::BatchCallCountMax => "most batch calls at one time [4]",
            Self::StreamCallCountMax => "most streams at one time [32]",
            Self::StreamInFlightMax => "most unanswered requests of one stream [256]",
        }
    }

    /// What a right value looks like, after the word "write".
    #[must_use]
    pub const fn right(self) -> &'static str {
        match self {
            Self::Listen => "an IP address and port, such as `127.0.0.1:50051` or `[::1]:50051`",
            Self::Database => "the path of a file, or a URL such as `sqlite:/srv/decisions.db`",
            Self::KeyFile => "the path of a file, such as `/etc/reimage-rights/checkpoint.keys`",
            Self::CheckpointFile => "the path of a file, such as `/var/log/reimage-rights/checkpoints`",
            Self::TilesListen => "an IP address and port, such as `127.0.0.1:8087`, or `off`",
            Self::Server => "a URL such as `http://127.0.0.1:50051`",
            Self::Insecure => "`true` or `false`",
            Self::Log => "a filter such as `info` or `info,reimage_rights=debug`",
            Self::LogFormat => "`pretty` or `json`",
            Self::QueueLenMax
            | Self::BatchLenMax
            | Self::BatchCallCountMax
            | Self::StreamCallCountMax
            | Self::StreamInFlightMax => "a whole number from 1 to 1000000",
        }
    }

    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Listen
            | Self::Database
            | Self::KeyFile
            | Self::CheckpointFile
            | Self::TilesListen
            | Self::Server
            | Self::Log
            | Self::LogFormat => Kind::Text,
            Self::Insecure => Kind::Switch,
            Self::QueueLenMax
            | Self::BatchLenMax
            | Self::BatchCallCountMax
            | Self::StreamCallCountMax
            | Self::StreamInFlightMax => Kind::Number,
        }
    }
}
