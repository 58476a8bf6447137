//! Integration tests: one binary, a file per subject.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected has failed"
)]

mod bad_input;
mod bad_question;
mod cases;
mod check;
mod facts_page;
mod faults;
mod golden;
mod history;
mod house;
mod idempotency;
mod kill;
mod law;
mod product_key;
mod report_combination;
mod report_identifiers;
mod report_robustness;
mod reports;
mod reproduce;
mod size;
mod stop;
mod support;
mod walk;
