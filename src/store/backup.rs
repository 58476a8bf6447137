//! Copies of a database: made beside whoever writes it, and put back only where there is none.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempPath;

use super::{
    connect::{self, Way},
    create,
    error::{OpenError, ReadError},
    fault::Fault,
    integrity, open,
    owner::Owner,
    tidy,
};

/// Why a copy was not made or not put back. Nothing is left where it was to be.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something is where the copy is to be.
    #[error("`{}` exists; name a file that does not, nothing is ever overwritten", path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// There is no copy to be put back.
    #[error("there is no backup at `{}`; check the path", path.display())]
    Missing {
        /// Where it was to be.
        path: PathBuf,
    },
    /// A process owns the database that is to be put back.
    #[error("`{}` is owned by a running process; stop it before anything is put in its place", path.display())]
    Owned {
        /// The database.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("`{}` cannot be copied to: {source}", path.display())]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no room for the copy.
    #[error(
        "`{}` cannot be copied to: its disk is full, or a quota or a limit on the size of files is met; free space there, or name a file elsewhere",
        path.display()
    )]
    NoRoom {
        /// Where the copy was to be.
        path: PathBuf,
    },
    /// What is to be copied is damaged, or no database of this program.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It cannot be read to its end.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// `SQLite` finds the copy damaged.
    #[error("the copy of `{}` is not whole: {problem}", path.display())]
    Damaged {
        /// What was copied.
        path: PathBuf,
        /// The first thing that `SQLite` finds.
        problem: String,
    },
}

/// Copies a database as it is at one moment, also while a server writes it. The copy is whole and durable, or not there.
///
/// # Errors
/// See [`BackupError`].
pub async fn copy(database: &Path, to: &Path) -> Result<(), BackupError> {
    let database = create::resolve(database);
    super::Store::open_reading(&database).await?.close().await;
    copy_as_is(&database, to).await
}

/// Puts a copy in the place of a database that is not there.
///
/// # Errors
/// See [`BackupError`].
pub async fn put_back(copy: &Path, database: &Path) -> Result<(), BackupError> {
    match super::Store::open_reading(copy).await {
        Ok(store) => store.close().await,
        Err(OpenError::Missing { path }) => return Err(BackupError::Missing { path }),
        Err(error) => return Err(error.into()),
    }
    let from = create::resolve(copy);
    tidy::around(&from, put(&from, copy, database)).await
}

async fn put(from: &Path, copy: &Path, database: &Path) -> Result<(), BackupError> {
    let way = open::way(from).await?;
    let to = absent(&create::resolve(database))?;
    if Owner::of(&to).is_some() {
        return Err(BackupError::Owned { path: to });
    }
    // What a deleted database left behind would be taken for a part of this one; a log that holds something is somebody's decisions.
    let side = create::beside(&to, "-wal");
    if fs::metadata(&side).is_ok_and(|log| log.len() > 0) {
        return Err(BackupError::Exists { path: side });
    }
    let sides = [side, create::beside(&to, "-shm")];
    // Whose name is that of such a file: it would be removed, and what it is put back from with it.
    if let Some(side) = sides.iter().find(|side| *side == from) {
        return Err(BackupError::Exists { path: side.clone() });
    }
    for side in sides {
        create::remove(&side).map_err(unreachable(&side))?;
    }
    let fresh = begin(&to)?;
    // Read through SQLite, since a copy that was made in another way may have a write-ahead log of its own.
    let copied = vacuum(from, way, &fresh.copy).await;
    finish(copied, copy, fresh, &to).await
}

/// The same of a database whose schema nobody asks about.
pub(super) async fn copy_as_is(database: &Path, to: &Path) -> Result<(), BackupError> {
    tidy::around(database, copied(database, to)).await
}

async fn copied(database: &Path, to: &Path) -> Result<(), BackupError> {
    let way = open::way(database).await?;
    let to = absent(to)?;
    // Whoever opens the copy would take it for a part of that.
    absent(&create::beside(&to, "-wal"))?;
    let fresh = begin(&to)?;
    let copied = vacuum(database, way, &fresh.copy).await;
    finish(copied, database, fresh, &to).await
}

fn absent(path: &Path) -> Result<PathBuf, BackupError> {
    let path = std::path::absolute(path).map_err(unreachable(path))?;
    match fs::symlink_metadata(&path) {
        Ok(_) => Err(BackupError::Exists { path }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path),
        Err(error) => Err(unreachable(&path)(error)),
    }
}

/// What a copy is written into. It goes with what is given, and what `SQLite` makes beside it.
struct Fresh {
    copy: TempPath,
    _journal: Journal,
}

/// The file that `SQLite` keeps beside one that it writes, and leaves where that fails.
struct Journal(PathBuf);

impl Drop for Journal {
    fn drop(&mut self) {
        // Mostly there is none.
        let _ = create::remove(&self.0);
    }
}

/// An empty file beside the place, for the owner only, that the copy is written into.
fn begin(to: &Path) -> Result<Fresh, BackupError> {
    let made = || {
        if let Some(folder) = to.parent() {
            create::folder(folder)?;
        }
        // Closed at once: closing a file drops the locks that `SQLite` holds on it in the same process.
        let copy = create::scratch(to)?.into_temp_path();
        let journal = Journal(create::beside(&copy, "-journal"));
        Ok(Fresh {
            copy,
            _journal: journal,
        })
    };
    made().map_err(unreachable(to))
}

async fn vacuum(database: &Path, way: Way, fresh: &Path) -> Result<(), sqlx::Error> {
    let mut connection = connect::reading(database, way).connect().await?;
    let into = fresh.to_string_lossy().into_owned();
    sqlx::query("VACUUM INTO ?1")
        .bind(into)
        .execute(&mut connection)
        .await?;
    connection.close().await
}

/// Checks the copy and moves it to its place; takes it away where something is wrong.
async fn finish(copied: Result<(), sqlx::Error>, from: &Path, fresh: Fresh, to: &Path) -> Result<(), BackupError> {
    copied.map_err(|error| match Fault::of(&error) {
        // What is copied is only read.
        Fault::Full | Fault::Unwritten => BackupError::NoRoom { path: to.to_owned() },
        _ => ReadError::new(from, error).into(),
    })?;
    let Fresh { copy, _journal } = fresh;
    let checked = check(&copy).await.map_err(|error| ReadError::new(&copy, error))?;
    if let Some(problem) = checked {
        let path = from.to_owned();
        return Err(BackupError::Damaged { path, problem });
    }
    let moved = || {
        File::open(&copy)?.sync_all()?;
        // Overwrites nothing that came meanwhile, and never leaves the file under two names.
        copy.persist_noclobber(to).map_err(|failed| failed.error)?;
        to.parent().map_or(Ok(()), create::sync_folder)
    };
    moved().map_err(unreachable(to))
}

async fn check(fresh: &Path) -> Result<Option<String>, sqlx::Error> {
    let mut connection = connect::looking(fresh).connect().await?;
    let found = integrity::fault(&mut connection).await?;
    connection.close().await?;
    Ok(found)
}

fn unreachable(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| match source.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists { path },
        _ => BackupError::Unreachable { path, source },
    }
}
