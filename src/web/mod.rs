//! HTTP: the calls in JSON, thin handlers over the use cases as under `rpc`, and the document that describes them; the logs' trees; and what
//! those see who watch the service.

mod admin;
mod calls;
mod openapi;
mod tiles;

pub use admin::{Watched, router as admin};
pub use calls::router as calls;
pub use tiles::router as tiles;
