//! Why a command gave no result.

use std::io;

use super::Ending;
use crate::{access::AccessError, config::ConfigError, telemetry::TelemetryError, tls::TlsError};

/// A command that gave no result, in words for whoever typed it; one problem per line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// What the caller gave is wrong; the words say what would be right.
    BadInput(String),
    /// Something else went wrong; the words say what to do next.
    Failed(String),
}

impl Failure {
    /// The words.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::BadInput(words) | Self::Failed(words) => words,
        }
    }

    /// How the command ends by it.
    #[must_use]
    pub const fn ending(&self) -> Ending {
        match self {
            Self::BadInput(_) => Ending::BadInput,
            Self::Failed(_) => Ending::Failed,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::BadInput(error.to_string())
    }
}

impl From<TelemetryError> for Failure {
    fn from(error: TelemetryError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<anyhow::Error> for Failure {
    /// Settings that turn out wrong only when they are used are bad input still.
    fn from(error: anyhow::Error) -> Self {
        let error = match error.downcast::<ConfigError>() {
            Ok(error) => return error.into(),
            Err(error) => error,
        };
        let error = match error.downcast::<AccessError>() {
            Ok(error) => return error.into(),
            Err(error) => error,
        };
        match error.downcast::<TlsError>() {
            Ok(error) => Self::BadInput(error.to_string()),
            Err(error) => Self::Failed(format!("{error:#}")),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
