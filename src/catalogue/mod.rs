//! What is known of products: which families, versions and editions there are, under which names, and the facts about them
//! that rules ask for.
//!
//! The knowledge is data (`data/*.toml`), built into the program and identified by a digest; every fact carries a mark of
//! how well it is known. Code here reads names and answers questions; it decides nothing, and nothing under `catalogue`
//! can read a file, a clock or a wire.

mod document;
mod doubt;
mod embedded;
mod error;
mod facts;
mod family;
mod family_parse;
mod family_slip;
mod family_veiled;
mod keys;
mod knowledge;
mod load;
mod mend;
mod nearest;
mod never_in_volume_media;
mod part_edition;
mod part_family;
mod part_version;
mod parts;
mod product_names;
mod resolve_group;
mod resolve_name;
mod trade;
mod trade_parse;

pub use crate::domain::Source;
pub use error::{CatalogueError, Fault, Part, PartError, Unresolved};
pub use facts::{FamilyClass, Known, Listed, Sources};
pub use load::Catalogue;
pub use parts::Parts;
pub use product_names::CatalogueProduct;
