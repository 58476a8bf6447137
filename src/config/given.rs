//! Values together with where they came from.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use super::Key;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    Flag(Key),
    /// A variable of the environment.
    Environment(Key),
    /// A line of a file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The setting on that line.
        key: Key,
    },
    /// Nowhere: the program's own value.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(key) => write!(out, "`{}`", key.flag()),
            Self::Environment(key) => write!(out, "`{}`", key.variable()),
            Self::File { path, line, key } => write!(out, "`{}` line {line}: `{}`", path.display(), key.name()),
            Self::Default => out.write_str("default"),
        }
    }
}

/// A setting's value and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    pub(super) fn by_default(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }
}

/// The text of a value, not yet read, and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub text: String,
    pub origin: Origin,
}

/// What one source says, or several laid over each other.
pub(super) type Layer = BTreeMap<Key, Given>;
