//! The log of operations of a database, read in place, beside whoever writes it.

use std::path::Path;

use crate::{audit::Log, store::Store};

/// A record of the log of operations, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationRecord {
    /// Its place in the log.
    pub log_index: u64,
    /// Its exact bytes.
    pub record: Vec<u8>,
}

/// The log as it was when it was opened.
#[derive(Debug)]
pub struct OperationLog {
    store: Store,
    len: u64,
}

impl OperationLog {
    /// Opens the log of a database, for reading.
    ///
    /// # Errors
    ///
    /// When there is no such database, or it cannot be read.
    pub async fn open(database: &Path) -> anyhow::Result<Self> {
        let store = Store::open_reading(database).await?;
        let len = store.size(Log::Operations).await?;
        Ok(Self { store, len })
    }

    /// How many operations there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.len
    }

    /// Operations from a place on, in the order of the log.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn read(&self, from: u64, count_max: u64) -> anyhow::Result<Vec<OperationRecord>> {
        let count_max = usize::try_from(count_max).unwrap_or(usize::MAX);
        let rows = self.store.raw_operations(from, count_max).await?;
        let record = |(log_index, record): (i64, Vec<u8>)| OperationRecord {
            log_index: log_index.cast_unsigned(),
            record,
        };
        Ok(rows.into_iter().map(record).collect())
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
