//! Several readings and what was stated, put together.
//!
//! A report fills what was not stated. Where two reports, or a report and what was stated, say different things, the field is
//! unknown and a conflict names both.

mod choose;
mod claim;
mod described;
mod downgrade;
mod field;
mod free_version;
mod image;
mod korea;
mod license;
mod marker;
mod product;

pub use choose::Meant;
pub use claim::{Aside, Conflict, Filled};
pub use described::{DescribedFacts, described_facts};
pub use image::{ImageFacts, image_facts, unstated_products};
pub use license::{LicenseFacts, license_facts};
