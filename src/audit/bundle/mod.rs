//! The evidence bundle: records with all it takes to check them, in one file. `docs/evidence.md` is its specification.
//!
//! It is written as a stream and read in memory that does not grow with it. Whoever reads it trusts nothing in it but what hangs on
//! the signature of a key that they already have.

mod error;
mod line;
mod manifest;
mod reader;
mod writer;

pub use error::{BundleError, RecordFault, RecordsError};
pub use line::BundledRecord;
pub use manifest::{BUNDLE_FORMAT, Manifest};
pub use reader::{Bundle, Report, stated};
pub use writer::{BundleHead, BundleWriter, WriteError};

/// Names of the files in a bundle.
mod name {
    pub(super) const README: &str = "README.txt";
    pub(super) const CHECKPOINT: &str = "checkpoint";
    pub(super) const CONDITIONS: &str = "conditions.json";
    pub(super) const RECORDS: &str = "records.ndjson";
    pub(super) const CATALOGUES: &str = "catalogues/";
    pub(super) const MANIFEST: &str = "manifest.json";

    pub(super) fn catalogue(digest: &str) -> String {
        format!("{CATALOGUES}{digest}.json")
    }
}

/// SHA-256 in lower-case hexadecimal, by which catalogues are named.
fn hexadecimal_digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;

    super::hexadecimal(&sha2::Sha256::digest(bytes))
}

#[cfg(test)]
mod tests;
