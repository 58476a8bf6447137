//! Bringing a database of an earlier version up to date: asked for, and with a copy kept of how it was.

use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions as _, Connection as _};

use super::{
    backup::{self, BackupError},
    connect, create,
    error::OpenError,
    open::{bring_up, look, own},
    schema::Layout,
};

/// Where the copy goes: an earlier one, of a migration that was cut off, is kept as well.
fn free(path: &Path, version: i64) -> PathBuf {
    let named = |number: u32| match number {
        0 => create::beside(path, &format!(".schema-{version}")),
        number => create::beside(path, &format!(".schema-{version}-{number}")),
    };
    let mut number = 0;
    // As many as there are files: one is free.
    while named(number).symlink_metadata().is_ok() {
        number = number.saturating_add(1);
    }
    named(number)
}

/// What became of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Migrated {
    /// It was made by this version, or has nothing in it yet.
    Current,
    /// It is up to date now; how it was is kept in this file.
    Kept(PathBuf),
}

/// Brings a database up to date, after a copy of it was made beside it.
///
/// # Errors
///
/// When it is no database of this program, somebody writes it, or it cannot be copied or changed. A step that was begun is whole or not there, and
/// asking again goes on.
pub async fn migrate(database: &Path) -> Result<Migrated, BackupError> {
    let path = create::resolve(database);
    // Looked at before the lock, which would leave its file beside nothing.
    look(&path).await?;
    // Held until the end: nobody else writes it meanwhile.
    let _ownership = own(&path, None).await?;
    let layout = look(&path).await?;
    let Layout::Older(version) = layout else {
        return Ok(Migrated::Current);
    };
    let kept = free(&path, version);
    backup::copy_as_is(&path, &kept).await?;
    let failed = |error| OpenError::new(&path, error);
    let mut connection = connect::migrating(&path).connect().await.map_err(failed)?;
    bring_up(&mut connection, &path, layout).await?;
    connection.close().await.map_err(failed)?;
    Ok(Migrated::Kept(kept))
}
