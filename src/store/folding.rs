//! Folding the write-ahead log into the database beside the writer, so that no commit waits for it.

use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::task::JoinHandle;

use super::{connect, watch::Watch};

/// Bytes in the write-ahead log before it is folded in.
const LOG_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// While one pass goes on, commits add to the log; each pass has less to do than the one before, and after so many next to nothing.
const PASSES: usize = 3;

/// What folds. The log begins anew only when a transaction begins while all of it is folded in, and the writer hardly ever stands
/// still: so the bulk is folded here, and the little that is left by the writer, between two transactions.
#[derive(Debug)]
pub(super) struct Folding {
    path: PathBuf,
    watch: Watch,
    /// Bytes added to the log since it was last folded in, about.
    pub(super) written: u64,
    under_way: Option<JoinHandle<()>>,
}

impl Folding {
    pub(super) fn new(path: PathBuf, watch: Watch) -> Self {
        Self {
            path,
            watch,
            written: 0,
            under_way: None,
        }
    }

    /// Begins to fold if there is enough to fold; where a fold has ended, has the writer fold what is left.
    pub(super) async fn tend(&mut self, writer: &mut SqliteConnection) {
        if let Some(ended) = self.under_way.take_if(|task| task.is_finished()) {
            if ended.await.is_err() {
                tracing::warn!("folding the write-ahead log ended out of order; it is tried again");
            }
            pass(writer).await;
        }
        if self.under_way.is_none() && self.written >= LOG_BYTES_MAX {
            self.written = 0;
            self.under_way = Some(tokio::spawn(fold(self.path.clone(), self.watch.clone())));
        }
    }

    /// Waits for a fold under way.
    pub(super) async fn finish(&mut self) {
        if let Some(task) = self.under_way.take() {
            // Whatever it came to: the last connection to close folds in what is left.
            let _ = task.await;
        }
    }
}

/// On a connection of its own for each fold: there are seconds between them, and one left open by an error would keep the log.
async fn fold(path: PathBuf, watch: Watch) {
    let mut connection = match connect::writing(&path).connect().await {
        Ok(connection) => connection,
        Err(error) => return tracing::warn!(%error, "the write-ahead log could not be folded in; it is tried again"),
    };
    // A database that was moved is the writer's to settle.
    if watch.moved().is_none() {
        for _ in 0..PASSES {
            pass(&mut connection).await;
        }
    }
    close(connection, &path).await;
}

async fn pass(connection: &mut SqliteConnection) {
    // Passive: it waits for nobody, and nobody for it.
    let passed = sqlx::raw_sql("PRAGMA wal_checkpoint(PASSIVE)")
        .execute(connection)
        .await;
    if let Err(error) = passed {
        tracing::warn!(%error, "the write-ahead log could not be folded in; it is tried again");
    }
}

async fn close(connection: SqliteConnection, path: &Path) {
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, path = %path.display(), "a connection that folded could not be closed");
    }
}
