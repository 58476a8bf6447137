//! Integration tests: one binary, a file per subject.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected has failed"
)]

mod bad_input;
mod cases;
mod check;
mod faults;
mod golden;
mod history;
mod house;
mod idempotency;
mod kill;
mod law;
mod size;
mod reproduce;
mod stop;
mod support;
mod walk;
