//! Leaving a folder as it was: `SQLite` makes two files beside a database that it reads, and connections that only read never take them
//! away again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions as _, Connection as _};

use super::{connect, create, owner::Owner};

/// A database that had neither file beside it before it was read.
#[derive(Clone, Debug)]
pub(super) struct Tidy {
    path: PathBuf,
}

impl Tidy {
    /// Looks before the first connection is made. `None` where a file is there already: it is somebody's, or holds something.
    pub(super) fn before(path: &Path) -> Option<Self> {
        let is_bare = ["-wal", "-shm"]
            .iter()
            .all(|extension| !create::beside(path, extension).exists());
        is_bare.then(|| Self { path: path.to_owned() })
    }

    /// Takes away what was made since, after the last connection is closed. `SQLite` itself does it, when the last connection that may write ends:
    /// by its locks, so that whoever else reads or writes by now keeps the files. Where that may not be done they stay, and do no harm.
    pub(super) async fn up(&self) {
        // A log that holds something is a writer's that came meanwhile and was killed: its next owner folds it in.
        let log = fs::metadata(create::beside(&self.path, "-wal"));
        if log.is_ok_and(|log| log.len() > 0) || Owner::of(&self.path).is_some() || Self::before(&self.path).is_some() {
            return;
        }
        let ended = async {
            let mut connection = connect::looking(&self.path).read_only(false).connect().await?;
            sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1")
                .execute(&mut connection)
                .await?;
            connection.close().await
        };
        if let Err(error) = ended.await {
            tracing::debug!(%error, "the files beside the database stay");
        }
    }
}

/// Does what reads a database, and leaves its folder as it was.
pub(super) async fn around<T>(database: &Path, work: impl Future<Output = T>) -> T {
    let tidy = Tidy::before(database);
    let done = work.await;
    if let Some(tidy) = tidy {
        tidy.up().await;
    }
    done
}
