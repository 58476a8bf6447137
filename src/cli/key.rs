//! `key`

use clap::{Args, Subcommand, ValueHint};

use super::{Ending, Failure, Screen};
use crate::{
    app,
    audit::KeyRing,
    config::{Flags, Key, Settings},
    store::Owner,
};

/// Make, show or change the keys that sign checkpoints
///
/// A server makes its keys when it starts for the first time. Give the verifier keys to whoever will check, by a way that does not go
/// through the database or a bundle. Keep the key file secret, apart from the database, and back it up.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights key show
  reimage-rights key generate --name imaging.example.com/rights --key-file /etc/reimage-rights/checkpoint.keys
  reimage-rights key rotate

Exit codes:
  0  done
  1  failed
  2  bad usage")]
pub(super) struct KeyArgs {
    #[command(subcommand)]
    what: What,
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Evidence",
        help = "The keys in this file [env: REIMAGE_RIGHTS_KEY_FILE] \
                [default: keys/ in the platform's configuration folder, by database]"
    )]
    key_file: Option<String>,
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Evidence",
        help = "The keys of this database, where no file is named [env: REIMAGE_RIGHTS_DATABASE]"
    )]
    database: Option<String>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make keys for a new installation
    Generate {
        /// Name of the installation, part of every checkpoint; best a domain of yours [default: a random one]
        #[arg(long)]
        name: Option<String>,
    },
    /// Show the verifier keys: those that sign today, then those that signed before
    Show,
    /// Give the installation new keys; the old ones stay in the file, for checking what they signed. Start the server again afterwards
    Rotate,
}

impl KeyArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        flags
            .with(Key::KeyFile, self.key_file.as_deref())
            .with(Key::Database, self.database.as_deref())
    }

    /// Does it, and prints the verifier keys.
    pub(super) fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let path = settings.key_path()?;
        let keys = match &self.what {
            What::Generate { name } => app::generate_keys(path, name.as_deref(), app::sources())?,
            What::Show => app::keys(path)?,
            What::Rotate => {
                let keys = app::rotate_keys(path, app::sources())?;
                if let Some(owner) = Owner::of(settings.database.value.path()) {
                    screen.note(&format!(
                        "{owner} has the database, and goes on signing with the old keys until it is started again"
                    ));
                }
                keys
            }
        };
        screen.note(&format!("the verifier keys of `{}`", path.display()));
        let _ = screen.print(&lines(&keys))?;
        Ok(Ending::Good)
    }
}

fn lines(keys: &KeyRing) -> String {
    let keys: Vec<String> = keys.verifiers().map(ToString::to_string).collect();
    keys.join("\n") + "\n"
}
