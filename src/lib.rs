//! Decides whether a standard image may be put on a device, and keeps the evidence.

pub mod domain;
pub mod history;
pub mod store;
pub mod wire;
