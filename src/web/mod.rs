//! Plain HTTP: thin handlers over the use cases, as under `rpc`.

mod admin;
mod tiles;

pub use admin::{Watched, router as admin};
pub use tiles::router as tiles;
