//! What may be typed.

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand};

use super::{
    backup::BackupArgs, check::CheckArgs, checkpoint::CheckpointArgs, completions::CompletionsArgs, config::ConfigArgs,
    explain::ExplainArgs, export::ExportArgs, facts::FactsArgs, health::HealthArgs, history::HistoryArgs, key::KeyArgs,
    migrate::MigrateArgs, operations::OperationsArgs, report::ReportArgs, reproduce::ReproduceArgs,
    restore::RestoreArgs, serve::ServeArgs, show::ShowArgs, token::TokenArgs, verify::VerifyArgs,
    verify_bundle::VerifyBundleArgs,
};
use crate::config::{CONFIG_VARIABLE, Flags, Key};

const COMMON: &str = "Common options";

/// Decides whether a standard image may be put on a device under Microsoft volume licensing, and keeps the evidence
///
/// Takes the facts of a device, its licenses, an image and the customer's agreement, applies the February 2011 licensing
/// brief on reimaging, and answers PERMITTED, NOT PERMITTED or INDETERMINATE, with every condition, its citation and what
/// would have to be true. Every decision is recorded with its inputs and can be reproduced. Image a device only on PERMITTED.
#[derive(Debug, Parser)]
#[command(name = "reimage-rights", version, after_long_help = after_help(), max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Arguments of every command.
#[derive(Args, Debug)]
pub(super) struct CommonArgs {
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        help_heading = COMMON,
        help = "Read settings from this TOML file [env: REIMAGE_RIGHTS_CONFIG] \
                [default: reimage-rights/config.toml in the platform's configuration folder, if it is there]"
    )]
    config: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        help_heading = COMMON,
        help = "Log what this filter lets through, to standard error [env: REIMAGE_RIGHTS_LOG]"
    )]
    log: Option<String>,
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        value_parser = ["pretty", "json"],
        help_heading = COMMON,
        help = "Log in this form [env: REIMAGE_RIGHTS_LOG_FORMAT] [default: pretty]"
    )]
    log_format: Option<String>,
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = COMMON,
        help = "When to use colors; auto honors NO_COLOR"
    )]
    pub color: ColorChoice,
}

impl CommonArgs {
    /// What these arguments set.
    pub(super) fn flags(&self) -> Flags {
        Flags::new(self.config.clone())
            .with(Key::Log, self.log.as_deref())
            .with(Key::LogFormat, self.log_format.as_deref())
    }
}

/// One command.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Serve(Box<ServeArgs>),
    Check(CheckArgs),
    History(Box<HistoryArgs>),
    Show(ShowArgs),
    Reproduce(ReproduceArgs),
    Export(Box<ExportArgs>),
    Report(Box<ReportArgs>),
    Verify(VerifyArgs),
    VerifyBundle(VerifyBundleArgs),
    Checkpoint(CheckpointArgs),
    Operations(OperationsArgs),
    Key(KeyArgs),
    Backup(BackupArgs),
    Restore(RestoreArgs),
    Migrate(MigrateArgs),
    Token(TokenArgs),
    Health(HealthArgs),
    Config(ConfigArgs),
    Explain(ExplainArgs),
    Facts(FactsArgs),
    Completions(CompletionsArgs),
}

fn after_help() -> String {
    let width = Key::ALL
        .map(|key| key.variable().len())
        .into_iter()
        .max()
        .unwrap_or_default();
    let line = |name: &str, purpose: &str| format!("  {name:width$}  {purpose}\n");
    let setting = |key: Key| match key.default() {
        "" => line(&key.variable(), key.purpose()),
        default => line(&key.variable(), &format!("{} [{default}]", key.purpose())),
    };
    let variables: String = Key::ALL.map(setting).concat();
    let config = line(
        CONFIG_VARIABLE,
        "file with the same settings, in lower case without prefix",
    );
    format!(
        "\
Examples:
  reimage-rights serve
  reimage-rights check request.json
  reimage-rights history --verdict not-permitted --after 2026-01-01
  reimage-rights explain same-language

Settings, by environment variable [default]; a flag wins over a variable, a variable over the file:
{variables}{config}
Exit codes:
  0  done; check: permitted; reproduce: the same
  1  failed
  2  bad input or usage
  3  check: not permitted; reproduce: differs; verify: not intact
  4  check: indeterminate; reproduce: cannot be told; verify: nothing is wrong, and not all is proven"
    )
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_command_names_are_the_documented_ones() {
        let names: Vec<String> = Cli::command()
            .get_subcommands()
            .map(|command| command.get_name().to_owned())
            .collect();
        assert_eq!(
            names,
            [
                "serve",
                "check",
                "history",
                "show",
                "reproduce",
                "export",
                "report",
                "verify",
                "verify-bundle",
                "checkpoint",
                "operations",
                "key",
                "backup",
                "restore",
                "migrate",
                "token",
                "health",
                "config",
                "explain",
                "facts",
                "completions"
            ]
        );
    }

    #[test]
    fn every_setting_is_in_the_help() {
        let help = after_help();
        assert!(Key::ALL.iter().all(|key| help.contains(&key.variable())), "{help}");
    }

    #[test]
    fn every_command_has_examples_and_a_long_description() {
        for command in Cli::command().get_subcommands() {
            let examples = command
                .get_after_long_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(examples.starts_with("Examples:\n  "), "{}", command.get_name());
            assert!(command.get_long_about().is_some(), "{}", command.get_name());
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let refused = [
            vec!["check"],
            vec!["facts", "-"],
            vec!["facts", "-", "--tool", "hammer"],
            vec!["facts", "-", "--tool", "dism", "--value", "index"],
            vec!["check", "-", "--server", "http://h:1", "--database", "d"],
            vec!["reproduce"],
            vec!["reproduce", "x", "--all"],
            vec!["history", "--all", "--limit", "1"],
            vec!["history", "--limit", "0"],
            vec!["history", "--label", "site"],
            vec!["history", "--after", "yesterday"],
            vec!["history", "--verdict", "maybe"],
            vec!["--color", "sometimes"],
        ];
        for arguments in refused {
            let typed = ["reimage-rights"].iter().chain(&arguments);
            let error = Cli::try_parse_from(typed).expect_err(&arguments.join(" "));
            assert_eq!(error.exit_code(), 2, "{arguments:?}");
        }
    }
}
