//! What the program tells its operator: log events, on standard error only, since standard output belongs to results.

use std::io;

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::LogFormat;

/// Why the log cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not well-formed.
    #[error("the log filter `{filter}` is not right: {source}")]
    Filter {
        /// The filter.
        filter: String,
        /// Why.
        source: tracing_subscriber::filter::ParseError,
    },
    /// The process logs already.
    #[error("the log was started before: {0}")]
    Started(Box<dyn std::error::Error + Send + Sync>),
}

/// Starts the log of this process: the events that `filter` lets through, in `format`.
///
/// # Errors
///
/// When the filter is not well-formed, or the process logs already.
pub fn start(filter: &str, format: LogFormat) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(filter).map_err(|source| TelemetryError::Filter {
        filter: filter.to_owned(),
        source,
    })?;
    let events = fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match format {
        LogFormat::Pretty => {
            let colored = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
            events.compact().with_target(false).with_ansi(colored).try_init()
        }
        LogFormat::Json => events.json().flatten_event(true).try_init(),
    };
    started.map_err(TelemetryError::Started)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_not_well_formed_is_named() {
        let error = start("info=loud=very", LogFormat::Pretty).unwrap_err();
        assert!(error.to_string().contains("`info=loud=very`"), "{error}");
    }
}
