//! The layer at the door: who calls, and as part of which trace.

use tonic::{Request, Status, metadata::MetadataMap};

use super::status::no_caller;
use crate::service::Caller;

/// Makes out every caller as local: without authentication anyone who reaches the service is.
///
/// # Errors
///
/// Never.
pub fn identify_local(mut request: Request<()>) -> Result<Request<()>, Status> {
    request.extensions_mut().insert(Caller::local());
    Ok(request)
}

/// The caller that the layer at the door made out.
pub(super) fn caller<T>(request: &Request<T>) -> Result<Caller, Status> {
    request.extensions().get().cloned().ok_or_else(no_caller)
}

/// The trace id of a W3C `traceparent`; empty when the call carries none that is well-formed.
#[must_use]
pub fn trace_id(metadata: &MetadataMap) -> String {
    let parent = metadata
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = parent.split('-');
    let (version, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_hex =
        |text: &str, len| text.len() == len && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_id = is_hex(id, 32) && id.bytes().any(|byte| byte != b'0');
    if is_hex(version, 2) && version != "ff" && is_id {
        id.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parent: &str) -> String {
        let mut metadata = MetadataMap::new();
        metadata.insert("traceparent", parent.parse().unwrap());
        trace_id(&metadata)
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
