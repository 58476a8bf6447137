//! What is wrong with a database, told so that somebody can look at the place.

use crate::audit::Log;

/// The first thing that is wrong: a difference between what is stored and what must be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The rows do not count from 0 without gaps.
    #[error("{log} {log_index} is missing: the next row is {found}")]
    Gap {
        /// The log.
        log: Log,
        /// The place that has no row.
        log_index: u64,
        /// The row that is there.
        found: i64,
    },
    /// The log ends before a signed checkpoint does.
    #[error("{log} end at {size}, and a signed checkpoint has {signed}: {} gone from its end", signed - size)]
    Truncated {
        /// The log.
        log: Log,
        /// Records in it.
        size: u64,
        /// Records that a checkpoint vouches for.
        signed: u64,
    },
    /// The log ends before a checkpoint does that is kept outside the database: cut off, or as it was when a copy was made.
    #[error(
        "{log} end at {size}, and the checkpoint file has a signed checkpoint of {signed}: {} gone from the end of this database. \
         Where it is not the one in use but a copy that was made before, `--copy` checks it as that", signed - size
    )]
    Behind {
        /// The log.
        log: Log,
        /// Records in it.
        size: u64,
        /// Records under the last checkpoint in the file.
        signed: u64,
    },
    /// A record is not the one that was recorded.
    #[error("{log} {log_index} was altered: its record is not the one that the tree and the signed checkpoints have")]
    Record {
        /// The log.
        log: Log,
        /// The first record that is not.
        log_index: u64,
    },
    /// A record has not the form of one.
    #[error("{log} {log_index} cannot be read: {problem}")]
    Unreadable {
        /// The log.
        log: Log,
        /// The record.
        log_index: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// A column is not what the record says.
    #[error("decision {log_index} has another `{column}` than its record says")]
    Column {
        /// The decision.
        log_index: u64,
        /// The column.
        column: &'static str,
    },
    /// A decision that an earlier one says was made later.
    #[error("decision {log_index} was made before the one ahead of it")]
    Time {
        /// The decision.
        log_index: u64,
    },
    /// A tile is not the one that the records make.
    #[error("{log}: {problem}, though the records are those of {proof}; the first record under it is {log_index}")]
    Tile {
        /// The log.
        log: Log,
        /// The first record under it.
        log_index: u64,
        /// Which tile, and what is wrong with it.
        problem: String,
        /// What has the records as they are.
        proof: &'static str,
    },
    /// A record behind the last checkpoint is not the one that the stored tree has.
    #[error(
        "{log} {log_index} is not the one that the stored tree has: the record was altered or its tile, and no signed checkpoint has it yet to tell which"
    )]
    Unsettled {
        /// The log.
        log: Log,
        /// The first record that is not.
        log_index: u64,
    },
    /// Records stand behind the last checkpoint that the stored tree does not have.
    #[error(
        "{log} {log_index} was added, or was cut from its tile: neither the stored tree nor a signed checkpoint has it"
    )]
    Added {
        /// The log.
        log: Log,
        /// The first that the tree does not have.
        log_index: u64,
    },
    /// The stored tree goes on behind the last record, where no checkpoint does.
    #[error(
        "{log} end at {size}, and the stored tree goes on to {leaves}: somebody added to its tile, or removed records that no signed checkpoint has"
    )]
    Beyond {
        /// The log.
        log: Log,
        /// Records in it.
        size: u64,
        /// Leaves of the stored tree, as far as its last tile shows.
        leaves: u64,
    },
    /// There are tiles that no tree has.
    #[error("{log} have {found} tiles where their tree has {expected}")]
    TileCount {
        /// The log.
        log: Log,
        /// Tiles of the tree.
        expected: u64,
        /// Tiles stored.
        found: u64,
    },
    /// The records do not come to what was signed.
    #[error("{log} up to {size} do not come to the root that was signed: something at or before {} was altered, added or swapped", size.saturating_sub(1))]
    Root {
        /// The log.
        log: Log,
        /// The size of the first checkpoint that does not fit.
        size: u64,
    },
    /// A checkpoint cannot be believed.
    #[error("the checkpoint of {log} at {size} in {place}: {problem}")]
    Checkpoint {
        /// The log.
        log: Log,
        /// The size that it is kept under, or that it names.
        size: u64,
        /// Where it stands.
        place: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The index is not what the records say.
    #[error("the index is not what the records say: {problem}")]
    Index {
        /// Where it differs first.
        problem: String,
    },
    /// Records that nobody vouches for.
    #[error(
        "none of the {records} {log} is under a signed checkpoint: whoever can write the database could have made them up"
    )]
    Unsigned {
        /// The log.
        log: Log,
        /// Records in it.
        records: u64,
    },
    /// A row that belongs to no log, or stands before its beginning.
    #[error("{problem}: nothing that this program writes is there")]
    Stray {
        /// Which.
        problem: String,
    },
    /// The file contradicts itself, so that a look by key may pass over what reading row after row finds.
    #[error(
        "SQLite finds the file of the database damaged: {problem}. Searches and requests that are sent again may miss records that are there; \
         keep it as it is, and restore a backup"
    )]
    File {
        /// Where, and what.
        problem: String,
    },
    /// What is stored is not even of the kind that it must be, and was not read to its end.
    #[error("the database is damaged: {problem}; keep it as it is, and restore a backup")]
    Damaged {
        /// What was met.
        problem: String,
    },
    /// There is no database any more where the checkpoint file says what was in it.
    #[error(
        "{problem}, and the checkpoint file has signed checkpoints of decisions up to {decisions} and of operations up to {operations}, which cannot \
         be read from it. If the path is right, start no service on it: keep it as it is, with what lies beside it, and restore a backup"
    )]
    Lost {
        /// What is at its path.
        problem: String,
        /// Decisions under the last checkpoint in the file.
        decisions: u64,
        /// Operations under the last checkpoint in the file.
        operations: u64,
    },
    /// The schema is not the one that this program makes.
    #[error("the schema is not the one that this program makes: {problem}")]
    Schema {
        /// What differs.
        problem: String,
    },
    /// A catalogue that a decision was made with is gone.
    #[error("the catalogue `{digest}`, which decision {log_index} was made with, is not in the database")]
    NoCatalogue {
        /// Its digest.
        digest: String,
        /// The first decision that was made with it.
        log_index: u64,
    },
    /// A catalogue is not the one that its digest names.
    #[error("the catalogue `{digest}` was altered: its bytes have another digest")]
    Catalogue {
        /// The digest that it is kept under.
        digest: String,
    },
}
