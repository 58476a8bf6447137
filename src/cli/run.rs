//! From what was typed to an exit code.

use std::ffi::OsString;

use clap::{ColorChoice, CommandFactory as _, Parser as _};
use tokio::runtime::Runtime;

use super::{Cli, Ending, Failure, Screen, arguments::Command, interrupt::unless_told};
use crate::{
    app,
    config::{Flags, Folders, Origin, Settings},
    telemetry::{self, Telemetry, TelemetryError},
};

/// What a command finds around it.
pub(super) struct Surroundings {
    /// Variables of the environment.
    pub variables: Vec<(OsString, OsString)>,
    /// The user's folders.
    pub folders: Folders,
    /// What was started; it ends with the command.
    pub started: Telemetry,
    /// Starts the log.
    pub start_log: fn(&str, &Settings) -> Result<Telemetry, TelemetryError>,
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
        started: Telemetry::default(),
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
    // Whatever sends traces takes a runtime from its beginning to its end.
    let runtime = Runtime::new()?;
    let ended = {
        let _inside = runtime.enter();
        // Where it cannot be had, a file that grows beyond what it may ends the process, as it did before.
        let _ = app::outlive_file_limit();
        obey_on(&runtime, cli, around, screen)
    };
    if let Ok(Ending::Told(_)) = ended {
        // What still waits for somebody, such as the reader of a pipe, is not waited for.
        runtime.shutdown_background();
    }
    ended
}

fn obey_on(runtime: &Runtime, cli: Cli, mut around: Surroundings, screen: &mut Screen) -> Result<Ending, Failure> {
    let common = cli.common.flags();
    match cli.command {
        None => help(screen),
        Some(Command::Completions(args)) => args.run(screen),
        Some(Command::Explain(args)) => args.run(screen),
        Some(Command::Facts(args)) => args.run(screen),
        Some(Command::VerifyBundle(args)) => args.run(screen),
        Some(Command::Key(args)) => args.run(&around.settings(&args.flags(common), "warn")?, screen),
        Some(Command::Token(args)) => args.run(&around.settings(&args.flags(common), "warn")?, screen),
        Some(Command::Config(args)) => args.run(&mut around, &common, screen),
        Some(Command::Serve(args)) => runtime.block_on(args.run(around.settings(&args.flags(common), "info")?)),
        Some(Command::Check(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            runtime.block_on(args.run(&settings, screen))
        }
        Some(Command::History(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            runtime.block_on(args.run(&settings, screen))
        }
        Some(Command::Show(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            runtime.block_on(args.run(&settings, screen))
        }
        Some(Command::Reproduce(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            runtime.block_on(args.run(&settings, screen))
        }
        Some(Command::Export(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            runtime.block_on(unless_told(args.run(&settings, screen)))
        }
        Some(Command::Report(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            runtime.block_on(unless_told(args.run(&settings, screen)))
        }
        Some(Command::Checkpoint(args)) => {
            let settings = around.settings(&args.client.flags(common), "warn")?;
            runtime.block_on(args.run(&settings, screen))
        }
        Some(Command::Operations(args)) => {
            let settings = around.settings(&args.flags(common), "warn")?;
            runtime.block_on(args.run(&settings, screen))
        }
        Some(Command::Verify(args)) => {
            let settings = around.settings(&args.flags(common), "warn")?;
            runtime.block_on(args.run(&settings, screen))
        }
        Some(Command::Backup(args)) => {
            let settings = around.settings(&args.flags(common), "warn")?;
            runtime.block_on(unless_told(args.run(&settings, screen)))
        }
        Some(Command::Restore(args)) => {
            let settings = around.settings(&args.flags(common), "warn")?;
            runtime.block_on(unless_told(args.run(&settings, screen)))
        }
        Some(Command::Migrate(args)) => {
            let settings = around.settings(&args.flags(common), "warn")?;
            runtime.block_on(unless_told(args.run(&settings, screen)))
        }
        Some(Command::Health(args)) => {
            let settings = around.settings(&args.flags(common), "warn")?;
            runtime.block_on(args.run(&settings, screen))
        }
    }
}

impl Surroundings {
    /// Reads the settings and starts the log, which a short command fills less than a server unless it is set.
    pub(super) fn settings(&mut self, flags: &Flags, log_default: &str) -> Result<Settings, Failure> {
        let settings = Settings::load(flags, self.variables.clone(), &self.folders)?;
        let filter = match settings.log.origin {
            Origin::Default => log_default,
            _ => &settings.log.value,
        };
        self.started = (self.start_log)(filter, &settings)?;
        Ok(settings)
    }
}

fn help(screen: &mut Screen) -> Result<Ending, Failure> {
    let _ = screen.print(&Cli::command().render_help().ansi().to_string())?;
    Ok(Ending::Good)
}
