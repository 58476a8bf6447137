//! Where decisions are kept.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use crate::audit::hexadecimal;

/// The file of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database(PathBuf);

impl Database {
    /// Reads a path or a `sqlite:` URL, whose path is taken as it stands; `None` for other schemes, for parameters and for a
    /// database in memory, which would forget what it acknowledged.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let path = match text.split_once(':') {
            Some(("sqlite", path)) => path.strip_prefix("//").unwrap_or(path),
            Some((_, rest)) if rest.starts_with("//") => return None,
            _ => text,
        };
        let lasting = !path.is_empty() && path != ":memory:" && !(text != path && path.contains('?'));
        lasting.then(|| Self(path.into()))
    }

    /// The file at that path.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// A name for files that belong to this database and lie elsewhere: its own, and a part of the digest of its whole path.
    #[must_use]
    pub fn label(&self) -> String {
        let path = std::path::absolute(&self.0).unwrap_or_else(|_| self.0.clone());
        let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
        let digest = hexadecimal(digest.get(..4).unwrap_or_default());
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        format!("{name}-{digest}")
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl fmt::Display for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Option<String> {
        Database::parse(text).map(|database| database.to_string())
    }

    #[test]
    fn paths_and_sqlite_urls_name_the_same_file() {
        for text in ["/srv/d.db", "sqlite:/srv/d.db", "sqlite:///srv/d.db"] {
            assert_eq!(path(text).as_deref(), Some("/srv/d.db"), "{text}");
        }
        assert_eq!(path("d.db").as_deref(), Some("d.db"));
        assert_eq!(path(r"C:\d.db").as_deref(), Some(r"C:\d.db"));
    }

    #[test]
    fn files_of_two_databases_have_two_names() {
        let label = |path: &str| Database::at(path.into()).label();
        assert!(label("/srv/d.db").starts_with("d-"));
        assert_ne!(label("/srv/d.db"), label("/srv/other/d.db"));
        assert_eq!(label("/srv/d.db"), label("/srv/d.db"));
    }

    #[test]
    fn what_would_not_last_is_no_database() {
        for text in [
            "",
            ":memory:",
            "sqlite::memory:",
            "sqlite:d.db?mode=memory",
            "postgres://host/d",
        ] {
            assert_eq!(path(text), None, "{text}");
        }
    }
}
