//! Integration tests: one binary, a file per subject.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected has failed"
)]

mod cases;
mod house;
mod law;
mod support;
mod walk;
