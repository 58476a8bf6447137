//! Where decisions are kept: one `SQLite` database, written by one process, read by any.
//!
//! A record is opaque text here; whatever else a row holds is a projection handed in beside it. Nothing under `store` knows what
//! a decision says, and every SQL statement of the program is here, in the file of its table.

mod append;
pub mod backup;
mod catalogue;
mod check;
mod checkpoint;
pub mod checkpoint_file;
mod connect;
mod create;
mod decision;
mod earlier;
mod error;
mod fault;
mod filling;
mod folding;
mod integrity;
pub mod key_file;
mod left;
mod looks;
mod migrate;
mod moment;
mod open;
mod operation;
mod owner;
mod posting;
mod reader;
mod replacing;
mod requests;
mod schema;
mod search;
mod tidy;
mod transaction;
mod tree;
mod watch;
mod writer;

#[cfg(test)]
mod tests;

pub use append::{Append, NewDecision};
pub use backup::BackupError;
pub use check::RawDecision;
pub use checkpoint_file::{CheckpointFile, CheckpointFileError};
pub use create::{put_in_place, scratch};
pub use decision::Stored;
pub use earlier::{Earlier, Keyed, Unread};
pub use error::{OpenError, ReadError, StoredError, WriteError};
pub use key_file::KeyFileError;
pub use left::ChangedBeside;
pub use migrate::{Migrated, migrate};
pub use owner::Owner;
pub use reader::Store;
pub use replacing::{Readers, Replacing};
pub use writer::{PageLimit, Writer};
