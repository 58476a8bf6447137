//! Where a database is, as people write it.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// A place for a database: for now always a file's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    path: PathBuf,
}

/// A text that names no place for a database.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LocationError {
    /// Nothing was given.
    #[error("no database is named; give a path, or `sqlite:` and a path")]
    Empty,
    /// A database that ends with the process.
    #[error("`{0}` would keep decisions in memory only; give a path")]
    InMemory(String),
    /// A kind of database that is not there yet.
    #[error("`{0}`: PostgreSQL is not supported yet; give a path, or `sqlite:` and a path")]
    Postgres(String),
    /// Another kind of URL.
    #[error("`{0}` is no database this program knows; give a path, or `sqlite:` and a path")]
    Scheme(String),
    /// Parameters behind the path, or a broken escape in it.
    #[error(
        "`{0}` is not a plain `sqlite:` URL; write a literal `?` as %3F, `#` as %23 and `%` as %25, and give no parameters"
    )]
    Url(String),
}

impl Location {
    /// Reads a path, or a `sqlite:` URL (`sqlite:relative.db`, `sqlite:///absolute.db`), whose path may have %-escapes.
    ///
    /// # Errors
    /// The text names no file, or another kind of database.
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        let text = text.trim();
        let scheme = scheme(text).map(str::to_ascii_lowercase);
        let path = match scheme.as_deref() {
            None => PathBuf::from(text),
            Some("sqlite") => url_path(text)?,
            Some("postgres" | "postgresql") => return Err(LocationError::Postgres(without_secrets(text))),
            Some(_) => return Err(LocationError::Scheme(without_secrets(text))),
        };
        if path.as_os_str().is_empty() {
            Err(LocationError::Empty)
        } else if path.starts_with(":memory:") {
            Err(LocationError::InMemory(text.to_owned()))
        } else {
            Ok(Self { path })
        }
    }

    /// The path of the database file, as given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Self { path }
    }
}

/// The scheme of a URL; a single letter is a drive, not a scheme.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let named = scheme.len() > 1 && scheme.starts_with(|sign: char| sign.is_ascii_alphabetic());
    let spelled = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '-' | '.');
    (named && scheme.chars().all(spelled)).then_some(scheme)
}

/// A URL of another database can carry a password; only its beginning is repeated.
fn without_secrets(text: &str) -> String {
    scheme(text).map_or_else(String::new, |scheme| format!("{scheme}:"))
}

fn url_path(url: &str) -> Result<PathBuf, LocationError> {
    let refused = || LocationError::Url(url.to_owned());
    let rest = url.split_once(':').map_or("", |(_, rest)| rest);
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.contains(['?', '#']) {
        return Err(refused());
    }
    unescaped(path).map(PathBuf::from).ok_or_else(refused)
}

fn unescaped(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let literal = if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            u8::try_from(high << 4 | low).ok()?
        } else {
            byte
        };
        bytes.push(literal);
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Option<PathBuf> {
        Location::parse(text).ok().map(|location| location.path().to_owned())
    }

    #[test]
    fn paths_and_sqlite_urls_name_files() {
        assert_eq!(path("data/log.db"), Some("data/log.db".into()));
        assert_eq!(path("C:\\data\\log.db"), Some("C:\\data\\log.db".into()));
        assert_eq!(path("sqlite:log.db"), Some("log.db".into()));
        assert_eq!(path("SQLite://log.db"), Some("log.db".into()));
        assert_eq!(
            path("sqlite:///var/my%20data/100%25.db"),
            Some("/var/my data/100%.db".into())
        );
    }

    #[test]
    fn what_names_no_file_says_why() {
        let error = |text| Location::parse(text).map_err(|error| error.to_string());
        let texts = [
            "",
            "sqlite:",
            ":memory:",
            "sqlite::memory:",
            "sqlite:a.db?mode=ro",
            "sqlite:%zz",
            "sqlite:a%00",
        ];
        for text in texts {
            assert!(error(text).is_err(), "{text}");
        }
        assert_eq!(
            error("postgres://me:secret@host/db"),
            Err("`postgres:`: PostgreSQL is not supported yet; give a path, or `sqlite:` and a path".to_owned())
        );
        assert_eq!(
            error("mysql://me:secret@host/db"),
            Err("`mysql:` is no database this program knows; give a path, or `sqlite:` and a path".to_owned())
        );
    }
}
