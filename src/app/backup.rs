//! Backup, restore and migration, and how large what they made is.

use std::{fs, path::Path};

use crate::store::{self, Migrated, backup};

/// Copies a database, also while a server writes it; gives the copy's length in bytes.
///
/// # Errors
///
/// When it cannot be read, or the copy is not whole. Nothing is left then.
pub async fn back_up(database: &Path, to: &Path) -> anyhow::Result<u64> {
    backup::copy(database, to).await?;
    Ok(fs::metadata(to)?.len())
}

/// Puts a copy where there is no database; gives its length in bytes.
///
/// # Errors
///
/// When something is there, or the copy is not whole. Nothing is left then.
pub async fn restore(copy: &Path, database: &Path) -> anyhow::Result<u64> {
    backup::put_back(copy, database).await?;
    Ok(fs::metadata(database)?.len())
}

/// Brings a database of an earlier version up to date, after a copy of it was made.
///
/// # Errors
///
/// When it is none, somebody writes it, or it cannot be copied or changed.
pub async fn migrate(database: &Path) -> anyhow::Result<Migrated> {
    Ok(store::migrate(database).await?)
}
