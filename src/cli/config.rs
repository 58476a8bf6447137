//! `config`

use clap::{Args, Subcommand};

use super::{
    Ending, Failure, Screen,
    table::{self, Field},
};
use crate::config::Settings;

const COLUMNS: [&str; 3] = ["setting", "value", "from"];

/// Show the settings in force, or check them
///
/// A flag wins over a variable, a variable over the file, the file over the default. No setting is a secret: keys are named by their file.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights config show
  reimage-rights config check --config /etc/reimage-rights/config.toml

Exit codes:
  0  the settings are right
  2  a setting is wrong or unknown; it says which, where it is from, and what would be right")]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// Show each setting in force, and where it is from
    Show,
    /// Say whether a server would start with these settings
    Check,
}

impl ConfigArgs {
    /// Prints the settings, or whether they are right.
    pub(super) fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let text = match self.what {
            What::Check => {
                settings.permitted_listen()?;
                settings.key_path()?;
                settings.checkpoint_path()?;
                "the settings are right\n".to_owned()
            }
            What::Show => {
                let rows: Vec<_> = settings
                    .values()
                    .iter()
                    .map(|value| [value.key.name(), &value.text, &value.origin.to_string()].map(Field::plain))
                    .collect();
                match screen.width() {
                    Some(width) => table::drawn(COLUMNS, rows, width, None),
                    None => table::separated(COLUMNS, &rows),
                }
            }
        };
        let _ = screen.print(&text)?;
        Ok(Ending::Good)
    }
}
