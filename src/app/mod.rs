//! The only place that wires: settings to store to service to servers, and their end in order.

mod backup;
mod clock;
mod connect;
mod engine;
mod health;
mod keys;
mod serve;
mod server;
mod tiles;
mod verify;

pub use crate::service::Limits;
pub use backup::{back_up, restore};
pub use clock::sources;
pub use connect::{Connection, Purpose, connect, owner_address, reach};
pub use engine::{Engine, Opening};
pub use keys::{generate_keys, keys, rotate_keys};
pub use serve::{Addresses, Serving, serve, start};
pub use verify::{Verification, trusted_keys, verify};
