//! The kinds of facts a catalogue holds.

use serde::{Deserialize, Serialize};

use crate::domain::Source;

/// A fact with its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<T> {
    /// The fact.
    pub value: T,
    /// How well it is known.
    pub source: Source,
}

/// What kind of family a family is, as far as rules care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FamilyClass {
    /// Windows for desktop PCs.
    WindowsDesktop,
    /// Office suites.
    Office,
    /// Everything else, families outside the catalogue included.
    Other,
}

/// Whether a product is on a list, as far as its stated parts tell. Ordered, so that "and" is the least of several and "or"
/// the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Listed {
    /// On the list it is not, whatever the unstated parts are.
    No,
    /// An unstated part could make it a listed product.
    Possible,
    /// On the list.
    Yes,
}

impl From<bool> for Listed {
    fn from(listed: bool) -> Self {
        if listed { Self::Yes } else { Self::No }
    }
}

/// How well each fact about a product is known. What the catalogue does not say of the product is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sources {
    /// That the version exists, under its names and in its place in the order.
    pub version: Source,
    /// That the version has the edition.
    pub edition: Source,
    /// That the edition is an Enterprise edition.
    pub enterprise: Option<Source>,
    /// That the edition is of the Home class.
    pub home_class: Option<Source>,
    /// That the edition continues another, or is continued, under another name.
    pub lineage: Option<Source>,
    /// Which programs the suite is made of.
    pub components: Option<Source>,
    /// That the product was never in volume media.
    pub never_in_volume_media: Option<Source>,
}
