//! What can go wrong with a database, each with its path and the cure.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{
    Owner,
    fault::{self, Fault},
};

/// Why a database could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is none, and reading does not make one.
    #[error("there is no database at `{}`; check the path, or start the service once to create it", path.display())]
    Missing {
        /// The database.
        path: PathBuf,
    },
    /// The path names something else than a file.
    #[error("`{}` is no file; give the path of a database file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Folder or file cannot be made or reached.
    #[error("cannot reach `{}`: {source}; check that the folder exists and may be written", path.display())]
    Unreachable {
        /// The folder, file or lock file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file that `SQLite` does not know as its own.
    #[error("`{}` is no SQLite database; choose another path", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A database of another program.
    #[error("`{}` is the database of another program; choose another path", path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// Written by a later version of this program.
    #[error(
        "`{}` has schema {found}, this program knows up to {known}; use the newer program that wrote it",
        path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The schema it has.
        found: i64,
        /// The last schema this program knows.
        known: i64,
    },
    /// Written by an earlier version.
    #[error("`{}` was written by an earlier version; `reimage-rights migrate` makes a backup of it and brings it up to date", path.display())]
    Older {
        /// The database.
        path: PathBuf,
    },
    /// Not finished: whoever owns it does that, a reader cannot.
    #[error("`{}` is not set up yet; start the service on it once", path.display())]
    Begun {
        /// The database.
        path: PathBuf,
    },
    /// The schema was made by other statements than this program's.
    #[error("schema {version} of `{}` is not the one this program makes; use the program that wrote it", path.display())]
    Altered {
        /// The database.
        path: PathBuf,
        /// The schema that differs.
        version: i64,
    },
    /// Cut short, or its content contradicts itself.
    #[error("`{}` is damaged or incomplete; restore it from a backup", path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
    },
    /// It lies where nothing can be written, and is not all there is.
    #[error(
        "`{}` has its newest decisions in `{}`, which cannot be read where nothing can be written; copy both files into a folder of your own \
         and name the copy, or have `reimage-rights backup` make a copy that is one file",
        path.display(), log.display()
    )]
    LogBeside {
        /// The database.
        path: PathBuf,
        /// The write-ahead log.
        log: PathBuf,
    },
    /// It has another name in the file system.
    #[error(
        "`{}` has another name, a hard link: whoever opens it by that one would not see that it is in use, and decisions would be lost; remove \
         the other name, or copy the file to one of its own",
        path.display()
    )]
    Linked {
        /// The database.
        path: PathBuf,
    },
    /// Another process writes it.
    #[error("`{}` is held by {owner}; ask that process, or end it", lock.display())]
    Owned {
        /// The lock file.
        lock: PathBuf,
        /// Who holds it.
        owner: Owner,
    },
    /// It can be read, but nothing can be recorded in it.
    #[error(transparent)]
    NotWritable(#[from] WriteError),
    /// Anything else.
    #[error("cannot open `{}`: {source}", path.display())]
    Other {
        /// The database.
        path: PathBuf,
        /// What `SQLite` says.
        source: sqlx::Error,
    },
}

impl OpenError {
    /// What is at the path, where the error tells that it is no database of this program, or no longer one. `None` where it tells nothing of what
    /// is stored: there is no file, it may not be read, or another version wrote it.
    #[must_use]
    pub fn damage(&self) -> Option<String> {
        let (path, what) = match self {
            Self::NotADatabase { path } => (path, "is no SQLite database".to_owned()),
            Self::Foreign { path } => (path, "is marked as the database of another program".to_owned()),
            Self::Begun { path } => (path, "has nothing in it".to_owned()),
            Self::Corrupt { path } => (path, "is damaged or incomplete".to_owned()),
            Self::Altered { path, version } => (path, format!("has another schema {version} than this program makes")),
            Self::Other { path, source } => (path, format!("is damaged: {}", fault::damage(source)?)),
            Self::Missing { .. }
            | Self::NotAFile { .. }
            | Self::Unreachable { .. }
            | Self::Newer { .. }
            | Self::Older { .. }
            | Self::LogBeside { .. }
            | Self::Linked { .. }
            | Self::Owned { .. }
            | Self::NotWritable(_) => return None,
        };
        Some(format!("`{}` {what}", path.display()))
    }

    pub(super) fn new(path: &Path, source: sqlx::Error) -> Self {
        let path = path.to_owned();
        match Fault::of(&source) {
            Fault::Corrupt => Self::Corrupt { path },
            Fault::Full | Fault::Unwritten | Fault::ReadOnly | Fault::Moved | Fault::Busy => {
                Self::NotWritable(WriteError::new(&path, source))
            }
            Fault::Unopened | Fault::Other => Self::Other { path, source },
        }
    }
}

/// Why nothing was recorded. Whatever it is, the transaction left nothing behind, or nobody was told that it did.
#[derive(Debug, Error)]
pub enum WriteError {
    /// No room.
    #[error("`{}` cannot grow; free space on its disk, recording then resumes", path.display())]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// A write failed.
    #[error(
        "`{}` could not be written to: a quota or a limit on the size of files is met, or the disk is full or fails; mend that, recording then resumes",
        path.display()
    )]
    Unwritten {
        /// The database.
        path: PathBuf,
    },
    /// Writing is refused.
    #[error("`{}` cannot be written; make file, folder and disk writable, recording then resumes", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// A path no longer names the file that is held open.
    #[error("`{}` was moved, deleted or replaced; put the file back, or restart to go on with what is there", path.display())]
    Moved {
        /// The database, or the file beside it that is gone.
        path: PathBuf,
    },
    /// Another program holds a lock for too long.
    #[error("`{}` is locked by another program; end that program, recording then resumes", path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// Content that contradicts itself.
    #[error("`{}` is damaged; stop the service and restore it from a backup", path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
    },
    /// A mistake of the caller: the decisions given do not continue the log.
    #[error("decision {found} does not continue the log, which stands at {expected}")]
    OutOfOrder {
        /// The log index the log continues with.
        expected: u64,
        /// The log index of the decision that was given.
        found: u64,
    },
    /// A row met on the way is not what was written.
    #[error(transparent)]
    Malformed(#[from] StoredError),
    /// Anything else.
    #[error("cannot write `{}`: {source}", path.display())]
    Other {
        /// The database.
        path: PathBuf,
        /// What `SQLite` says.
        source: sqlx::Error,
    },
}

impl WriteError {
    /// Whether it is room that was wanting, which may come by itself: what is there can be read meanwhile.
    pub(super) fn is_want_of_room(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Unwritten { .. })
    }

    pub(super) fn new(path: &Path, failure: impl Into<Failure>) -> Self {
        let source = match failure.into() {
            Failure::Sqlite(source) => source,
            Failure::Malformed(row) => return Self::Malformed(row),
        };
        let path = path.to_owned();
        match Fault::of(&source) {
            Fault::Full => Self::Full { path },
            Fault::Unwritten => Self::Unwritten { path },
            Fault::ReadOnly => Self::ReadOnly { path },
            Fault::Moved => Self::Moved { path },
            Fault::Busy => Self::Busy { path },
            Fault::Corrupt => Self::Corrupt { path },
            Fault::Unopened | Fault::Other => Self::Other { path, source },
        }
    }
}

/// Why something could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// A row is not what was written.
    #[error(transparent)]
    Malformed(#[from] StoredError),
    /// Content that contradicts itself.
    #[error("`{}` is damaged; restore it from a backup", path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
    },
    /// Anything else.
    #[error("cannot read `{}`: {source}", path.display())]
    Other {
        /// The database.
        path: PathBuf,
        /// What `SQLite` says.
        source: sqlx::Error,
    },
}

impl ReadError {
    /// What is wrong with what is stored; `None` where the error does not tell that anything is.
    #[must_use]
    pub fn damage(&self) -> Option<String> {
        match self {
            Self::Malformed(error) => Some(error.to_string()),
            Self::Corrupt { .. } => Some("SQLite cannot follow its pages".to_owned()),
            Self::Other { source, .. } => fault::damage(source),
        }
    }

    /// Whether the database was closed meanwhile, by whoever reads it: nothing is wrong with it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        let closed = |source: &sqlx::Error| matches!(source, sqlx::Error::PoolClosed);
        matches!(self, Self::Other { source, .. } if closed(source))
    }

    /// Whether something was read, and is not what was written: a row is missing, or is none of this program's.
    #[must_use]
    pub fn is_of_content(&self) -> bool {
        let missing = |source: &sqlx::Error| matches!(source, sqlx::Error::RowNotFound);
        match self {
            Self::Malformed(_) => true,
            Self::Corrupt { .. } => false,
            Self::Other { source, .. } => missing(source),
        }
    }

    pub(super) fn new(path: &Path, failure: impl Into<Failure>) -> Self {
        let source = match failure.into() {
            Failure::Sqlite(source) => source,
            Failure::Malformed(row) => return Self::Malformed(row),
        };
        let path = path.to_owned();
        match Fault::of(&source) {
            Fault::Corrupt => Self::Corrupt { path },
            _ => Self::Other { path, source },
        }
    }
}

/// What a step inside the store fails with, before it is known in whose name it was taken.
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Sqlite(#[from] sqlx::Error),
    #[error(transparent)]
    Malformed(#[from] StoredError),
}

/// A stored decision that this program cannot have written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("decision {log_index} in the database is malformed: {problem}")]
pub struct StoredError {
    /// Its log index, as far as that can be read.
    pub log_index: i64,
    /// What is wrong with it.
    pub problem: &'static str,
}
