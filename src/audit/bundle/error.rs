//! What can be wrong with a bundle.

use std::io;

use super::super::CheckpointError;

/// Why a bundle proves nothing, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file is something else: whatever it is, it is no evidence that somebody changed.
    #[error("this is no evidence bundle: {0}; give the zip file that `export` wrote")]
    NoBundle(String),
    /// The archive cannot be read.
    #[error("the bundle cannot be read as a zip archive: {0}")]
    Archive(String),
    /// A file in it cannot be read: its bytes were damaged.
    #[error("`{name}` in the bundle is damaged")]
    Damaged {
        /// Its name.
        name: String,
        /// What was found.
        source: io::Error,
    },
    /// A file is not in it.
    #[error("`{0}` is missing from the bundle")]
    Missing(String),
    /// A file is in it that no bundle has.
    #[error("`{0}` does not belong into a bundle")]
    Unexpected(String),
    /// A file in it is larger than it can be.
    #[error("`{name}` in the bundle has more than {bytes_max} bytes")]
    TooLarge {
        /// Its name.
        name: String,
        /// Bytes that it may have.
        bytes_max: u64,
    },
    /// The manifest cannot be read.
    #[error("`manifest.json` is not what a bundle of format 1 has: {0}")]
    Manifest(String),
    /// The manifest says another thing than the bundle.
    #[error("`manifest.json` gives {what} as `{stated}`, and the bundle has `{found}`")]
    Stated {
        /// What differs.
        what: &'static str,
        /// As the manifest has it.
        stated: String,
        /// As it is.
        found: String,
    },
    /// The checkpoint is not to be believed.
    #[error("the checkpoint of the bundle does not open")]
    Checkpoint(#[from] CheckpointError),
    /// A catalogue is not the one that it is named for.
    #[error("the catalogue `{digest}` was changed: its digest is `{found}`")]
    Catalogue {
        /// The digest that it is named for.
        digest: String,
        /// The digest that it has.
        found: String,
    },
    /// A line of the records is none.
    #[error("line {line} of `records.ndjson` is not what a bundle of format 1 has: {what}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// A record is not what the log holds.
    #[error("record {log_index} (line {line} of `records.ndjson`): {fault}")]
    Record {
        /// Its place in the log, as the bundle states it.
        log_index: u64,
        /// Its line, from 1.
        line: u64,
        /// What is wrong.
        fault: RecordFault,
    },
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// The record is not the one that its leaf stands for.
    #[error("the record was altered: the leaf beside it is that of another")]
    Record,
    /// The leaf does not hang on the checkpoint.
    #[error(
        "the proof does not lead from its leaf to the checkpoint: leaf, index or proof was altered, or the log never held it"
    )]
    Proof,
    /// The log ends before it.
    #[error("the checkpoint is of a log of {size} records")]
    Beyond {
        /// Records under the checkpoint.
        size: u64,
    },
    /// It is out of order, or there twice.
    #[error("it stands behind record {before}")]
    Order {
        /// The record before it.
        before: u64,
    },
}

/// What ended the walk over the records of a bundle.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError<E> {
    /// The bundle is wrong.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Whoever was given the record ended it.
    #[error("record {log_index}: {error}")]
    Stopped {
        /// The record's place in the log.
        log_index: u64,
        /// What they said.
        error: E,
    },
}
