//! The one connection that writes, and how it comes back after a failure.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use super::{
    append::{Append, Known, stays},
    catalogue, connect, create, decision,
    error::{Failure, WriteError},
    folding::Folding,
    left::{ChangedBeside, Left},
    owner::Ownership,
    posting::Upkeep,
    requests::{Requests, SharedRequests},
    transaction::Transaction,
    tree::Trees,
    watch::Watch,
};
use crate::audit::Log;

/// What a probe asks room for: about what a hundred decisions take.
const PROBE_BYTES: i64 = 256 * 1024;
/// `SQLite`'s own bound, and what "no limit" stands for.
const PAGES_MAX: u32 = 4_294_967_294;

/// How many pages of 32 KiB the database may have. Only tests set it, to stand in for a full disk; there is no setting that does. Clones share
/// it, and it counts from the next transaction on. A limit below what the database has only keeps it from growing.
#[derive(Clone, Debug)]
pub struct PageLimit(Arc<AtomicU32>);

impl PageLimit {
    /// Sets the limit; `None` lifts it.
    pub fn set(&self, pages_max: Option<u32>) {
        // Zero would ask SQLite for its limit instead of setting one.
        self.0.store(pages_max.unwrap_or(PAGES_MAX).max(1), Ordering::Relaxed);
    }

    fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The right and the means to write a database. There is one to a database, and it lends out one transaction at a time.
#[derive(Debug)]
pub struct Writer {
    connection: SqliteConnection,
    path: PathBuf,
    watch: Watch,
    /// Where the database stands; `None` while the connection is in doubt, which it is from when a transaction begins until it has ended
    /// well.
    known: Option<Known>,
    left: Left,
    requests: SharedRequests,
    folding: Folding,
    page_limit: PageLimit,
    page_limit_set: u32,
    /// Shared with the store that was opened beside it: whoever ends last gives the database up.
    _ownership: Arc<Ownership>,
}

impl Writer {
    pub(super) async fn new(
        mut connection: SqliteConnection,
        path: PathBuf,
        watch: Watch,
        ownership: Arc<Ownership>,
    ) -> Result<Self, Failure> {
        let known = know(&mut connection, &path).await?;
        Ok(Self {
            requests: Requests::load(&mut connection, known.head.next_index).await?,
            left: Left::new(&known.trees),
            known: Some(known),
            folding: Folding::new(path.clone(), watch.clone()),
            connection,
            path,
            watch,
            page_limit: PageLimit(Arc::new(AtomicU32::new(PAGES_MAX))),
            page_limit_set: PAGES_MAX,
            _ownership: ownership,
        })
    }

    /// Begins a transaction, after a failure on a new connection.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn begin(&mut self) -> Result<Append<'_>, WriteError> {
        let known = self.ready().await?;
        Ok(Append {
            transaction: Transaction::new(&mut self.connection),
            path: &self.path,
            watch: &self.watch,
            known: &mut self.known,
            left: &mut self.left,
            requests: &self.requests,
            now: known,
            appended: false,
            written: &mut self.folding.written,
        })
    }

    /// Whether a decision could be recorded now: the files are where they were, there is room, and a transaction can be written
    /// and synced. It changes nothing.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn probe(&mut self) -> Result<(), WriteError> {
        let mut append = self.begin().await?;
        let failed = |error| WriteError::new(append.path, error);
        catalogue::try_room(&mut append.transaction, PROBE_BYTES).map_err(failed)?;
        // Writing the value that is there already makes a page to be synced.
        append.transaction.push("PRAGMA user_version = 0");
        append.commit().await
    }

    /// Records in a log; `None` after a failure, until a transaction begins again.
    #[must_use]
    pub fn size(&self, log: Log) -> Option<u64> {
        self.known.as_ref().map(|known| known.trees.of(log).size())
    }

    /// Logs that were found otherwise than this process can have left them, each told once: somebody else wrote the database.
    pub fn take_changed(&mut self) -> Vec<ChangedBeside> {
        self.left.take_changed()
    }

    /// The set of request keys, which this writer keeps.
    pub(super) fn requests(&self) -> SharedRequests {
        self.requests.clone()
    }

    /// A handle on how large the database may grow.
    #[must_use]
    pub fn page_limit(&self) -> PageLimit {
        self.page_limit.clone()
    }

    /// Closes the database in good order. Close the stores first: the last connection folds the write-ahead log into the file.
    ///
    /// # Errors
    /// See [`WriteError`]; nothing that was committed is lost then either.
    pub async fn close(mut self) -> Result<(), WriteError> {
        self.folding.finish().await;
        self.tell_what_stays().await;
        let ended = match self.known {
            Some(known) => known.upkeep.close().await,
            None => Ok(()),
        };
        let closed = self.connection.close().await;
        ended.and(closed).map_err(|error| WriteError::new(&self.path, error))
    }

    /// Folds the write-ahead log in as far as others who read leave it, and tells where some of it stays: the last of them to leave does not fold it.
    async fn tell_what_stays(&mut self) {
        let folded = sqlx::query_as::<_, (i64, i64, i64)>("PRAGMA wal_checkpoint(PASSIVE)");
        if let Ok((_, written, folded)) = folded.fetch_one(&mut self.connection).await
            && folded < written
        {
            let log = create::beside(&self.path, "-wal");
            tracing::warn!(
                write_ahead_log = %log.display(),
                "another program still reads the database, whose newest decisions stay in the file beside it: copy both, or neither"
            );
        }
    }

    #[cfg(test)]
    pub(crate) fn connection_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Makes ready for a transaction; gives where the database stands.
    async fn ready(&mut self) -> Result<Known, WriteError> {
        if let Err(moved) = stays(&self.watch) {
            self.settle().await;
            return Err(moved);
        }
        if self.known.is_none() {
            self.reconnect().await?;
        }
        self.folding.tend(&mut self.connection).await;
        let pages_max = self.page_limit.get();
        if self.page_limit_set != pages_max {
            let limit = format!("PRAGMA max_page_count = {pages_max}");
            let limited = sqlx::raw_sql(AssertSqlSafe(limit)).execute(&mut self.connection).await;
            limited.map_err(|error| WriteError::new(&self.path, error))?;
            self.page_limit_set = pages_max;
        }
        // Taken, and given back by a transaction that ended well: also when this future, or the transaction, is dropped halfway.
        if let Some(known) = self.known.take() {
            return Ok(known);
        }
        let known = know(&mut self.connection, &self.path).await;
        let known = known.map_err(|error| WriteError::new(&self.path, error))?;
        self.left.found(&known.trees);
        Ok(known)
    }

    /// Folds the write-ahead log into the database that is held open, as well as it goes. Where that file was moved to, it is then
    /// whole; and what replaced it will not be read together with a write-ahead log that is not its own.
    async fn settle(&mut self) {
        let folded = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&mut self.connection)
            .await;
        if let Err(error) = folded {
            tracing::debug!(%error, "the write-ahead log of a moved database could not be folded in");
        }
    }

    /// Replaces the connection. The old one is held until the new one is known to hold the same file, since only an open file keeps
    /// its inode from being given to another.
    async fn reconnect(&mut self) -> Result<(), WriteError> {
        let failed = |error| WriteError::new(&self.path, error);
        let fresh = connect::writing(&self.path).connect().await.map_err(failed)?;
        stays(&self.watch)?;
        let old = std::mem::replace(&mut self.connection, fresh);
        self.page_limit_set = PAGES_MAX;
        if let Err(error) = old.close().await {
            tracing::debug!(%error, "a failed connection could not be closed");
        }
        Ok(())
    }
}

async fn know(connection: &mut SqliteConnection, path: &Path) -> Result<Known, Failure> {
    Ok(Known {
        head: decision::head(connection).await?,
        upkeep: Upkeep::load(path).await?,
        trees: Trees::load(connection).await?,
    })
}
