//! `backup`

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Ending, Failure, Screen, database::DatabaseArgs};
use crate::{
    app,
    config::{Flags, Settings},
};

/// Copy the database, also while a server writes it
///
/// The copy is the database as it was at one moment, checked by SQLite, whole and on the disk when the command ends, or not there. Back the key
/// file up too, once and apart from it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights backup /backups/decisions-2026-11-24.db
  reimage-rights verify --copy --database /backups/decisions-2026-11-24.db --key VKEY --key VKEY --checkpoint-file FILE

To verify a copy:
  `reimage-rights key show` prints the two verifier keys, and `reimage-rights config show` where
  the checkpoint file is. A copy that the log has gone on after is an EARLIER COPY, exit code 4.

Exit codes:
  0  copied, whole
  1  failed; nothing is left
  2  bad usage")]
pub(super) struct BackupArgs {
    /// The copy; nothing must be there
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl BackupArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.database.flags(flags)
    }

    /// Copies.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let database = &settings.database.value;
        let bytes = app::back_up(database.path(), &self.file).await?;
        screen.note(&format!(
            "copied `{database}` to `{}`, {bytes} bytes",
            self.file.display()
        ));
        Ok(Ending::Good)
    }
}
