//! The document that describes the calls over HTTP, held to the compiled schema.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};
use reimage_rights::wire::pb;
use serde_json::Value;

use crate::support::{http, server::Server};

const SERVICE: &str = "EligibilityService";
const CALLS: [(&str, &str, &str); 4] = [
    ("/v1/check", "post", "Check"),
    ("/v1/check:batch", "post", "BatchCheck"),
    ("/v1/decisions", "get", "History"),
    ("/v1/decisions/{decisionId}", "get", "GetDecision"),
];

async fn document() -> Value {
    let server = Server::start().await;
    let (head, body) = http::get(server.serving.http_address.unwrap(), "/v1/openapi.json").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    serde_json::from_slice(&body).unwrap()
}

/// Messages and enums of the schema, by their full name behind a dot.
struct Schema {
    messages: BTreeMap<String, DescriptorProto>,
    enums: BTreeMap<String, EnumDescriptorProto>,
    /// Name, input and output of each method of the service.
    methods: BTreeMap<String, (String, String)>,
}

fn schema() -> Schema {
    let set = FileDescriptorSet::decode(pb::DESCRIPTORS).unwrap();
    let mut schema = Schema {
        messages: BTreeMap::new(),
        enums: BTreeMap::new(),
        methods: BTreeMap::new(),
    };
    for file in set.file {
        let within = format!(".{}", file.package());
        for service in file.service.iter().filter(|service| service.name() == SERVICE) {
            for method in &service.method {
                let ends = (method.input_type().to_owned(), method.output_type().to_owned());
                schema.methods.insert(method.name().to_owned(), ends);
            }
        }
        for choice in file.enum_type {
            schema.enums.insert(format!("{within}.{}", choice.name()), choice);
        }
        for message in file.message_type {
            for nested in &message.nested_type {
                let name = format!("{within}.{}.{}", message.name(), nested.name());
                schema.messages.insert(name, nested.clone());
            }
            schema.messages.insert(format!("{within}.{}", message.name()), message);
        }
    }
    schema
}

/// The name of a schema in the document.
fn named(type_name: &str) -> &str {
    let name = type_name.trim_start_matches('.');
    name.strip_prefix("reimagerights.v1.").unwrap_or(name)
}

fn reference(type_name: &str) -> Value {
    Value::from(format!("#/components/schemas/{}", named(type_name)))
}

fn is_leaf(field: &FieldDescriptorProto) -> bool {
    field.r#type() != Type::Message || field.type_name() == ".google.protobuf.Timestamp"
}

#[tokio::test]
async fn every_field_of_every_message_within_reach_is_described_and_no_other() {
    let (document, schema) = (document().await, schema());
    assert_eq!(document["openapi"], "3.1.0");
    let schemas = &document["components"]["schemas"];
    let mut waiting = vec![".google.rpc.Status".to_owned()];
    for (_, verb, method) in CALLS {
        let (input, output) = schema.methods[method].clone();
        waiting.push(output);
        if verb == "post" {
            waiting.push(input);
            continue;
        }
        // Its fields are parameters, and so are those of a message within it.
        for field in &schema.messages[&input].field {
            match schema.messages.get(field.type_name()).filter(|_| !is_leaf(field)) {
                Some(inner) => waiting.extend(inner.field.iter().map(|part| part.type_name().to_owned())),
                None => waiting.push(field.type_name().to_owned()),
            }
        }
    }
    let mut expected = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let is_of_google = name.starts_with(".google.protobuf.");
        if let Some(choice) = schema.enums.get(&name) {
            let values: Vec<&str> = choice
                .value
                .iter()
                .map(prost_types::EnumValueDescriptorProto::name)
                .collect();
            assert_eq!(schemas[named(&name)]["enum"], Value::from(values), "{name}");
            expected.insert(named(&name).to_owned());
        } else if let Some(message) = schema.messages.get(&name).filter(|_| !is_of_google) {
            let is_entry = message
                .options
                .as_ref()
                .is_some_and(prost_types::MessageOptions::map_entry);
            let is_new = !is_entry && expected.insert(named(&name).to_owned());
            if is_new {
                assert_fields(&schemas[named(&name)], message, &schema);
            }
            if is_new || is_entry {
                waiting.extend(message.field.iter().map(|field| field.type_name().to_owned()));
            }
        }
    }
    let found: BTreeSet<String> = schemas.as_object().unwrap().keys().cloned().collect();
    assert_eq!(found, expected);
    assert!(found.len() > 30, "{found:?}");
}

fn assert_fields(described: &Value, message: &DescriptorProto, schema: &Schema) {
    let properties = described["properties"].as_object().unwrap();
    let names: BTreeSet<&str> = message.field.iter().map(FieldDescriptorProto::json_name).collect();
    assert_eq!(
        properties.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        names,
        "{}",
        message.name()
    );
    assert!(
        !described["description"].as_str().unwrap().is_empty(),
        "{}",
        message.name()
    );
    for field in &message.field {
        let property = &properties[field.json_name()];
        let about = property["description"].as_str().unwrap_or_default();
        assert!(!about.is_empty(), "{}.{}", message.name(), field.name());
        let entry = schema.messages.get(field.type_name());
        let is_map = entry.is_some_and(|entry| {
            entry
                .options
                .as_ref()
                .is_some_and(prost_types::MessageOptions::map_entry)
        });
        let one = match (is_map, field.label() == Label::Repeated) {
            (true, _) => &property["additionalProperties"],
            (false, true) => &property["items"],
            (false, false) => property,
        };
        let field = if is_map { &entry.unwrap().field[1] } else { field };
        match field.r#type() {
            Type::String => assert_eq!(one["type"], "string"),
            Type::Bool => assert_eq!(one["type"], "boolean"),
            Type::Int32 | Type::Uint32 => assert_eq!(one["type"], "integer"),
            Type::Uint64 => assert_eq!(one["pattern"], "^[0-9]+$"),
            Type::Message if field.type_name() == ".google.protobuf.Timestamp" => {
                assert_eq!(one["format"], "date-time");
            }
            Type::Message if field.type_name() == ".google.protobuf.Any" => assert_eq!(one["type"], "object"),
            Type::Message | Type::Enum => assert_eq!(one["$ref"], reference(field.type_name())),
            other => panic!("{other:?} is not expected"),
        }
    }
}

#[tokio::test]
async fn every_call_is_described_with_what_it_is_asked_and_answers() {
    let (document, schema) = (document().await, schema());
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), CALLS.len());
    for (path, verb, method) in CALLS {
        let operations = paths[path].as_object().unwrap();
        assert_eq!(operations.len(), 1, "{path}");
        let operation = &operations[verb];
        assert_eq!(operation["operationId"], method);
        assert!(operation["description"].as_str().unwrap().len() > 10);
        let (input, output) = &schema.methods[method];
        let content = |place: &Value| place["content"]["application/json"]["schema"]["$ref"].clone();
        assert_eq!(content(&operation["responses"]["200"]), reference(output));
        assert_eq!(
            operation["responses"]["default"]["$ref"],
            "#/components/responses/Error"
        );
        if verb == "post" {
            assert_eq!(content(&operation["requestBody"]), reference(input));
            continue;
        }
        let mut expected = BTreeSet::new();
        for field in &schema.messages[input].field {
            if is_leaf(field) {
                expected.insert(field.json_name().to_owned());
                continue;
            }
            let inner = &schema.messages[field.type_name()].field;
            expected.extend(
                inner
                    .iter()
                    .map(|part| format!("{}.{}", field.json_name(), part.json_name())),
            );
        }
        // Always refused, and so not offered.
        for part in ["language", "components", "architecture"] {
            let offered = expected.remove(&format!("product.{part}"));
            assert_eq!(offered, method == "History", "{part}");
        }
        let parameters = operation["parameters"].as_array().unwrap();
        let found: BTreeSet<String> = parameters
            .iter()
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(found, expected);
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            let place = if path.contains(&format!("{{{name}}}")) {
                "path"
            } else {
                "query"
            };
            assert_eq!(parameter["in"], place);
            assert!(!parameter["description"].as_str().unwrap().is_empty(), "{name}");
        }
    }
}
