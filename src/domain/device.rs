//! The device an image is meant for.

use super::License;

/// A device, as far as licensing knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What licenses it holds.
    pub holdings: Holdings,
}

/// What is said of a device's licenses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Holdings {
    /// Nothing is said.
    #[default]
    Unstated,
    /// It holds none.
    Unlicensed,
    /// It holds these and no others.
    Licenses(Vec<License>),
}

impl Holdings {
    /// The licenses stated; none when nothing is said or the device holds none.
    #[must_use]
    pub fn licenses(&self) -> &[License] {
        match self {
            Self::Unstated | Self::Unlicensed => &[],
            Self::Licenses(licenses) => licenses,
        }
    }
}
