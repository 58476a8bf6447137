//! What tests share: generated facts, and the real service with a client.

pub mod facts;
pub mod space;
