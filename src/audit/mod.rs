//! Evidence: a log that nobody can change unseen, and what proves it.
//!
//! The rows of a log are the leaves of a Merkle tree (RFC 6962), kept in tiles (C2SP tlog-tiles); its size and root are signed now
//! and then (C2SP tlog-checkpoint). Records are opaque bytes here. Nothing under `audit` reads a clock, draws randomness, opens a
//! file or knows a table: who calls fetches the tiles that are asked for, and keeps those that changed.

pub mod bundle;
mod checkpoint;
#[cfg(test)]
mod forest;
mod hash;
mod hexadecimal;
mod key;
mod key_ring;
mod leaf;
mod log;
mod note_lines;
mod proof;
mod rebuild;
mod tile;
mod tile_path;
mod tiles;
mod tree;

pub use checkpoint::{Checkpoint, CheckpointError, signers};
pub use hash::{Hash, HashError};
pub use hexadecimal::hexadecimal;
pub use key::{KeyError, SigningKey, TrustedKeys, VerifierKey};
pub use key_ring::{KeyRing, KeyRingError};
pub use leaf::leaf_hash;
pub use log::{Kind, Log, Origin, OriginError};
pub use note_lines::NoteLines;
pub use proof::{Consistency, Inclusion, Proof, ProofError};
pub use rebuild::{Rebuild, TileDifference, TileFault};
pub use tile::{TILE_WIDTH, Tile, TileKey};
pub use tile_path::{TilePath, TilePathError};
pub use tiles::Tiles;
pub use tree::{RestoreError, SIZE_MAX, Tree};
