//! The only place that wires: settings to store to service to servers, and their end in order.

mod backup;
mod client;
mod clock;
mod connect;
mod engine;
mod gathered;
mod health;
mod hosting;
mod keys;
mod listener;
mod metrics;
mod network;
mod operations;
mod reading;
mod reload;
mod serve;
mod server;
mod signals;
mod tokens;
mod turn;
mod verify;
mod web;

pub use crate::service::Limits;
pub use backup::{back_up, migrate, restore};
pub use client::Bearer;
pub use clock::sources;
pub use connect::{Connection, Purpose, Way, connect, owner_address, reach};
pub use engine::{Engine, Opening};
pub use hosting::{Addresses, Hosting};
pub use keys::{generate_keys, keys, rotate_keys};
pub use operations::{OperationLog, OperationRecord};
pub use serve::{Serving, serve, start};
pub use signals::{Signal, Signals, outlive_file_limit};
pub use tokens::{NewToken, create_token, revoke_tokens, tokens};
pub use verify::{Verifiable, Verification, lost, trusted_keys};
