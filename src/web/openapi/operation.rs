//! A route as an operation.

use axum::http::Method as Verb;
use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Value, json};

use super::{
    super::calls::route::Route,
    comment::comment,
    schema::{Schemas, put},
};
use crate::wire::NOT_FOUND_BY;

const ERROR: &str = "#/components/responses/Error";

/// What is asked at a route and what it answers; `None` for a method that is not in the schema.
pub(super) fn operation(route: &Route, pool: &DescriptorPool, schemas: &mut Schemas) -> Option<Value> {
    let (service, name) = route.method.path.trim_start_matches('/').split_once('/')?;
    let service = pool.get_service_by_name(service)?;
    let method = service.methods().find(|method| method.name() == name)?;
    let (input, output) = (method.input(), method.output());
    let answer = json!({
        "description": comment(&output.parent_file(), output.path()),
        "content": { "application/json": { "schema": schemas.reference(&output) } },
    });
    let mut operation = json!({
        "operationId": name,
        "description": comment(&service.parent_file(), method.path()),
        "responses": { "200": answer, "default": { "$ref": ERROR } },
    });
    if route.verb == Verb::GET {
        let mut parameters = Vec::new();
        put_parameters(&input, "", route, schemas, &mut parameters);
        put(&mut operation, "parameters", parameters.into());
    } else {
        let content = json!({ "application/json": { "schema": schemas.reference(&input) } });
        let body = json!({ "required": true, "content": content });
        put(&mut operation, "requestBody", body);
    }
    Some(operation)
}

/// The fields of a message as parameters, those of a message within it behind a dot; without those that are always refused there.
fn put_parameters(
    message: &MessageDescriptor,
    before: &str,
    route: &Route,
    schemas: &mut Schemas,
    parameters: &mut Vec<Value>,
) {
    for field in message.fields() {
        let name = format!("{before}{}", field.json_name());
        if NOT_FOUND_BY.contains(&name.as_str()) {
            continue;
        }
        match within(&field) {
            Some(inner) => put_parameters(&inner, &format!("{name}."), route, schemas, parameters),
            None => parameters.push(parameter(&field, &name, route, schemas)),
        }
    }
}

fn parameter(field: &FieldDescriptor, name: &str, route: &Route, schemas: &mut Schemas) -> Value {
    let is_in_path = route.path.contains(&format!("{{{name}}}"));
    json!({
        "name": name,
        "in": if is_in_path { "path" } else { "query" },
        "required": is_in_path,
        "description": comment(&field.parent_message().parent_file(), field.path()),
        "schema": schemas.field(field),
    })
}

/// The message that a field holds, where that has parts of its own in JSON.
fn within(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    match field.kind() {
        Kind::Message(message) if !field.is_list() && message.full_name() != "google.protobuf.Timestamp" => {
            Some(message)
        }
        _ => None,
    }
}
