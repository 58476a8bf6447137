//! `config`

use clap::{Args, Subcommand};

use super::{
    Ending, Failure, Screen,
    run::Surroundings,
    table::{self, Field},
};
use crate::{
    access::Gate,
    app,
    config::{Flags, Settings, reference},
    tls::Identity,
};

const COLUMNS: [&str; 3] = ["setting", "value", "from"];

/// Show the settings in force, or check them
///
/// A flag wins over a variable, a variable over the file, the file over the default. A token is never shown; keys are named by their file.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights config show
  reimage-rights config check --config /etc/reimage-rights/config.toml
  reimage-rights config reference

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
    /// Say whether a server would start with these settings, and with the files that they name for access and TLS
    Check,
    /// Describe every setting, in Markdown
    Reference,
}

impl ConfigArgs {
    /// Prints the settings, or whether they are right, or which there are.
    pub(super) fn run(&self, around: &mut Surroundings, flags: &Flags, screen: &mut Screen) -> Result<Ending, Failure> {
        let text = match self.what {
            What::Reference => reference(),
            What::Check => {
                check(&around.settings(flags, "warn")?)?;
                "the settings are right\n".to_owned()
            }
            What::Show => {
                let settings = around.settings(flags, "warn")?;
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

/// What a server looks at before it starts, but for the database.
fn check(settings: &Settings) -> Result<(), Failure> {
    settings.permitted_listen()?;
    settings.permitted_http_listen()?;
    settings.placed()?;
    settings.key_path()?;
    settings.checkpoint_path()?;
    let wrong = |error: &dyn std::fmt::Display| Failure::BadInput(error.to_string());
    if let Some(path) = &settings.access_file.value {
        Gate::load(path).map_err(|error| wrong(&error))?;
    }
    if let Some(files) = settings.tls()? {
        let identity = Identity::load(&files).map_err(|error| wrong(&error))?;
        if identity.expires <= app::sources().clock.now() {
            let path = files.certificate.display();
            return Err(Failure::BadInput(format!(
                "the certificate in `{path}` expired at {}; replace it",
                identity.expires
            )));
        }
    }
    Ok(())
}
