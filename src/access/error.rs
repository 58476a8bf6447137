//! Why an access file cannot be used.

use std::{io, path::PathBuf};

/// What is wrong with an access file, or with one that it names.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// A file cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("`{}` cannot be written: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no TOML, or says what an access file does not.
    #[error("`{}` line {line}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong, on one line.
        problem: String,
    },
    /// An entry is wrong.
    #[error("`{}`: {entry} {problem}", path.display())]
    Entry {
        /// The file.
        path: PathBuf,
        /// Which entry.
        entry: String,
        /// What would be right.
        problem: String,
    },
    /// The key set holds none that a JWT could be checked with.
    #[error("`{}` holds no key set of RSA, EC or Ed25519 keys: {problem}", path.display())]
    Jwks {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}
