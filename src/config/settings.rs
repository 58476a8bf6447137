//! The settings in force.

use std::{
    ffi::OsString,
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use tonic::transport::Uri;
use tracing_subscriber::EnvFilter;

use super::{
    ConfigError, Database, Flags, Folders, Key, Origin, Setting,
    environment::Environment,
    file,
    given::{Given, Layer},
};
use crate::audit::hexadecimal;

const COUNT_MAX: usize = 1_000_000;

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

/// A setting as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Which.
    pub key: Key,
    /// Its value, as it could be written; empty where nothing is set.
    pub text: String,
    /// Where that came from.
    pub origin: Origin,
}

/// Everything an operator can set, each with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Address the server listens on.
    pub listen: Setting<SocketAddr>,
    /// Database of the decisions.
    pub database: Setting<Database>,
    /// File of the keys that sign checkpoints; `None` where nobody named one and there is no home folder.
    pub key_file: Setting<Option<PathBuf>>,
    /// File of checkpoints outside the database; `None` as with the keys.
    pub checkpoint_file: Setting<Option<PathBuf>>,
    /// Address for those who follow the logs over HTTP, if they are served.
    pub tiles_listen: Setting<Option<SocketAddr>>,
    /// URL of the server that client commands ask, if one is set.
    pub server: Setting<Option<Uri>>,
    /// Whether listening beyond this machine is accepted without authentication.
    pub insecure: Setting<bool>,
    /// Filter directives of the log.
    pub log: Setting<String>,
    /// How log events are written.
    pub log_format: Setting<LogFormat>,
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
        layer.extend(flags.layer());
        Self::from_layer(&layer, folders)
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
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let (text, origin) = match key {
            Key::Listen => (self.listen.value.to_string(), &self.listen.origin),
            Key::Database => (self.database.value.to_string(), &self.database.origin),
            Key::KeyFile => (path(&self.key_file.value), &self.key_file.origin),
            Key::CheckpointFile => (path(&self.checkpoint_file.value), &self.checkpoint_file.origin),
            Key::TilesListen => {
                let address = self.tiles_listen.value.map(|address| address.to_string());
                (address.unwrap_or_else(|| "off".to_owned()), &self.tiles_listen.origin)
            }
            Key::Server => {
                let server = self.server.value.as_ref().map(ToString::to_string);
                (server.unwrap_or_default(), &self.server.origin)
            }
            Key::Insecure => (self.insecure.value.to_string(), &self.insecure.origin),
            Key::Log => (self.log.value.clone(), &self.log.origin),
            Key::LogFormat => (self.log_format.value.name().to_owned(), &self.log_format.origin),
            Key::QueueLenMax => (self.queue_len_max.value.to_string(), &self.queue_len_max.origin),
            Key::BatchLenMax => (self.batch_len_max.value.to_string(), &self.batch_len_max.origin),
            Key::BatchCallCountMax => (
                self.batch_call_count_max.value.to_string(),
                &self.batch_call_count_max.origin,
            ),
            Key::StreamCallCountMax => (
                self.stream_call_count_max.value.to_string(),
                &self.stream_call_count_max.origin,
            ),
            Key::StreamInFlightMax => (
                self.stream_in_flight_max.value.to_string(),
                &self.stream_in_flight_max.origin,
            ),
        };
        let origin = origin.clone();
        Value { key, text, origin }
    }

    fn from_layer(layer: &Layer, folders: &Folders) -> Result<Self, ConfigError> {
        let count = |count| NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN);
        let database = match layer.get(&Key::Database) {
            Some(given) => setting(Key::Database, given, Database::parse)?,
            None => Setting::by_default(default_database(folders)?),
        };
        let file = |key, folder: Option<&PathBuf>, extension| match layer.get(&key) {
            Some(given) => setting(key, given, |text| file(text).map(Some)),
            None => Ok(Setting::by_default(
                folder.map(|folder| folder.join(database.value.label() + extension)),
            )),
        };
        let keys = folders.config.as_ref().map(|folder| folder.join("keys"));
        let checkpoints = folders.state.as_ref().map(|folder| folder.join("checkpoints"));
        Ok(Self {
            listen: setting_or(
                layer,
                Key::Listen,
                |text| text.parse().ok(),
                || SocketAddr::from(([127, 0, 0, 1], 50051)),
            )?,
            key_file: file(Key::KeyFile, keys.as_ref(), ".keys")?,
            checkpoint_file: file(Key::CheckpointFile, checkpoints.as_ref(), ".checkpoints")?,
            tiles_listen: setting_or(layer, Key::TilesListen, |text| listener(text).ok(), || None)?,
            database,
            server: setting_or(layer, Key::Server, |text| server(text).map(Some), || None)?,
            insecure: setting_or(layer, Key::Insecure, switch, || false)?,
            log: setting_or(layer, Key::Log, log, || "info".to_owned())?,
            log_format: setting_or(layer, Key::LogFormat, log_format, || LogFormat::Pretty)?,
            queue_len_max: setting_or(layer, Key::QueueLenMax, number, || count(1024))?,
            batch_len_max: setting_or(layer, Key::BatchLenMax, number, || count(256))?,
            batch_call_count_max: setting_or(layer, Key::BatchCallCountMax, number, || count(4))?,
            stream_call_count_max: setting_or(layer, Key::StreamCallCountMax, number, || count(32))?,
            stream_in_flight_max: setting_or(layer, Key::StreamInFlightMax, number, || count(256))?,
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
            text: given.text.clone(),
        }),
    }
}

fn default_database(folders: &Folders) -> Result<Database, ConfigError> {
    let folder = folders.data.as_ref().ok_or(ConfigError::Homeless)?;
    Ok(Database::at(folder.join("decisions.db")))
}

fn file(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| text.into())
}

/// An address, or none.
fn listener(text: &str) -> Result<Option<SocketAddr>, std::net::AddrParseError> {
    if text == "off" {
        Ok(None)
    } else {
        text.parse().map(Some)
    }
}

/// Servers speak HTTP without TLS so far.
fn server(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    (uri.scheme_str() == Some("http") && uri.host().is_some_and(|host| !host.is_empty())).then_some(uri)
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn log(text: &str) -> Option<String> {
    (!text.is_empty() && EnvFilter::try_new(text).is_ok()).then(|| text.to_owned())
}

fn log_format(text: &str) -> Option<LogFormat> {
    match text {
        "pretty" => Some(LogFormat::Pretty),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

fn number(text: &str) -> Option<NonZeroUsize> {
    text.parse()
        .ok()
        .filter(|number: &NonZeroUsize| number.get() <= COUNT_MAX)
}

#[cfg(test)]
mod tests;
