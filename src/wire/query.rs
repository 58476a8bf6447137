//! Messages from the parameters of a URL: one for each field, named as in JSON; those of a message within it behind a dot, such as
//! `label.key=site`; of a list one for each entry.

use std::{collections::BTreeMap, string::FromUtf8Error};

use percent_encoding::percent_decode_str;
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error as _, IntoDeserializer, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

use super::json::{Misread, place, problem};

/// What the first of several questions has not, and a label may have none of.
const MAY_BE_EMPTY: [&str; 3] = ["pageToken", "page_token", "label.value"];

/// Parts of a name that are looked at: deeper, there is nothing.
const DEPTH_MAX: usize = 4;

/// Reads a message from what stands behind the question mark of a URL.
///
/// # Errors
///
/// When a parameter is none of the message, is given twice, or has a value that its field does not take.
pub fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Misread> {
    let parameters = tree(query)?;
    serde_path_to_error::deserialize(parameters).map_err(|error| wrong(&error.path().to_string(), error.inner()))
}

fn wrong(path: &str, error: &Error) -> Misread {
    Misread::Wrong {
        line: 0,
        column: 0,
        path: place(path),
        problem: problem(&error.to_string()),
    }
}

fn tree(query: &str) -> Result<Node, Misread> {
    let mut root = Node::Fields(BTreeMap::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // A sign put in the place of what is none would make another question of it.
        let name = decoded(name).map_err(|error| no_text(&String::from_utf8_lossy(error.as_bytes())))?;
        let value = decoded(value).map_err(|_| no_text(&name))?;
        // An empty text is one that is not stated, so that a variable that is not set would find everything.
        if value.is_empty() && !MAY_BE_EMPTY.contains(&name.as_str()) {
            let error = Error::custom("is empty; give a value, or leave the parameter out");
            return Err(wrong(&name, &error));
        }
        root.put(&name, value).map_err(|error| wrong(&name, &error))?;
    }
    Ok(root)
}

/// A text as forms write it in a URL: a `+` for a space, and bytes of UTF-8 as `%` with two digits. A `%` without them stands for itself.
fn decoded(text: &str) -> Result<String, FromUtf8Error> {
    // Spaces first: a `+` that digits stand for is none.
    let spaced = text.replace('+', " ");
    String::from_utf8(percent_decode_str(&spaced).collect())
}

fn no_text(name: &str) -> Misread {
    let error = Error::custom("is not UTF-8; send it as UTF-8, each byte of a sign as in `%C3%BC` for `\u{fc}`");
    wrong(name, &error)
}

/// What one part of a name stands for.
#[derive(Debug)]
enum Node {
    /// Values, as often as the parameter was given.
    Values(Vec<String>),
    /// What has further parts.
    Fields(BTreeMap<String, Node>),
}

impl Node {
    fn put(&mut self, name: &str, value: String) -> Result<(), Error> {
        let mut node = self;
        for part in name.splitn(DEPTH_MAX, '.') {
            let Self::Fields(fields) = node else {
                return Err(mixed());
            };
            node = fields
                .entry(part.to_owned())
                .or_insert_with(|| Self::Fields(BTreeMap::new()));
        }
        match node {
            Self::Values(values) => values.push(value),
            Self::Fields(fields) if fields.is_empty() => *node = Self::Values(vec![value]),
            Self::Fields(_) => return Err(mixed()),
        }
        Ok(())
    }
}

fn mixed() -> Error {
    Error::custom("is given whole and in parts; give its parts only")
}

impl<'de> Deserializer<'de> for Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Fields(fields) => visitor.visit_map(MapDeserializer::new(fields.into_iter())),
            Self::Values(values) => match <[String; 1]>::try_from(values) {
                Ok([value]) => visitor.visit_string(value),
                Err(values) => Err(Error::custom(format!("is given {} times; give it once", values.len()))),
            },
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Values(values) => visitor.visit_seq(SeqDeserializer::new(values.into_iter())),
            Self::Fields(_) => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::pb;

    fn read(query: &str) -> Result<pb::HistoryRequest, String> {
        read_query(query).map_err(|error| match error {
            Misread::Wrong { path, problem, .. } => format!("{path}: {problem}"),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn parameters_are_the_fields_in_either_spelling() {
        let one = "deviceId=PC+1%26&verdict=VERDICT_PERMITTED&pageSize=7&decidedAfter=2011-03-02T10:00:00%2B01:00\
                   &label.key=site&label.value=Berlin&product.family=Office&product.components=Word&product.components=Excel";
        let other = "device_id=PC%201%26&verdict=VERDICT_PERMITTED&page_size=7&decided_after=2011-03-02T09:00:00Z\
                   &label.value=Berlin&label.key=site&product.components=Word&product.family=Office&product.components=Excel";
        let found = read(one).unwrap();
        assert_eq!(found, read(other).unwrap());
        assert_eq!(found.device_id, "PC 1&");
        assert_eq!(found.page_size, 7);
        assert_eq!(found.verdict(), pb::Verdict::Permitted);
        assert_eq!(found.product.unwrap().components, ["Word", "Excel"]);
        assert_eq!(found.decided_after.unwrap().to_string(), "2011-03-02T09:00:00Z");
        assert_eq!(read(""), Ok(pb::HistoryRequest::default()));
    }

    #[test]
    fn a_text_is_what_its_bytes_say() {
        for (query, device) in [
            ("deviceId=B%C3%BCro", "B\u{fc}ro"),
            ("deviceId=B%c3%bcro+%2B1%20%26&&", "B\u{fc}ro +1 &"),
            ("device%49d=100%", "100%"),
            ("deviceId=%zz%4", "%zz%4"),
            ("deviceId=%+1%2+%%41%", "% 1%2 %A%"),
            ("deviceId=a=b", "a=b"),
        ] {
            assert_eq!(read(query).unwrap().device_id, device, "{query}");
        }
    }

    #[test]
    fn an_empty_text_is_not_taken_for_all_there_is() {
        for query in ["deviceId", "deviceId=", "caller=a&imageId="] {
            let error = read(query).unwrap_err();
            assert!(error.contains(": is empty; give a value"), "{query}: {error}");
        }
        let first = read("deviceId=PC&pageToken=&label.key=site&label.value=").unwrap();
        assert_eq!(first.label.unwrap().value, "");
    }

    #[test]
    fn one_entry_of_a_list_is_a_list() {
        let found = read("product.components=Word").unwrap();
        assert_eq!(found.product.unwrap().components, ["Word"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (query, expected) in [
            (
                "devceId=x",
                "devceId: there is no field `devceId`; did you mean `device_id`?",
            ),
            (
                "verdict=VERDICT_PERMITED",
                "verdict: there is no value `VERDICT_PERMITED`; did you mean `VERDICT_PERMITTED`?",
            ),
            ("caller=a&caller=b", "caller: is given 2 times; give it once"),
            (
                "product=x&product.family=y",
                "product.family: is given whole and in parts; give its parts only",
            ),
            (
                "product.family=y&product=x",
                "product: is given whole and in parts; give its parts only",
            ),
            (
                "decidedAfter=yesterday",
                "decidedAfter: `yesterday` is no time; write one such as 2011-02-28T12:00:00Z",
            ),
        ] {
            assert_eq!(read(query).unwrap_err(), expected);
        }
        for (query, name) in [
            ("deviceId=B%FCro", "deviceId"),
            ("pageSize=1&label.value=%C3", "label.value"),
            ("device%FF=x", "device\u{fffd}"),
        ] {
            let told = read(query).unwrap_err();
            assert!(told.starts_with(&format!("{name}: is not UTF-8; ")), "{told}");
        }
        for query in [
            "pageSize=many",
            "label=x",
            "deviceId=a&device_id=b",
            "deviceId.x=a",
            &"a.".repeat(9000),
        ] {
            assert!(read(query).is_err(), "{query}");
        }
    }
}
