//! Products, as licenses grant them and as images hold them.

use std::collections::BTreeSet;

use super::{Identity, Language, Name};

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
    /// The product in words.
    #[must_use]
    pub fn describe(&self) -> Identity<'_> {
        Identity::of(self)
    }
}
