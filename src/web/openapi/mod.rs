//! The document that describes the calls, as `OpenAPI` 3.1 has it: made of the compiled schema and the table of routes, and of nothing else.

mod comment;
mod operation;
mod schema;

use axum::body::Bytes;
use prost_reflect::DescriptorPool;
use serde_json::{Map, Value, json};

use self::{operation::operation, schema::Schemas};
use super::calls::route;
use crate::wire::pb;

const TITLE: &str = "reimage-rights";
const ABOUT: &str = "Decides whether an image may be put on a device under Microsoft volume licensing, records each decision before it answers, and gives \
the record back. Messages are those of the package `reimagerights.v1` as ProtoJSON: what is left out has its default, a field may also be named as in the \
schema (`snake_case`), 64-bit numbers are strings, times are RFC 3339. A request with a field that is not described here is refused.";
const NOT_OK: &str = "An error: the `google.rpc.Status` that the same call over gRPC ends with. `429` and `503` may say in `retry-after` when to ask again.";

/// The document.
pub(super) fn document() -> Bytes {
    // Nothing in a JSON value keeps it from being written.
    serde_json::to_vec(&described()).unwrap_or_default().into()
}

fn described() -> Value {
    #[expect(clippy::expect_used, reason = "the schema was compiled with this program")]
    let pool = DescriptorPool::decode(pb::DESCRIPTORS).expect("the compiled schema cannot be read");
    let mut schemas = Schemas::default();
    let mut paths = Map::new();
    for route in route::ALL {
        let operations = paths.entry(route.path).or_insert_with(|| json!({}));
        if let (Some(operations), Some(described)) = (operations.as_object_mut(), operation(route, &pool, &mut schemas))
        {
            operations.insert(route.verb.as_str().to_ascii_lowercase(), described);
        }
    }
    let status = pool.get_message_by_name("google.rpc.Status");
    let status = status.map(|status| schemas.reference(&status)).unwrap_or_default();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas.into_values(),
            "responses": { "Error": { "description": NOT_OK, "content": { "application/json": { "schema": status } } } },
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "A token of the access file, or a JWT of the issuer that it names." },
                "certificate": { "type": "mutualTLS", "description": "A client certificate that the access file names." },
            },
        },
        // Without an access file, nobody is asked.
        "security": [{ "bearer": [] }, { "certificate": [] }, {}],
    })
}
