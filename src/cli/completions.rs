//! `completions`

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Ending, Failure, Screen};

/// Print the completion script of a shell
///
/// The script completes commands and flags; where it goes depends on the shell.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights completions bash > ~/.local/share/bash-completion/completions/reimage-rights
  reimage-rights completions zsh > ~/.zfunc/_reimage-rights
  reimage-rights completions powershell >> $PROFILE")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

impl CompletionsArgs {
    /// Prints the script.
    pub(super) fn run(&self, screen: &mut Screen) -> Result<Ending, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "reimage-rights", &mut script);
        let _ = screen.print(&String::from_utf8_lossy(&script))?;
        Ok(Ending::Good)
    }
}
