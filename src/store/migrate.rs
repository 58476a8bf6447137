//! Bringing a database of an earlier version up to date: asked for, and with a copy kept of how it was.

use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions as _, Connection as _};

use super::{
    backup::{self, BackupError},
    connect, create,
    error::OpenError,
    open::{look, own},
    schema::{self, Layout},
    tree,
};

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
    // Held until the end: nobody else writes it meanwhile.
    let _ownership = own(&path, None).await?;
    let layout = look(&path).await?;
    let Layout::Older(version) = layout else {
        return Ok(Migrated::Current);
    };
    let kept = create::beside(&path, &format!(".schema-{version}"));
    backup::copy_as_is(&path, &kept).await?;
    let failed = |error| OpenError::new(&path, error);
    let mut connection = connect::writing(&path).connect().await.map_err(failed)?;
    schema::bring_up(&mut connection, &path, layout).await?;
    tree::plant(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    Ok(Migrated::Kept(kept))
}
