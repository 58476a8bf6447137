//! What the environment sets: `REIMAGE_RIGHTS_` variables, of which an unknown one is refused, since a typo must not be
//! silent.

use std::{ffi::OsString, path::PathBuf};

use super::{
    ConfigError, Key,
    given::{Given, Layer, Origin},
};
use crate::domain::nearest;

const PREFIX: &str = "REIMAGE_RIGHTS_";

/// The variable that names the file.
pub const CONFIG_VARIABLE: &str = "REIMAGE_RIGHTS_CONFIG";

/// The environment's part of the settings.
#[derive(Debug, Default)]
pub(super) struct Environment {
    pub config: Option<PathBuf>,
    pub layer: Layer,
}

impl Environment {
    /// Reads the variables that are this program's; an empty one counts as not set.
    pub(super) fn read(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, ConfigError> {
        let mut environment = Self::default();
        for (name, value) in variables {
            let name = name.to_string_lossy().into_owned();
            if !name.starts_with(PREFIX) || value.is_empty() {
                continue;
            }
            if name == CONFIG_VARIABLE {
                environment.config = Some(value.into());
                continue;
            }
            let key = Key::ALL
                .into_iter()
                .find(|key| key.variable() == name)
                .ok_or_else(|| unknown(&name))?;
            let text = value.into_string().map_err(|_| ConfigError::NotUnicode(name))?;
            let origin = Origin::Environment(key);
            environment.layer.insert(key, Given { text, origin });
        }
        Ok(environment)
    }
}

fn unknown(name: &str) -> ConfigError {
    let mut known: Vec<String> = Key::ALL.into_iter().map(Key::variable).collect();
    known.push(CONFIG_VARIABLE.to_owned());
    let suffix = name.strip_prefix(PREFIX).unwrap_or(name);
    let suffixes = known.iter().filter_map(|known| known.strip_prefix(PREFIX));
    let cure = nearest(suffix, suffixes).map_or_else(
        || format!("known are `{}`", known.join("`, `")),
        |near| format!("did you mean `{PREFIX}{near}`?"),
    );
    ConfigError::UnknownVariable {
        name: name.to_owned(),
        cure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Environment, String> {
        Environment::read([(name.into(), value.into())]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_mistyped_variable_is_refused_naming_the_nearest() {
        let error = read("REIMAGE_RIGHTS_DATABSE", "x").unwrap_err();
        assert!(error.contains("did you mean `REIMAGE_RIGHTS_DATABASE`?"), "{error}");
        let error = read("REIMAGE_RIGHTS_ZZZ", "x").unwrap_err();
        assert!(error.contains("`REIMAGE_RIGHTS_CONFIG`"), "{error}");
    }

    #[test]
    fn variables_of_others_and_empty_ones_count_for_nothing() {
        assert!(read("PATH", "x").unwrap().layer.is_empty());
        assert!(read("REIMAGE_RIGHTS_LISTEN", "").unwrap().layer.is_empty());
    }

    #[test]
    fn every_setting_has_its_variable() {
        for key in Key::ALL {
            assert!(
                read(&key.variable(), "x").unwrap().layer.contains_key(&key),
                "{}",
                key.variable()
            );
        }
    }
}
