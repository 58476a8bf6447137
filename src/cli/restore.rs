//! `restore`

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Ending, Failure, Screen, database::DatabaseArgs};
use crate::{
    app,
    config::{Flags, Settings},
};

/// Put a copy of a database where there is none
///
/// Nothing is overwritten: move away what is there first, and keep it. The copy is checked by SQLite on its way. Where the database's checkpoint
/// file has more than the copy, the server will refuse it and say so: what was recorded since is lost, and has to be said.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights restore /backups/decisions-2026-11-24.db
  reimage-rights restore copy.db --database /srv/decisions.db
  reimage-rights verify --copy --database /srv/decisions.db

Exit codes:
  0  restored, whole
  1  failed; nothing is left
  2  bad usage")]
pub(super) struct RestoreArgs {
    /// The copy
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl RestoreArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.database.flags(flags)
    }

    /// Puts the copy back.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let database = &settings.database.value;
        let bytes = app::restore(&self.file, database.path()).await?;
        screen.note(&format!(
            "restored `{database}` from `{}`, {bytes} bytes; `reimage-rights verify --copy --database {database}` says whether it is what it was when \
             the copy was made. Where that is EARLIER COPY, decisions were recorded since, and the server refuses it and says how to go on",
            self.file.display()
        ));
        Ok(Ending::Good)
    }
}
