//! `migrate`

use clap::Args;

use super::{Ending, Failure, Screen, database::DatabaseArgs};
use crate::{
    app,
    config::{Flags, Settings},
    store::Migrated,
};

/// Bring a database of an earlier version up to date
///
/// Makes a copy beside it first, as `decisions.db.schema-2`, and changes nothing where that cannot be made. Stop the server before. No decision and no
/// signature changes: what was exported before stays proven.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights migrate
  reimage-rights migrate --database /srv/decisions.db

Exit codes:
  0  up to date
  1  failed; ask again once the reason is gone
  2  bad usage")]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

impl MigrateArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.database.flags(flags)
    }

    /// Migrates.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let database = &settings.database.value;
        match app::migrate(database.path()).await? {
            Migrated::Current => screen.note(&format!("`{database}` is up to date already")),
            Migrated::Kept(kept) => screen.note(&format!(
                "`{database}` is up to date; how it was is kept in `{}`",
                kept.display()
            )),
        }
        Ok(Ending::Good)
    }
}
