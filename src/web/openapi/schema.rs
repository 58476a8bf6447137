//! Messages and enums of the schema as JSON Schema of their ProtoJSON.

use std::collections::BTreeMap;

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::comment::comment;

/// What is left out of names: the package whose document this is.
const PACKAGE: &str = "reimagerights.v1.";

/// The schemas that were referred to so far, by name.
#[derive(Debug, Default)]
pub(super) struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    pub(super) fn into_values(self) -> BTreeMap<String, Value> {
        self.0
    }

    /// A reference to the schema of a message, which is then among them, and with it all that it refers to.
    pub(super) fn reference(&mut self, message: &MessageDescriptor) -> Value {
        match message.full_name() {
            "google.protobuf.Timestamp" => return json!({ "type": "string", "format": "date-time" }),
            // Its own fields beside its type.
            "google.protobuf.Any" => {
                return json!({ "type": "object", "properties": { "@type": { "type": "string" } }, "required": ["@type"] });
            }
            _ => {}
        }
        let name = name(message.full_name());
        if !self.0.contains_key(&name) {
            // Held before it is there, since it may refer to itself.
            self.0.insert(name.clone(), Value::Null);
            let schema = self.message(message);
            self.0.insert(name.clone(), schema);
        }
        refer(&name)
    }

    fn message(&mut self, message: &MessageDescriptor) -> Value {
        let fields = message.fields();
        let properties: Map<String, Value> = fields
            .map(|field| (field.json_name().to_owned(), self.field(&field)))
            .collect();
        let mut schema = json!({ "type": "object", "properties": properties });
        describe(&mut schema, comment(&message.parent_file(), message.path()));
        let choices = message.oneofs().filter(|oneof| !oneof.is_synthetic());
        for oneof in choices {
            let one = |field: FieldDescriptor| json!({ "required": [field.json_name()] });
            put(&mut schema, "oneOf", oneof.fields().map(one).collect());
        }
        schema
    }

    /// The schema of a field's values, with what the schema says of the field.
    pub(super) fn field(&mut self, field: &FieldDescriptor) -> Value {
        let mut schema = if field.is_map() {
            let kind = field.kind();
            let value = kind.as_message().map(MessageDescriptor::map_entry_value_field);
            json!({ "type": "object", "additionalProperties": value.map(|value| self.kind(&value.kind())) })
        } else if field.is_list() {
            json!({ "type": "array", "items": self.kind(&field.kind()) })
        } else {
            self.kind(&field.kind())
        };
        describe(
            &mut schema,
            comment(&field.parent_message().parent_file(), field.path()),
        );
        schema
    }

    fn kind(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::String => json!({ "type": "string" }),
            Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::Double | Kind::Float => json!({ "type": "number" }),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => json!({ "type": "integer", "format": "int32" }),
            Kind::Uint32 | Kind::Fixed32 => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => json!({ "type": "string", "pattern": "^-?[0-9]+$" }),
            Kind::Uint64 | Kind::Fixed64 => json!({ "type": "string", "pattern": "^[0-9]+$" }),
            Kind::Enum(values) => self.choice(values),
            Kind::Message(message) => self.reference(message),
        }
    }

    fn choice(&mut self, values: &EnumDescriptor) -> Value {
        let name = name(values.full_name());
        self.0.entry(name.clone()).or_insert_with(|| {
            let file = values.parent_file();
            let names: Vec<String> = values.values().map(|value| value.name().to_owned()).collect();
            let meanings = values
                .values()
                .map(|value| format!("\n- `{}`: {}", value.name(), comment(&file, value.path())));
            let meanings: String = meanings.collect();
            let about = format!("{}\n{meanings}", comment(&file, values.path()));
            json!({ "type": "string", "enum": names, "description": about })
        });
        refer(&name)
    }
}

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn name(full_name: &str) -> String {
    full_name.strip_prefix(PACKAGE).unwrap_or(full_name).to_owned()
}

fn describe(schema: &mut Value, text: String) {
    if !text.is_empty() {
        put(schema, "description", text.into());
    }
}

/// Adds a member to an object.
pub(super) fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}
