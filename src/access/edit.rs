//! Changes of an access file that leave everything else in it as it was written.

use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TomlError, value};

use super::{
    AccessError, Role, TokenEntry,
    file::{AccessFile, malformed},
};

/// The text of an access file with one more token; an empty text is a file that is not there yet.
///
/// # Errors
///
/// When the file, or the entry, is wrong.
pub fn add_token(path: &Path, text: &str, token: &TokenEntry) -> Result<String, AccessError> {
    let mut document = document(path, text)?;
    let mut table = Table::new();
    table.insert("name", value(&token.name));
    table.insert("sha256", value(token.hash.to_string()));
    let roles: Array = token.roles.iter().copied().map(Role::name).collect();
    table.insert("roles", value(roles));
    if let Ok(expires) = token.expires.to_string().parse::<toml_edit::Datetime>() {
        table.insert("expires", value(expires));
    }
    let tokens = document
        .entry("token")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    as_tables(tokens);
    if let Some(tokens) = tokens.as_array_of_tables_mut() {
        tokens.push(table);
    }
    let text = document.to_string();
    let file = AccessFile::parse(path, &text)?;
    let is_it = |entry: &TokenEntry| bool::from(entry.hash.is(&token.hash));
    if file.tokens.iter().any(is_it) {
        return Ok(text);
    }
    Err(AccessError::Entry {
        path: path.to_owned(),
        entry: format!("token `{}`", token.name),
        problem: "could not be added; write tokens as `[[token]]`".to_owned(),
    })
}

/// Tokens that are written on one line become tables.
fn as_tables(tokens: &mut Item) {
    if tokens.is_array() {
        let written = std::mem::take(tokens);
        *tokens = written
            .into_array_of_tables()
            .map_or_else(|other| other, Item::ArrayOfTables);
    }
}

/// The text of an access file without the tokens of a name, and how many those were.
///
/// # Errors
///
/// When the file is wrong.
pub fn without_tokens(path: &Path, text: &str, name: &str) -> Result<(String, usize), AccessError> {
    let mut document = document(path, text)?;
    if let Some(tokens) = document.get_mut("token") {
        as_tables(tokens);
    }
    let Some(tokens) = document.get_mut("token").and_then(Item::as_array_of_tables_mut) else {
        return Ok((text.to_owned(), 0));
    };
    let before = tokens.len();
    tokens.retain(|token| token.get("name").and_then(Item::as_str) != Some(name));
    let removed = before.saturating_sub(tokens.len());
    Ok((document.to_string(), removed))
}

/// The file as it is written, once it is known to be right.
fn document(path: &Path, text: &str) -> Result<DocumentMut, AccessError> {
    AccessFile::parse(path, text)?;
    text.parse()
        .map_err(|error: TomlError| malformed(path, text, error.span(), error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Token;

    fn entry(name: &str, random: u8) -> TokenEntry {
        TokenEntry {
            name: name.to_owned(),
            hash: Token::of_random([random; 32]).hash(),
            roles: vec![Role::Checker, Role::Auditor],
            expires: "2027-06-30T00:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn tokens_come_and_go_and_what_else_is_written_stays() {
        let path = Path::new("access.toml");
        let kept = "# who may call\n[jwt] # ours\nissuer = \"i\"\naudience = \"a\"\njwks_file = \"k\"\n";
        let text = add_token(path, kept, &entry("a\"]b", 1)).unwrap();
        let text = add_token(path, &text, &entry("c", 2)).unwrap();
        let text = add_token(path, &text, &entry("c", 3)).unwrap();
        assert!(text.starts_with(kept), "{text}");
        let file = AccessFile::parse(path, &text).unwrap();
        let names: Vec<&str> = file.tokens.iter().map(|token| token.name.as_str()).collect();
        assert_eq!(names, ["a\"]b", "c", "c"]);
        assert_eq!(file.tokens[0].roles, [Role::Checker, Role::Auditor]);

        let (text, removed) = without_tokens(path, &text, "c").unwrap();
        assert_eq!(removed, 2);
        let (text, removed) = without_tokens(path, &text, "a\"]b").unwrap();
        assert_eq!((text.as_str(), removed), (kept, 1));
        assert_eq!(without_tokens(path, "", "c").unwrap(), (String::new(), 0));
    }

    #[test]
    fn tokens_on_one_line_are_tokens_too() {
        let path = Path::new("access.toml");
        let hash = Token::of_random([9; 32]).hash();
        let inline = format!(
            "token = [{{ name = \"a\", sha256 = \"{hash}\", roles = [\"checker\"], expires = 2027-01-01T00:00:00Z }}]\n"
        );
        let text = add_token(path, &inline, &entry("b", 1)).unwrap();
        assert_eq!(AccessFile::parse(path, &text).unwrap().tokens.len(), 2);
        let (text, removed) = without_tokens(path, &inline, "a").unwrap();
        assert_eq!((AccessFile::parse(path, &text).unwrap().tokens.len(), removed), (0, 1));
    }

    #[test]
    fn a_file_that_is_wrong_is_not_changed() {
        let path = Path::new("access.toml");
        assert!(add_token(path, "[[token]]\n", &entry("a", 1)).is_err());
        assert!(add_token(path, "", &entry("local", 1)).is_err());
        assert!(without_tokens(path, "token = 1\n", "a").is_err());
    }
}
