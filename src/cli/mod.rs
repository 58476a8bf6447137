//! The command line: a client of the service, in another process or in this one, with no second path to a decision.
//!
//! Results go to standard output and everything else to standard error; every exit code is an [`Ending`].

mod arguments;
mod attached;
mod backup;
mod check;
mod checkpoint;
mod client;
mod completions;
mod condition_page;
mod config;
mod count;
mod credentials;
mod database;
mod ending;
mod evidence;
mod explain;
mod export;
mod facts;
mod failure;
mod health;
mod history;
mod interrupt;
mod key;
mod limits;
mod migrate;
mod moment;
mod operations;
mod pages;
mod patience;
mod progress;
mod reader;
mod refusal;
mod report;
mod report_file;
mod reproduce;
mod request_file;
mod restore;
mod run;
mod screen;
mod serve;
mod show;
mod spreadsheet;
mod table;
#[cfg(test)]
mod testing;
mod text;
mod token;
mod trust;
mod verify;
mod verify_bundle;
mod whole;

pub use ending::Ending;
pub use run::run;

use arguments::Cli;
use failure::Failure;
use screen::Screen;
