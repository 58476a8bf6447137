//! The tables that translate: data, built into the program, every row with a mark of how well it is known.

mod key;
mod load;
mod office;
mod page;
mod windows;
mod word;

pub use key::printed_by;
pub(super) use key::{Means, key};
pub(super) use load::TABLES;
pub(super) use office::{Msi, MsiRow, TokenRow, find_token};
pub use page::facts_page;
pub(super) use windows::{EditionRow, FirmwareRow, RoleRow, VersionRow};
pub use word::edition_in_english;
pub(super) use word::{
    ApplicationWord, ArchitectureWord, ChannelWord, LabelRow, Lifted, ProductIdRow, TrapRow, Withheld,
};
