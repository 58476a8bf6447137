//! What a product is, its language, programs and architecture aside.

use std::fmt;

use super::{Name, Product};

/// Family, version and edition, as far as they are stated.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Family.
    pub family: Option<&'a Name>,
    /// Version.
    pub version: Option<&'a Name>,
    /// Edition.
    pub edition: Option<&'a Name>,
}

impl<'a> Identity<'a> {
    /// What a product states.
    #[must_use]
    pub fn of(product: &'a Product) -> Self {
        Self {
            family: product.family.as_ref(),
            version: product.version.as_ref(),
            edition: product.edition.as_ref(),
        }
    }

    /// Whether family, version and edition are equal; `None` while what is stated leaves it open.
    #[must_use]
    pub fn equals(self, other: Identity<'_>) -> Option<bool> {
        let parts = [
            (self.family, other.family),
            (self.version, other.version),
            (self.edition, other.edition),
        ];
        let known = parts.map(|(one, other)| Some(one? == other?));
        match known {
            [Some(true), Some(true), Some(true)] => Some(true),
            known if known.contains(&Some(false)) => Some(false),
            _ => None,
        }
    }
}

impl fmt::Display for Identity<'_> {
    /// The product in words, such as "Windows 7 Professional"; what is unstated shows as "(unstated version)" and the like.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("family", self.family),
            ("version", self.version),
            ("edition", self.edition),
        ];
        if parts.iter().all(|(_, name)| name.is_none()) {
            return out.write_str("a product not stated");
        }
        let mut between = "";
        for (part, name) in parts {
            out.write_str(between)?;
            match name {
                Some(name) => out.write_str(name.text())?,
                None => write!(out, "(unstated {part})")?,
            }
            between = " ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(family: &str, version: &str, edition: &str) -> Product {
        Product {
            family: Name::parse(family),
            version: Name::parse(version),
            edition: Name::parse(edition),
            ..Product::default()
        }
    }

    #[test]
    fn one_part_that_differs_settles_it_and_one_unstated_leaves_it_open() {
        let windows = product("Windows", "7", "Professional");
        let equals =
            |family, version, edition| Identity::of(&windows).equals(Identity::of(&product(family, version, edition)));
        assert_eq!(equals("windows", "7 SP1", "Professional"), Some(true));
        assert_eq!(equals("", "7", "Home Premium"), Some(false));
        assert_eq!(equals("Windows", "", "Professional"), None);
    }

    #[test]
    fn a_product_reads_with_what_is_unstated() {
        let words = |family, version, edition| product(family, version, edition).describe().to_string();
        assert_eq!(words("Windows", "7", "Professional"), "Windows 7 Professional");
        assert_eq!(words("Office", "", "Standard"), "Office (unstated version) Standard");
        assert_eq!(words("", "", ""), "a product not stated");
    }
}
