//! What went wrong in `SQLite`, as far as it makes a difference to what is done about it.

/// The kinds of failure that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No room on the disk, or within the page limit.
    Full,
    /// A write failed: a quota or a limit on the size of files is met, or the disk fails.
    Unwritten,
    /// File, folder or file system refuse writing.
    ReadOnly,
    /// The file was moved or deleted.
    Moved,
    /// Another connection holds a lock for too long.
    Busy,
    /// The file's content contradicts itself, or is no database.
    Corrupt,
    /// The file, or one that must be made beside it, cannot be opened.
    Unopened,
    /// Anything else.
    Other,
}

impl Fault {
    /// Reads `SQLite`'s result code (<https://www.sqlite.org/rescode.html>).
    pub(super) fn of(error: &sqlx::Error) -> Self {
        const READONLY_DBMOVED: i32 = 1032;
        const IOERR_WRITE: i32 = 778;
        // The file by which readers and the writer tell each other, which a full disk has no room for.
        const IOERR_SHMSIZE: i32 = 4874;
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        let code: Option<i32> = code.and_then(|code| code.parse().ok());
        // An extended code carries its primary code in the low byte.
        match code.map(|code| (code, code & 0xff)) {
            Some((READONLY_DBMOVED, _)) => Self::Moved,
            Some((IOERR_WRITE | IOERR_SHMSIZE, _)) => Self::Unwritten,
            Some((_, 5 | 6)) => Self::Busy,
            Some((_, 8)) => Self::ReadOnly,
            Some((_, 11 | 26)) => Self::Corrupt,
            Some((_, 13)) => Self::Full,
            Some((_, 14)) => Self::Unopened,
            _ => Self::Other,
        }
    }
}

/// What is wrong with what is stored, where a failure of no other kind tells that: statements are fixed texts, and right for a database of this program.
pub(super) fn damage(error: &sqlx::Error) -> Option<String> {
    // What SQLite says of a table or column that a statement names and the schema has not.
    const NO_SUCH: &str = "1";
    match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            Some("a stored value is of another kind than its column has".to_owned())
        }
        _ => {
            let error = error.as_database_error()?;
            (error.code()? == NO_SUCH).then(|| error.message().to_owned())
        }
    }
}
