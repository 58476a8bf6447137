//! From what was typed to an exit code.

use std::ffi::OsString;

use clap::{ColorChoice, CommandFactory as _, Parser as _};

use super::{Cli, Ending, Failure, Screen, arguments::Command};
use crate::{
    config::{Flags, Folders, LogFormat, Origin, Settings},
    telemetry::{self, TelemetryError},
};

/// What a command finds around it.
pub(super) struct Surroundings {
    /// Variables of the environment.
    pub variables: Vec<(OsString, OsString)>,
    /// The user's folders.
    pub folders: Folders,
    /// Starts the log.
    pub start_log: fn(&str, LogFormat) -> Result<(), TelemetryError>,
}

/// Runs what `arguments` say, the program's own name first, under the environment's `variables`.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Ending {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                Ending::BadInput
            } else {
                Ending::Good
            };
        }
    };
    show_colors(cli.common.color);
    let surroundings = Surroundings {
        variables: variables.into_iter().collect(),
        folders: Folders::of_platform(),
        start_log: telemetry::start,
    };
    let mut screen = Screen::of_process();
    obey(cli, surroundings, &mut screen).unwrap_or_else(|failure| {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        screen.note(&format!("{red}error:{red:#} {}", failure.words()));
        failure.ending()
    })
}

/// Tells all streams of the process whether to show colors.
fn show_colors(when: ColorChoice) {
    match when {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Does what was typed.
pub(super) fn obey(cli: Cli, around: Surroundings, screen: &mut Screen) -> Result<Ending, Failure> {
    let common = cli.common.flags();
    match cli.command {
        None => help(screen),
        Some(Command::Completions(args)) => args.run(screen),
        Some(Command::Explain(args)) => args.run(screen),
        Some(Command::Facts(args)) => args.run(screen),
        Some(Command::Serve(args)) => wait(args.run(around.settings(&args.flags(common), "info")?)),
        Some(Command::Check(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            wait(args.run(&settings, screen))
        }
        Some(Command::History(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            wait(args.run(&settings, screen))
        }
        Some(Command::Show(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            wait(args.run(&settings, screen))
        }
        Some(Command::Reproduce(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            wait(args.run(&settings, screen))
        }
    }
}

impl Surroundings {
    /// Reads the settings and starts the log, which a short command fills less than a server unless it is set.
    fn settings(self, flags: &Flags, log_default: &str) -> Result<Settings, Failure> {
        let settings = Settings::load(flags, self.variables, &self.folders)?;
        let filter = match settings.log.origin {
            Origin::Default => log_default,
            _ => &settings.log.value,
        };
        (self.start_log)(filter, settings.log_format.value)?;
        Ok(settings)
    }
}

fn help(screen: &mut Screen) -> Result<Ending, Failure> {
    let _ = screen.print(&Cli::command().render_help().ansi().to_string())?;
    Ok(Ending::Good)
}

fn wait(command: impl Future<Output = Result<Ending, Failure>>) -> Result<Ending, Failure> {
    tokio::runtime::Runtime::new()?.block_on(command)
}
