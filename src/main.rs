//! The program: parses its arguments, runs, and ends with an exit code.

use std::{env, process::ExitCode};

use reimage_rights::cli;

fn main() -> ExitCode {
    cli::run(env::args_os(), env::vars_os()).into()
}
