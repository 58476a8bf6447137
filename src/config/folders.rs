//! Where the platform keeps a user's settings and data.

use std::path::PathBuf;

use etcetera::{BaseStrategy as _, base_strategy::choose_native_strategy};

const FOLDER: &str = "reimage-rights";

/// This program's own folders; unknown where the user has no home.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    /// Holds `config.toml`.
    pub config: Option<PathBuf>,
    /// Holds `decisions.db`.
    pub data: Option<PathBuf>,
    /// Holds the files of checkpoints.
    pub state: Option<PathBuf>,
}

impl Folders {
    /// The folders on this platform.
    #[must_use]
    pub fn of_platform() -> Self {
        let home = choose_native_strategy().ok();
        Self {
            config: home.as_ref().map(|home| home.config_dir().join(FOLDER)),
            data: home.as_ref().map(|home| home.data_dir().join(FOLDER)),
            // Where a platform has no folder for state, that for data is the next best: what counts is another file than the database.
            state: home
                .as_ref()
                .map(|home| home.state_dir().unwrap_or_else(|| home.data_dir()).join(FOLDER)),
        }
    }
}
