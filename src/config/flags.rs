//! What the command line sets.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    Key,
    given::{Given, Layer, Origin},
};

/// The settings given as flags, as text; and the file that holds more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    config: Option<PathBuf>,
    values: BTreeMap<Key, String>,
}

impl Flags {
    /// Flags of which none is given but, perhaps, the file.
    #[must_use]
    pub fn new(config: Option<PathBuf>) -> Self {
        Self {
            config,
            values: BTreeMap::new(),
        }
    }

    /// Adds one flag, if it is given.
    #[must_use]
    pub fn with(mut self, key: Key, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.values.insert(key, value.to_owned());
        }
        self
    }

    pub(super) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    pub(super) fn layer(&self) -> Layer {
        let given = |(&key, text): (&Key, &String)| {
            let origin = Origin::Flag(key);
            let text = text.clone();
            (key, Given { text, origin })
        };
        self.values.iter().map(given).collect()
    }
}
