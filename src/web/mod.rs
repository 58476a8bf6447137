//! Plain HTTP: thin handlers over the use cases, as under `rpc`.

mod tiles;

pub use tiles::router;
