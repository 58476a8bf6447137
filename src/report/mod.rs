//! What tools report, translated into facts: never guessed, with the raw value and the row of the table beside each.
//!
//! - [`read`] takes one report apart: one adapter for each tool finds named values, tables (`data/*.toml`) say what they mean.
//! - [`license_facts`] and [`image_facts`] put several readings and what was stated together; what contradicts is unknown.
//!
//! A running copy is not its license: the channel it runs in never becomes the license's, and the product that runs counts for
//! the license only where both are of one channel. Nothing here can read a file, a clock or a wire, or knows a rule.

mod adapter;
mod combine;
mod item;
mod read;
mod reading;
mod record;
mod running_channel;
mod table;
mod text;
mod tool;
mod translate;
mod value;

pub use combine::{
    Aside, Conflict, DescribedFacts, Filled, ImageFacts, LicenseFacts, Meant, described_facts, image_facts,
    license_facts, unstated_products,
};
pub use read::read;
pub use reading::{Described, Fact, Origin, Reading, Report, SoftwareKind, Subject, Unmapped, Weight};
pub use running_channel::RunningChannel;
pub use table::{edition_in_english, facts_page, printed_by};
pub use tool::Tool;
pub use value::{MediaOrigin, Value};
