//! Transport: what connections are made of, encrypted or not, and whom their certificates name.

mod connection;
mod identity;
mod peer;

pub use connection::{Connection, Stay};
pub use identity::{Identity, Speech, TlsError, provide};
pub use peer::{HangUp, Peer, Welcome};
