//! What tests share: generated facts, the real service with a client, wrong requests, and the real program as a process.

pub mod audit;
pub mod cases;
pub mod facts;
pub mod http;
pub mod process;
pub mod reports;
pub mod server;
pub mod space;
pub mod trust;
pub mod written;
pub mod wrong;
