//! The trace that a call is part of, as W3C Trace Context has it.

use std::fmt;

use http::HeaderMap;
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator as _},
    trace::TraceContextExt as _,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::method::Method;
use crate::telemetry::SPANS;

/// The id of a trace, as records keep it; empty where a call is part of none.
#[derive(Clone, Debug, Default)]
pub struct TraceId(String);

impl fmt::Display for TraceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// How a call is made, for its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Messages of Protocol Buffers over HTTP/2.
    Grpc,
    /// Messages in JSON over HTTP/1.1.
    Http,
}

impl Protocol {
    const fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Http => "http",
        }
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// A span for a call, below that of its client if it has one; and the id of their trace.
pub(super) fn begin(method: &Method, protocol: Protocol, headers: &HeaderMap) -> (Span, TraceId) {
    let span = tracing::info_span!(
        target: SPANS,
        "call",
        otel.name = method.name,
        otel.kind = "server",
        rpc.system = protocol.name(),
        rpc.method = method.name,
        rpc.grpc.status_code = Empty,
    );
    // A span that nobody wants has no place in a trace either.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
    let context = span.context();
    let id = context.span().span_context().trace_id();
    if id == opentelemetry::TraceId::INVALID {
        (span, trace_id(headers))
    } else {
        (span, TraceId(id.to_string()))
    }
}

/// The trace id of a `traceparent`; empty when the call carries none that is well-formed.
pub(super) fn trace_id(headers: &HeaderMap) -> TraceId {
    let parent = headers.get("traceparent").and_then(|value| value.to_str().ok());
    let mut parts = parent.unwrap_or_default().split('-');
    let (version, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_hex =
        |text: &str, len| text.len() == len && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_id = is_hex(id, 32) && id.bytes().any(|byte| byte != b'0');
    if is_hex(version, 2) && version != "ff" && is_id {
        TraceId(id.to_owned())
    } else {
        TraceId::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parent: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", parent.parse().unwrap());
        trace_id(&headers).0
    }

    #[test]
    fn a_trace_id_is_taken_from_a_well_formed_traceparent_only() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(of(&format!("00-{id}-00f067aa0ba902b7-01")), id);
        for malformed in [
            "",
            "00",
            &format!("ff-{id}-00f067aa0ba902b7-01"),
            "00-00000000000000000000000000000000-1-01",
            "00-'; drop-x-01",
        ] {
            assert_eq!(of(malformed), "", "{malformed}");
        }
    }
}
