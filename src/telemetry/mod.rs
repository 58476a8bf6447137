//! What the program tells its operator: log events, on standard error only, since standard output belongs to results; and traces, to whoever collects
//! them.

use std::{io, time::Duration};

use anstream::{AutoStream, ColorChoice};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use tracing::Metadata;
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::filter_fn, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::config::{LogFormat, Settings};

/// The target of the spans that are sent to a collector.
pub const SPANS: &str = "reimage_rights::call";

/// The name under which this program is known to a collector.
const SERVICE: &str = "reimage-rights";
/// How long the last spans may take on their way when the program ends.
const FLUSH_MAX: Duration = Duration::from_secs(3);

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
    /// No traces can be sent there.
    #[error("traces cannot be sent to `{endpoint}`: {problem}")]
    Traces {
        /// Where.
        endpoint: String,
        /// Why.
        problem: String,
    },
    /// The process logs already.
    #[error("the log was started before: {0}")]
    Started(#[from] tracing_subscriber::util::TryInitError),
}

/// What was started; where traces are sent, the last of them are when it is dropped.
#[derive(Debug, Default)]
#[must_use = "traces are sent as long as it lives"]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        // A collector that is gone keeps nobody from ending.
        let _ = self.0.take().map(|traces| traces.shutdown_with_timeout(FLUSH_MAX));
    }
}

/// Starts the log of this process: the events that `filter` lets through, in the form of the settings; and traces where they name a collector, which takes
/// a runtime.
///
/// # Errors
///
/// When the filter is not well-formed, traces cannot be sent, or the process logs already.
pub fn start(filter: &str, settings: &Settings) -> Result<Telemetry, TelemetryError> {
    let parsed = EnvFilter::try_new(filter).map_err(|source| TelemetryError::Filter {
        filter: filter.to_owned(),
        source,
    })?;
    let endpoint = settings.otlp_endpoint.value.as_ref();
    let traces = endpoint.map(|endpoint| provider(&endpoint.to_string())).transpose()?;
    let events = fmt::layer().with_writer(io::stderr);
    let events = match settings.log_format.value {
        LogFormat::Pretty => {
            let colored = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
            events.compact().with_target(false).with_ansi(colored).boxed()
        }
        LogFormat::Json => events.json().flatten_event(true).boxed(),
    };
    let spans = traces.as_ref().map(|traces| {
        let layer = tracing_opentelemetry::layer().with_tracer::<SdkTracer>(traces.tracer(SERVICE));
        layer.with_filter(filter_fn(is_call))
    });
    tracing_subscriber::registry()
        .with(spans)
        .with(events.with_filter(parsed))
        .try_init()?;
    Ok(Telemetry(traces))
}

/// Only spans of calls are sent: the log has the rest.
fn is_call(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target() == SPANS
}

fn provider(endpoint: &str) -> Result<SdkTracerProvider, TelemetryError> {
    let exporter = SpanExporter::builder().with_tonic().with_endpoint(endpoint).build();
    let exporter = exporter.map_err(|error| TelemetryError::Traces {
        endpoint: endpoint.to_owned(),
        problem: error.to_string(),
    })?;
    let resource = Resource::builder().with_service_name(SERVICE).build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build())
}
