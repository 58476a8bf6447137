//! Where the keys and the checkpoints are, for every command that writes or checks a database.

use clap::{Args, ValueHint};

use crate::config::{Flags, Key};

/// Files that belong to a database and do not lie beside it.
#[derive(Args, Debug, Default)]
pub(super) struct EvidenceArgs {
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Evidence",
        help = "Sign checkpoints with the keys in this file, made where there is none [env: REIMAGE_RIGHTS_KEY_FILE] \
                [default: keys/ in the platform's configuration folder, by database]"
    )]
    pub(super) key_file: Option<String>,
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Evidence",
        help = "Keep checkpoints in this file too, outside the database [env: REIMAGE_RIGHTS_CHECKPOINT_FILE] \
                [default: checkpoints/ in the platform's state folder, by database]"
    )]
    pub(super) checkpoint_file: Option<String>,
}

impl EvidenceArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        flags
            .with(Key::KeyFile, self.key_file.as_deref())
            .with(Key::CheckpointFile, self.checkpoint_file.as_deref())
    }
}
