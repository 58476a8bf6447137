//! The only place that wires: settings to store to service to servers, and their end in order.

mod clock;
mod connect;
mod engine;
mod health;
mod serve;
mod server;

pub use crate::service::Limits;
pub use clock::sources;
pub use connect::{Connection, Purpose, connect};
pub use engine::Engine;
pub use serve::{Serving, serve, start};
