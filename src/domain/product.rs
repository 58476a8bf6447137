//! Products, as licenses grant them and as images hold them.

use std::collections::BTreeSet;

use super::{Language, Name};

/// A software product; every field may be unstated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Family, such as "Windows" or "Office".
    pub family: Option<Name>,
    /// Version within the family, such as "7".
    pub version: Option<Name>,
    /// Edition of that version, such as "Professional".
    pub edition: Option<Name>,
    /// Language of the product.
    pub language: Option<Language>,
    /// Programs of a suite, stated or known to the catalogue.
    pub components: Option<BTreeSet<Name>>,
    /// Processor architecture.
    pub architecture: Option<Architecture>,
}

/// Processor architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Architecture {
    /// 32-bit Intel and AMD.
    X86,
    /// 64-bit Intel and AMD.
    X64,
    /// 64-bit ARM.
    Arm64,
}

impl Product {
    /// The product in words, such as "Windows 7 Professional"; what is unstated shows as "unstated version" and the like.
    #[must_use]
    pub fn describe(&self) -> String {
        if self.family.is_none() && self.version.is_none() && self.edition.is_none() {
            return "a product not stated".to_owned();
        }
        let part = |name: &Option<Name>, what: &str| {
            name.as_ref()
                .map_or_else(|| format!("(unstated {what})"), |name| name.text().to_owned())
        };
        format!(
            "{} {} {}",
            part(&self.family, "family"),
            part(&self.version, "version"),
            part(&self.edition, "edition"),
        )
    }
}
