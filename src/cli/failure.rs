//! Why a command gave no result.

use std::{error::Error, io};

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
            Err(error) => Self::Failed(chain(error.as_ref())),
        }
    }
}

/// An error and what caused it; a cause that is told already is not told again.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        if !words.contains(&told) {
            words = words + ": " + &told;
        }
        cause = error.source();
    }
    words
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;
    use crate::store::OpenError;

    #[test]
    fn a_cause_is_told_once() {
        let denied = || io::Error::other("permission denied");
        let error = OpenError::Unreachable {
            path: "d.db".into(),
            source: denied(),
        };
        let words = Failure::from(anyhow::Error::new(error)).words().to_owned();
        assert_eq!(words.matches("permission denied").count(), 1, "{words}");
        let failed = Err::<(), _>(denied()).context("it cannot be read").unwrap_err();
        assert_eq!(Failure::from(failed).words(), "it cannot be read: permission denied");
    }
}
