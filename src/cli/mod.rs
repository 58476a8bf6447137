//! The command line: a client of the service, in another process or in this one, with no second path to a decision.
//!
//! Results go to standard output and everything else to standard error; every exit code is an [`Ending`].

mod arguments;
mod check;
mod client;
mod completions;
mod condition_page;
mod ending;
mod explain;
mod facts;
mod failure;
mod history;
mod moment;
mod pages;
mod refusal;
mod reproduce;
mod request_file;
mod run;
mod screen;
mod serve;
mod show;
mod table;
#[cfg(test)]
mod testing;
mod text;

pub use ending::Ending;
pub use run::run;

use arguments::Cli;
use failure::Failure;
use screen::Screen;
