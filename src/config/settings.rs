//! The settings in force.

use std::{
    ffi::OsString,
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use tonic::transport::Uri;

use super::{
    ConfigError, Database, Flags, Folders, Key, Secret, Setting,
    environment::Environment,
    file,
    given::{Given, Layer},
    key::Kind,
    read,
    value::Value,
};
use crate::audit::hexadecimal;

/// How log events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// Its name, as a setting has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
        }
    }
}

/// Everything an operator can set, each with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Address the server listens on.
    pub listen: Setting<SocketAddr>,
    /// Address for calls over HTTP, if they are taken.
    pub http_listen: Setting<Option<SocketAddr>>,
    /// Database of the decisions.
    pub database: Setting<Database>,
    /// The database where the command line names none: the one that a service here has. `None` where that is no name of one.
    pub usual_database: Option<Database>,
    /// File of the keys that sign checkpoints; `None` where nobody named one and there is no home folder.
    pub key_file: Setting<Option<PathBuf>>,
    /// File of checkpoints outside the database; `None` as with the keys.
    pub checkpoint_file: Setting<Option<PathBuf>>,
    /// File of who may call, if callers are to say who they are.
    pub access_file: Setting<Option<PathBuf>>,
    /// The server's certificate, if it speaks TLS.
    pub tls_certificate_file: Setting<Option<PathBuf>>,
    /// The key of that certificate.
    pub tls_key_file: Setting<Option<PathBuf>>,
    /// Authorities of clients' certificates, if every client must show one.
    pub client_ca_file: Setting<Option<PathBuf>>,
    /// Whether listening beyond this machine is accepted without TLS or authentication.
    pub insecure: Setting<bool>,
    /// Address for those who follow the logs over HTTP, if they are served.
    pub tiles_listen: Setting<Option<SocketAddr>>,
    /// Address for those who watch the service over HTTP, if they are served.
    pub admin_listen: Setting<Option<SocketAddr>>,
    /// Filter directives of the log.
    pub log: Setting<String>,
    /// How log events are written.
    pub log_format: Setting<LogFormat>,
    /// Where traces are sent, if they are.
    pub otlp_endpoint: Setting<Option<Uri>>,
    /// Most checks that may wait for their turn.
    pub queue_len_max: Setting<NonZeroUsize>,
    /// Most decisions that one transaction records.
    pub batch_len_max: Setting<NonZeroUsize>,
    /// Most batch calls at one time.
    pub batch_call_count_max: Setting<NonZeroUsize>,
    /// Most streams at one time.
    pub stream_call_count_max: Setting<NonZeroUsize>,
    /// Most requests of one stream that wait for their answers.
    pub stream_in_flight_max: Setting<NonZeroUsize>,
    /// Most connections at one time.
    pub connection_count_max: Setting<NonZeroUsize>,
    /// Most requests of one caller in a second, if they are bounded.
    pub rate_max: Setting<Option<NonZeroUsize>>,
    /// Longest that a call for one answer may take, in seconds.
    pub deadline_seconds_max: Setting<NonZeroUsize>,
    /// Longest that a client may leave an answer unread, in seconds.
    pub stall_seconds_max: Setting<NonZeroUsize>,
    /// URL of the server that client commands ask, if one is set.
    pub server: Setting<Option<Uri>>,
    /// Authorities that client commands trust, in place of the platform's.
    pub server_ca_file: Setting<Option<PathBuf>>,
    /// The certificate that client commands show, if they do.
    pub client_certificate_file: Setting<Option<PathBuf>>,
    /// The key of that certificate.
    pub client_key_file: Setting<Option<PathBuf>>,
    /// File of the token that client commands show.
    pub token_file: Setting<Option<PathBuf>>,
    /// The token that client commands show.
    pub token: Setting<Option<Secret>>,
}

impl Settings {
    /// Reads all sources; a flag wins over the environment, which wins over the file, which wins over the default.
    ///
    /// # Errors
    ///
    /// When a value in force is wrong, a name is unknown, a file that was named cannot be read, or the database is not set
    /// and there is no home folder.
    pub fn load(
        flags: &Flags,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
        folders: &Folders,
    ) -> Result<Self, ConfigError> {
        let environment = Environment::read(variables)?;
        let mut layer = match config_path(flags, &environment, folders) {
            Some(path) => file::read(&path)?,
            None => Layer::new(),
        };
        layer.extend(environment.layer);
        let usual_database = match layer.get(&Key::Database) {
            Some(given) => Database::parse(&given.text),
            None => default_database(folders).ok(),
        };
        layer.extend(flags.layer());
        Ok(Self {
            usual_database,
            ..Self::from_layer(&layer, folders)?
        })
    }

    /// The file of the keys.
    ///
    /// # Errors
    ///
    /// When there is no place for it.
    pub fn key_path(&self) -> Result<&Path, ConfigError> {
        self.key_file.value.as_deref().ok_or(ConfigError::NoPlace(Key::KeyFile))
    }

    /// The file of checkpoints.
    ///
    /// # Errors
    ///
    /// When there is no place for it.
    pub fn checkpoint_path(&self) -> Result<&Path, ConfigError> {
        let path = self.checkpoint_file.value.as_deref();
        path.ok_or(ConfigError::NoPlace(Key::CheckpointFile))
    }

    /// SHA-256 over all values in force, in hexadecimal: two configurations that differ have two digests.
    #[must_use]
    pub fn digest(&self) -> String {
        let values: Vec<String> = self
            .values()
            .iter()
            .map(|value| format!("{}={}\n", value.key.name(), value.text))
            .collect();
        hexadecimal(&Sha256::digest(values.concat()))
    }

    /// Every setting with its value as text and its origin, in the order in which they are documented.
    #[must_use]
    pub fn values(&self) -> Vec<Value> {
        Key::ALL.into_iter().map(|key| self.value(key)).collect()
    }

    fn value(&self, key: Key) -> Value {
        match key {
            Key::Listen => Value::of(key, &self.listen),
            Key::HttpListen => Value::of(key, &self.http_listen),
            Key::Database => Value::of(key, &self.database),
            Key::KeyFile => Value::of(key, &self.key_file),
            Key::CheckpointFile => Value::of(key, &self.checkpoint_file),
            Key::AccessFile => Value::of(key, &self.access_file),
            Key::TlsCertificateFile => Value::of(key, &self.tls_certificate_file),
            Key::TlsKeyFile => Value::of(key, &self.tls_key_file),
            Key::ClientCaFile => Value::of(key, &self.client_ca_file),
            Key::Insecure => Value::of(key, &self.insecure),
            Key::TilesListen => Value::of(key, &self.tiles_listen),
            Key::AdminListen => Value::of(key, &self.admin_listen),
            Key::Log => Value::of(key, &self.log),
            Key::LogFormat => Value::of(key, &self.log_format),
            Key::OtlpEndpoint => Value::of(key, &self.otlp_endpoint),
            Key::QueueLenMax => Value::of(key, &self.queue_len_max),
            Key::BatchLenMax => Value::of(key, &self.batch_len_max),
            Key::BatchCallCountMax => Value::of(key, &self.batch_call_count_max),
            Key::StreamCallCountMax => Value::of(key, &self.stream_call_count_max),
            Key::StreamInFlightMax => Value::of(key, &self.stream_in_flight_max),
            Key::ConnectionCountMax => Value::of(key, &self.connection_count_max),
            Key::RateMax => Value::of(key, &self.rate_max),
            Key::DeadlineSecondsMax => Value::of(key, &self.deadline_seconds_max),
            Key::StallSecondsMax => Value::of(key, &self.stall_seconds_max),
            Key::Server => Value::of(key, &self.server),
            Key::ServerCaFile => Value::of(key, &self.server_ca_file),
            Key::ClientCertificateFile => Value::of(key, &self.client_certificate_file),
            Key::ClientKeyFile => Value::of(key, &self.client_key_file),
            Key::TokenFile => Value::of(key, &self.token_file),
            Key::Token => Value::of(key, &self.token),
        }
    }

    fn from_layer(layer: &Layer, folders: &Folders) -> Result<Self, ConfigError> {
        let database = match layer.get(&Key::Database) {
            Some(given) => setting(Key::Database, given, Database::parse)?,
            None => Setting::by_default(default_database(folders)?),
        };
        let beside = |key, folder: Option<&PathBuf>, extension| {
            let usual = folder.map(|folder| folder.join(database.value.label() + extension));
            setting_or(layer, key, |text| read::file(text).map(Some), || usual)
        };
        let keys = folders.config.as_ref().map(|folder| folder.join("keys"));
        let checkpoints = folders.state.as_ref().map(|folder| folder.join("checkpoints"));
        let file = |key| setting_or(layer, key, |text| read::file(text).map(Some), || None);
        let listener = |key| setting_or(layer, key, read::or_off(read::address), || None);
        let count = |key, count| {
            let default = || NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN);
            setting_or(layer, key, read::count, default)
        };
        let loopback = || SocketAddr::from(([127, 0, 0, 1], 50051));
        Ok(Self {
            listen: setting_or(layer, Key::Listen, read::address, loopback)?,
            http_listen: listener(Key::HttpListen)?,
            key_file: beside(Key::KeyFile, keys.as_ref(), ".keys")?,
            checkpoint_file: beside(Key::CheckpointFile, checkpoints.as_ref(), ".checkpoints")?,
            access_file: file(Key::AccessFile)?,
            tls_certificate_file: file(Key::TlsCertificateFile)?,
            tls_key_file: file(Key::TlsKeyFile)?,
            client_ca_file: file(Key::ClientCaFile)?,
            insecure: setting_or(layer, Key::Insecure, read::switch, || false)?,
            tiles_listen: listener(Key::TilesListen)?,
            admin_listen: listener(Key::AdminListen)?,
            log: setting_or(layer, Key::Log, read::log, || "info".to_owned())?,
            log_format: setting_or(layer, Key::LogFormat, read::log_format, || LogFormat::Pretty)?,
            otlp_endpoint: setting_or(layer, Key::OtlpEndpoint, read::or_off(read::collector), || None)?,
            queue_len_max: count(Key::QueueLenMax, 1024)?,
            batch_len_max: count(Key::BatchLenMax, 256)?,
            batch_call_count_max: count(Key::BatchCallCountMax, 4)?,
            stream_call_count_max: count(Key::StreamCallCountMax, 32)?,
            stream_in_flight_max: count(Key::StreamInFlightMax, 256)?,
            connection_count_max: count(Key::ConnectionCountMax, 10_240)?,
            rate_max: setting_or(layer, Key::RateMax, read::or_off(read::count), || None)?,
            deadline_seconds_max: count(Key::DeadlineSecondsMax, 60)?,
            stall_seconds_max: count(Key::StallSecondsMax, 60)?,
            server: setting_or(layer, Key::Server, |text| read::url(text).map(Some), || None)?,
            server_ca_file: file(Key::ServerCaFile)?,
            client_certificate_file: file(Key::ClientCertificateFile)?,
            client_key_file: file(Key::ClientKeyFile)?,
            token_file: file(Key::TokenFile)?,
            token: setting_or(layer, Key::Token, |text| read::secret(text).map(Some), || None)?,
            database,
            usual_database: None,
        })
    }
}

/// The file to read: the one that was named, else the platform's if it is there.
fn config_path(flags: &Flags, environment: &Environment, folders: &Folders) -> Option<PathBuf> {
    let named = flags.config().map(ToOwned::to_owned).or(environment.config.clone());
    let usual = || folders.config.as_ref().map(|folder| folder.join("config.toml"));
    named.or_else(|| usual().filter(|path| path.exists()))
}

fn setting_or<T>(
    layer: &Layer,
    key: Key,
    parse: impl Fn(&str) -> Option<T>,
    default: impl FnOnce() -> T,
) -> Result<Setting<T>, ConfigError> {
    layer.get(&key).map_or_else(
        || Ok(Setting::by_default(default())),
        |given| setting(key, given, parse),
    )
}

fn setting<T>(key: Key, given: &Given, parse: impl Fn(&str) -> Option<T>) -> Result<Setting<T>, ConfigError> {
    let origin = given.origin.clone();
    match parse(given.text.trim()) {
        Some(value) => Ok(Setting { value, origin }),
        None => Err(ConfigError::Invalid {
            origin,
            key,
            text: match key.kind() {
                Kind::Secret => "what is there".to_owned(),
                _ => read::masked(&given.text),
            },
        }),
    }
}

fn default_database(folders: &Folders) -> Result<Database, ConfigError> {
    let folder = folders.data.as_ref().ok_or(ConfigError::Homeless)?;
    Ok(Database::at(folder.join("decisions.db")))
}

#[cfg(test)]
mod tests;
