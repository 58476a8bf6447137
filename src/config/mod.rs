//! What an operator can set, read from flags, environment and file, in falling precedence.
//!
//! Everything ambient (variables, folders) is an argument, so that a test can state it. Nothing here opens a socket or a
//! database.

mod database;
mod environment;
mod error;
mod exposure;
mod file;
mod flags;
mod folders;
mod given;
mod key;
mod placement;
mod read;
mod reference;
mod secret;
mod settings;
mod target;
mod value;

pub use database::Database;
pub use environment::CONFIG_VARIABLE;
pub use error::ConfigError;
pub use exposure::TlsFiles;
pub use flags::Flags;
pub use folders::Folders;
pub use given::{Origin, Setting};
pub use key::Key;
pub use reference::reference;
pub use secret::Secret;
pub use settings::{LogFormat, Settings};
pub use target::Target;
pub use value::Value;
