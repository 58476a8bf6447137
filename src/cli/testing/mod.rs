//! What the tests of the command line share: decisions made by hand, and a service that answers with them.

mod decisions;
mod service;

pub(super) use decisions::{indeterminate, language_page, not_permitted, permitted, reported, two_products};
pub(super) use service::{Told, tell};
