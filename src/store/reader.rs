//! Reading a database: what was committed, as often and as concurrently as one likes.

use std::path::PathBuf;

use sqlx::{Pool, Sqlite, Transaction, pool::PoolConnection};
use uuid::Uuid;

use super::{
    catalogue, checkpoint,
    decision::{self, Stored},
    earlier::Beside,
    error::{Failure, ReadError},
    filling::Filling,
    posting, search,
    tidy::Tidy,
    tree,
};
use crate::audit::{Log, RestoreError, Tile, TileKey, Tree};
use crate::history::{Cursor, Filter, Order, Page, PageSize, Term};

/// Records that are in memory at once beside those of the page: all of a page of the usual size.
const ROWS_AT_ONCE: usize = 64;

/// An open database, for reading. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(super) pool: Pool<Sqlite>,
    pub(super) path: PathBuf,
    /// There when this process writes the database.
    pub(super) beside: Option<Beside>,
    /// There when this process reads the database and found nothing beside it.
    pub(super) tidy: Option<Tidy>,
}

impl Store {
    /// One decision by its id.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn by_id(&self, decision_id: Uuid) -> Result<Option<Stored>, ReadError> {
        let found = decision::by_id(&mut *self.snapshot().await?, decision_id).await;
        let row = found.map_err(|error| self.failed(error))?;
        Ok(row.as_ref().map(decision::stored).transpose()?)
    }

    /// The decisions of a filter behind a cursor, as many as a page holds.
    ///
    /// `accept` has the last word on each: it reads the record and gives what the page shall hold, or `None` where the record does
    /// not match after all, which terms that share a number can cause. A page ends early, and says where to go on, when it had to
    /// refuse very many or its records are large.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn page<T>(
        &self,
        filter: &Filter,
        order: Order,
        cursor: Option<Cursor>,
        size: PageSize,
        accept: impl FnMut(Stored) -> Option<T>,
    ) -> Result<Page<T>, ReadError> {
        let mut snapshot = self.snapshot().await?;
        let mut filling = Filling::new(cursor, size, accept);
        while filling.goes_on() {
            let wanted = filling.wanted();
            let from = filling.examined_to();
            let searched = search::run(&mut snapshot, filter, order, from, wanted).await;
            let mut searched = searched.map_err(|error| self.failed(error))?;
            let mut found = 0;
            loop {
                let read = searched.read(&mut snapshot, ROWS_AT_ONCE).await;
                let read = read.map_err(|error| self.failed(error))?;
                if read.is_empty() {
                    break;
                }
                found += read.len();
                if filling.add(read).is_break() {
                    return Ok(filling.full());
                }
            }
            if searched.examined_to.is_some() || found < wanted {
                return Ok(filling.ended_at(searched.examined_to));
            }
        }
        Ok(filling.given_up())
    }

    /// Gives the whole index, every term with a decision that has it, in no order: what a checker compares with the records.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn each_posting(&self, mut give: impl FnMut(Term, u64)) -> Result<(), ReadError> {
        let mut snapshot = self.snapshot().await?;
        let give = |(term, log_index): (i64, i64)| give(Term::from_stored(term), log_index.cast_unsigned());
        let walked = posting::walk(&mut snapshot, i64::MAX, give).await;
        walked.map_err(|error| self.failed(error))
    }

    /// Records in a log.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn size(&self, log: Log) -> Result<u64, ReadError> {
        let size = tree::size(&mut *self.connection().await?, log).await;
        size.map_err(|error| self.failed(error))
    }

    /// A tile of a log's tree, if it is there. It may have more hashes than were asked for.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn tile(&self, log: Log, key: TileKey) -> Result<Option<Tile>, ReadError> {
        let found = tree::get(&mut *self.connection().await?, log, key).await;
        found.map_err(|error| self.failed(error))
    }

    /// Tiles of a log's tree, those that there are. A partial one may have more hashes than were asked for.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn tiles(&self, log: Log, keys: impl IntoIterator<Item = TileKey>) -> Result<Vec<Tile>, ReadError> {
        let mut snapshot = self.snapshot().await?;
        let mut tiles = Vec::new();
        for key in keys {
            let found = tree::get(&mut snapshot, log, key).await;
            tiles.extend(found.map_err(|error| self.failed(error))?);
        }
        Ok(tiles)
    }

    /// A log's tree as it was at a size, if its tiles are there. Whether it is the right one tells its root.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn tree(&self, log: Log, size: u64) -> Result<Result<Tree, RestoreError>, ReadError> {
        let tree = tree::at(&mut *self.snapshot().await?, log, size).await;
        tree.map_err(|error| self.failed(error))
    }

    /// The signed checkpoint of the largest size that a log has one for.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn last_checkpoint(&self, log: Log) -> Result<Option<String>, ReadError> {
        let last = checkpoint::last(&mut *self.connection().await?, log).await;
        last.map_err(|error| self.failed(error))
    }

    /// The first signed checkpoints of a log above a size, with the size each is kept under, by size.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn checkpoints_above(
        &self,
        log: Log,
        size: u64,
        count_max: usize,
    ) -> Result<Vec<(u64, String)>, ReadError> {
        let above = checkpoint::above(&mut *self.connection().await?, log, size, count_max).await;
        above.map_err(|error| self.failed(error))
    }

    /// A catalogue's bytes by their digest.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn catalogue(&self, digest: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let found = catalogue::by_digest(&mut *self.connection().await?, digest).await;
        found.map_err(|error| self.failed(error))
    }

    /// Tells whoever finds the database owned where this process serves. Without effect where this process only reads.
    ///
    /// # Errors
    /// The lock file cannot be written; it is held nevertheless.
    pub fn announce(&self, address: &str) -> std::io::Result<()> {
        self.beside
            .as_ref()
            .map_or(Ok(()), |beside| beside.ownership.announce(Some(address)))
    }

    /// Closes every connection, after the reads under way, and leaves nothing that reading made beside the database.
    pub async fn close(&self) {
        self.pool.close().await;
        if let Some(tidy) = &self.tidy {
            tidy.up().await;
        }
    }

    pub(super) async fn connection(&self) -> Result<PoolConnection<Sqlite>, ReadError> {
        self.pool.acquire().await.map_err(|error| self.failed(error))
    }

    /// A connection on which everything is seen as it was at one moment.
    pub(super) async fn snapshot(&self) -> Result<Transaction<'static, Sqlite>, ReadError> {
        self.pool.begin().await.map_err(|error| self.failed(error))
    }

    pub(super) fn failed(&self, failure: impl Into<Failure>) -> ReadError {
        ReadError::new(&self.path, failure)
    }
}
