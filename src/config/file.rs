//! What a TOML file sets.

use std::{fs, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    ConfigError, Key,
    given::{Given, Layer, Origin},
    key::Form,
};
use crate::domain::nearest;

/// Reads the file at `path`, which must be there.
pub(super) fn read(path: &Path) -> Result<Layer, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<Layer, ConfigError> {
    let table = DeTable::parse(text).map_err(|error| ConfigError::Malformed {
        path: path.to_owned(),
        line: line_at(text, error.span().map_or(0, |span| span.start)),
        problem: error.message().replace('\n', ", "),
    })?;
    let mut layer = Layer::new();
    for (name, value) in table.get_ref() {
        let line = line_at(text, name.span().start);
        let key = Key::named(name.get_ref()).ok_or_else(|| unknown(path, line, name.get_ref()))?;
        let text = text_of(key, value).ok_or_else(|| ConfigError::WrongType {
            path: path.to_owned(),
            line,
            key,
            found: described(value.get_ref()),
        })?;
        let path = path.to_owned();
        let origin = Origin::File { path, line, key };
        layer.insert(key, Given { text, origin });
    }
    Ok(layer)
}

/// The value as text, if its type is the setting's.
fn text_of(key: Key, value: &Spanned<DeValue<'_>>) -> Option<String> {
    match (key.form(), value.get_ref()) {
        (Form::Text | Form::NumberOrText, DeValue::String(text)) => Some(text.to_string()),
        (Form::Switch, DeValue::Boolean(on)) => Some(on.to_string()),
        (Form::Number | Form::NumberOrText, DeValue::Integer(number)) => {
            i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(|number| number.to_string())
        }
        _ => None,
    }
}

fn described(value: &DeValue<'_>) -> String {
    let kind = value.type_str();
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}

fn unknown(path: &Path, line: usize, name: &str) -> ConfigError {
    let known = Key::ALL.map(Key::name);
    ConfigError::UnknownKey {
        path: path.to_owned(),
        line,
        name: name.to_owned(),
        cure: nearest(name, known).map_or_else(
            || format!("known are `{}`", known.join("`, `")),
            |near| format!("did you mean `{near}`?"),
        ),
    }
}

/// The line of a byte, counted from 1.
fn line_at(text: &str, offset: usize) -> usize {
    let newlines = text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    newlines.saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Layer, String> {
        super::parse(Path::new("c.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn each_value_keeps_its_line() {
        let layer = parse("# mine\nlisten = \"[::1]:1\"\ninsecure = true\nqueue_len_max = 0x10\n").unwrap();
        assert_eq!(layer[&Key::Listen].text, "[::1]:1");
        assert_eq!(layer[&Key::Insecure].text, "true");
        assert_eq!(layer[&Key::QueueLenMax].text, "16");
        assert_eq!(layer[&Key::Insecure].origin.to_string(), "`c.toml` line 3: `insecure`");
    }

    #[test]
    fn an_unknown_key_names_file_line_and_the_nearest() {
        let error = parse("\nlisten_on = \"x\"").unwrap_err();
        assert_eq!(
            error,
            "`c.toml` line 2: there is no setting `listen_on`; did you mean `listen`?"
        );
        let error = parse("[server]\nurl = 1").unwrap_err();
        assert!(error.contains("line 1: `server` is a table; write a URL"), "{error}");
    }

    #[test]
    fn a_value_of_another_type_says_what_would_be_right() {
        assert_eq!(
            parse("log = \"info\"\ninsecure = 1").unwrap_err(),
            "`c.toml` line 2: `insecure` is an integer; write `true` or `false`"
        );
        assert_eq!(
            parse("queue_len_max = \"many\"").unwrap_err(),
            "`c.toml` line 1: `queue_len_max` is a string; write a whole number from 1 to 1000000"
        );
    }

    #[test]
    fn what_is_no_toml_names_the_line() {
        let error = parse("listen = \"x\"\nlog = = 1").unwrap_err();
        assert!(error.starts_with("`c.toml` line 2: "), "{error}");
        assert!(!error.contains('\n'), "{error}");
        assert!(parse("log = \"a\"\nlog = \"b\"").unwrap_err().contains("line 2"));
    }
}
