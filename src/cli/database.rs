//! Which database, for every command that works on the file itself and asks no service.

use clap::{Args, ValueHint};

use crate::config::{Flags, Key};

/// The database.
#[derive(Args, Debug, Default)]
pub(super) struct DatabaseArgs {
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help = "The database [env: REIMAGE_RIGHTS_DATABASE] \
                [default: reimage-rights/decisions.db in the platform's data folder]"
    )]
    database: Option<String>,
}

impl DatabaseArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        flags.with(Key::Database, self.database.as_deref())
    }
}
