//! How connections are opened: for writing, for reading, and for only looking.

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

/// A row of `decision` that does not fit the rest of a page begins the next, so the larger the page the less is left empty: with
/// records of 2.4 KB and their postings a decision takes 4.4 KB on pages of 4 KiB, 3.0 KB on 8 and 16 KiB, 2.8 KB on 32 KiB. A lone
/// decision syncs as fast on any of them, and many together a little faster on the large ones.
pub(super) const PAGE_BYTES: u32 = 32_768;
/// How long a lock of another program is waited for.
const BUSY_WAIT_MAX: Duration = Duration::from_secs(5);
/// Pages in the write-ahead log at which a commit folds them in itself, should `folding` have failed to: 256 MiB.
const CHECKPOINT_PAGES: u32 = 8192;
/// What the write-ahead log is cut back to when a long reader let it grow: more than the size it works at.
const LOG_BYTES_KEPT: u32 = 64 * 1024 * 1024;
/// Negative is a size in KiB: enough for the pages in use, since everything is written in order. Twice as much was no faster.
const WRITER_CACHE: &str = "-4096";

/// The connection that writes; the file exists. A commit returns after the disk has it.
pub(super) fn writing(path: &Path) -> SqliteConnectOptions {
    looking(path)
        .read_only(false)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
        .pragma("journal_size_limit", LOG_BYTES_KEPT.to_string())
        .pragma("cache_size", WRITER_CACHE)
        // On macOS a plain sync may stop at the drive's cache; elsewhere these change nothing.
        .pragma("fullfsync", "ON")
        .pragma("checkpoint_fullfsync", "ON")
}

/// The same, to change the schema of any number of decisions, which sorts more than memory may hold.
pub(super) fn migrating(path: &Path) -> SqliteConnectOptions {
    writing(path).pragma("temp_store", "FILE")
}

/// Whether a database may change while it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Somebody may write it: readers and writers tell each other by files beside it.
    Shared,
    /// Nobody can, and no file can be made beside it: it is read as it lies there.
    Still,
}

/// A connection that reads what is committed.
pub(super) fn reading(path: &Path, way: Way) -> SqliteConnectOptions {
    looking(path).immutable(way == Way::Still)
}

/// A connection that changes nothing, not even the journal mode: the file may be anybody's.
pub(super) fn looking(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(BUSY_WAIT_MAX)
        // Names functions in a schema only when they are harmless, should somebody have planted others.
        .pragma("trusted_schema", "OFF")
        // What a statement began to change is kept until it ended well: some pages, for which each transaction would make a file in
        // the system's folder for those, and fail where that is full or cannot be written.
        .pragma("temp_store", "MEMORY")
        // Statements are fixed texts, and their values are nobody's business in a log.
        .disable_statement_logging()
}
