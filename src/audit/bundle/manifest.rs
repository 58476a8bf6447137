//! What a bundle says of itself. Nothing signs it: what it says is checked against the rest, or is there for a person to read.

use serde::{Deserialize, Serialize};

/// Number of the form of bundles.
pub const BUNDLE_FORMAT: u32 = 1;

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Number of the form of the bundle.
    pub format: u32,
    /// Which log, `NAME/decisions` or `NAME/operations`.
    pub origin: String,
    /// Names of the keys that signed the checkpoint, as `ORIGIN+HASH`. The key itself comes from elsewhere.
    pub keys: Vec<String>,
    /// How many records there are.
    pub records: u64,
    /// Digests of the catalogues, in the order in which they are in the bundle.
    pub catalogues: Vec<String>,
    /// What the records were selected by, for a person to read.
    pub selection: String,
    /// The program that wrote the bundle, for a person to read.
    pub program: String,
}

impl Manifest {
    /// The file's text.
    pub(super) fn text(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }

    /// Reads the file; says what is wrong where it is none.
    pub(super) fn read(text: &[u8]) -> Result<Self, String> {
        /// A later form is told by its number, whatever else it has.
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let form: Form = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if form.format == BUNDLE_FORMAT {
            serde_json::from_slice(text).map_err(|error| error.to_string())
        } else {
            Err(format!(
                "its format is {}; use the program version that wrote it",
                form.format
            ))
        }
    }
}
