//! The program: parses its arguments, runs, and ends with an exit code.

use std::{env, process::ExitCode};

use reimage_rights::cli;
use tikv_jemallocator::Jemalloc;

/// An answer is many small strings, made on one thread and dropped on another; decision 9 has what this one gains.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    cli::run(env::args_os(), env::vars_os()).into()
}
