//! Integration tests: one binary, a file per subject.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected has failed"
)]

mod access;
mod altered;
mod backup;
mod bad_bytes;
mod bad_input;
mod bad_question;
mod batch;
mod bundle;
mod cases;
mod check;
mod collect;
mod command;
mod copies;
mod damage;
mod facts_page;
mod faults;
mod fuzz;
mod golden;
mod history;
mod house;
mod http;
mod idempotency;
mod kill;
mod large;
mod law;
mod limits;
mod logs;
mod missing;
mod openapi;
mod operations;
mod opinion;
mod overload;
mod product_key;
mod reading;
mod report_add_on;
mod report_columns;
mod report_combination;
mod report_doubt;
mod report_firmware;
mod report_identifiers;
mod report_keys;
mod report_korea;
mod report_office;
mod report_program;
mod report_robustness;
mod report_small_business;
mod reports;
mod reproduce;
mod size;
mod stall;
mod stop;
mod stream;
mod support;
mod tamper;
mod tiles;
mod transparency;
mod verify;
mod verify_live;
mod walk;
mod watch;
