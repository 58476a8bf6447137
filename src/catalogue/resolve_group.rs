//! From free text to all products that it names: "Office", "Windows 7", "Win 7 Pro".

use super::{Catalogue, Parts, Unresolved};
use crate::domain::Name;

/// As many names as one reads.
const NEAREST_LEN_MAX: usize = 5;

impl Catalogue {
    /// What a text names: a product in full, else a version of a family, else a family. For whoever looks for all of them; a decision is
    /// never made on less than a product.
    ///
    /// # Errors
    ///
    /// When the text names nothing in the catalogue; with the nearest names.
    pub fn resolve_group(&self, text: &str) -> Result<Parts, Unresolved> {
        if let Some(product) = self.named(text) {
            return Ok(Parts {
                family: Some(product.family.clone()),
                version: Some(product.version.clone()),
                edition: Some(product.edition.clone()),
            });
        }
        let name = Name::parse(text);
        let key = name.as_ref().map_or("", Name::key);
        self.group(key).ok_or_else(|| {
            let mended = self.mended(key).and_then(|key| self.group(&key));
            let mut nearest: Vec<String> = mended.iter().map(told).collect();
            if !key.is_empty() {
                nearest.extend(self.nearest_products(key));
            }
            nearest.truncate(NEAREST_LEN_MAX);
            Unresolved {
                text: text.to_owned(),
                nearest,
            }
        })
    }

    /// The version or the family of a key.
    fn group(&self, key: &str) -> Option<Parts> {
        let version = self.names.version(key).map(|named| Parts {
            family: Some(named.family.name.clone()),
            version: Some(named.version.name.clone()),
            edition: None,
        });
        let family = || {
            self.family_keys.get(key).map(|family| Parts {
                family: Some(family.name.clone()),
                ..Parts::default()
            })
        };
        version.or_else(family)
    }
}

fn told(parts: &Parts) -> String {
    let names = [&parts.family, &parts.version].into_iter().flatten();
    names.map(Name::text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> String {
        match Catalogue::embedded().resolve_group(text) {
            Ok(parts) => [&parts.family, &parts.version, &parts.edition]
                .map(|part| part.as_ref().map_or("-", Name::text))
                .join("/"),
            Err(unresolved) => unresolved.to_string(),
        }
    }

    #[test]
    fn a_product_a_version_or_a_family_is_named() {
        for (text, named) in [
            ("win 7 pro", "Windows/7/Professional"),
            ("Windows 7", "Windows/7/-"),
            ("vista", "Windows/Vista/-"),
            ("Microsoft Office", "Office/-/-"),
            ("windows", "Windows/-/-"),
            ("SQL Server 2008 R2", "SQL Server/2008 R2/-"),
        ] {
            assert_eq!(resolve(text), named, "{text}");
        }
    }

    #[test]
    fn a_slip_names_first_what_was_meant() {
        for (text, first) in [
            ("Windos 7", "`Windows 7`, `Windows 7 "),
            ("Widnows", "`Windows`"),
            ("Windos 7 Pro", "`Windows 7 Professional`"),
        ] {
            assert!(
                resolve(text).contains(&format!("known: {first}")),
                "{text}: {}",
                resolve(text)
            );
        }
        assert!(resolve("AutoCAD").ends_with("state family, version and edition instead"));
        assert!(resolve("--").ends_with("state family, version and edition instead"));
    }
}
