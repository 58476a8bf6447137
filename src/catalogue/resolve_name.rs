//! From free text to a product: "Win 7 Pro".

use super::{
    Catalogue, CatalogueProduct, Unresolved,
    keys::{is_tails, without_edition_word, without_foreign_marks},
    nearest,
};
use crate::domain::Name;

impl Catalogue {
    /// The product that a text names in full. Family first, version and edition in either order; the word "edition" does not
    /// count. Nothing is guessed.
    ///
    /// # Errors
    ///
    /// When the text names no product of the catalogue, or leaves open which; with the nearest products.
    pub fn resolve_name(&self, text: &str) -> Result<&CatalogueProduct, Unresolved> {
        let unresolved = |nearest| Unresolved {
            text: text.to_owned(),
            nearest,
        };
        let name = Name::parse(text).ok_or_else(|| unresolved(Vec::new()))?;
        match self.names.product(name.key()) {
            Some(product) => Ok(product),
            None => Err(unresolved(self.nearest_products(name.key()))),
        }
    }

    /// The product that a text names in full, if it does; the nearest ones are not looked for, which would take long.
    #[must_use]
    pub fn named(&self, text: &str) -> Option<&CatalogueProduct> {
        self.names.product(Name::parse(text)?.key()).map(AsRef::as_ref)
    }

    /// Full names of the products nearest to a key, which is first brought to how products are listed.
    pub(super) fn nearest_products(&self, key: &str) -> Vec<String> {
        let key = without_edition_word(key);
        if let Some(product) = self.product_before_tails(&key) {
            return vec![product.to_string()];
        }
        let key = without_foreign_marks(&key).unwrap_or(&key);
        let listed = || {
            let families = self.families().map(|family| (family, family.strip(key)));
            let named = families
                .filter(|(_, rest)| rest.len() < key.len())
                .min_by_key(|(_, rest)| rest.len());
            named.map_or_else(|| key.to_owned(), |(family, rest)| [family.name.key(), rest].concat())
        };
        // As it stands first: a slip may begin with what is short for another name, as "Windos" does with "Win".
        let key = self.mended(key).unwrap_or_else(|| {
            let listed = listed();
            self.mended(&listed).unwrap_or(listed)
        });
        let models = self.names.models.iter();
        let nearest = nearest::nearest(&key, models.map(|(model, product)| (model.as_ref(), product.as_ref())));
        nearest.into_iter().map(CatalogueProduct::to_string).collect()
    }

    /// The product with whose full name a key begins, where nothing but what is printed behind names follows: "Windows 7 Professional OEM".
    fn product_before_tails(&self, key: &str) -> Option<&CatalogueProduct> {
        let ends = key.char_indices().map(|(end, _)| end).rev();
        ends.map_while(|end| key.split_at_checked(end))
            .filter(|(_, tail)| is_tails(tail))
            .find_map(|(name, _)| self.names.product(name))
            .map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> String {
        Catalogue::embedded()
            .resolve_name(text)
            .map_or_else(|error| error.to_string(), ToString::to_string)
    }

    fn nearest(text: &str) -> Vec<String> {
        match Catalogue::embedded().resolve_name(text) {
            Ok(product) => panic!("`{text}` resolved to `{product}`"),
            Err(unresolved) => unresolved.nearest,
        }
    }

    #[test]
    fn what_is_printed_behind_a_name_leaves_the_name() {
        for text in [
            "Windows 7 Professional Upgrade",
            "Windows 7 Professional x64 OEM",
            "Windows 7 Pro OA",
            "Windows 7 Professional COA",
        ] {
            assert_eq!(nearest(text), ["Windows 7 Professional"], "{text}");
        }
        assert_eq!(nearest("Windows 10 Pro 22H2"), ["Windows 10 Professional"]);
    }

    #[test]
    fn names_resolve_as_people_write_them() {
        for (text, product) in [
            ("Windows 7 Professional", "Windows 7 Professional"),
            ("win 7 pro", "Windows 7 Professional"),
            (
                "Microsoft\u{ae} Windows\u{ae} 7 Professional SP1 ",
                "Windows 7 Professional",
            ),
            ("Office ProPlus 2010", "Office 2010 Professional Plus"),
            (
                "Microsoft Office Professional Plus 2010",
                "Office 2010 Professional Plus",
            ),
            ("Office 2010 Professional Plus", "Office 2010 Professional Plus"),
            ("Microsoft Office Professional Edition 2003", "Office 2003 Professional"),
            ("Office Home & Student 2007", "Office 2007 Home and Student"),
            ("Office LTSC Professional Plus 2021", "Office 2021 Professional Plus"),
            ("Windows Server 2008 R2 Standard", "Windows Server 2008 R2 Standard"),
            (
                "Microsoft(R) Windows(R) Server 2003, Enterprise Edition",
                "Windows Server 2003 Enterprise",
            ),
            (
                "Microsoft(R) Windows(R) Server 2003, Enterprise Edition x64",
                "Windows Server 2003 Enterprise x64",
            ),
            ("Windows Vista\u{2122} Business", "Windows Vista Business"),
            ("XP Pro", "Windows XP Professional"),
            ("Windows XP Professional x64 Edition", "Windows XP Professional x64"),
            ("Windows XP Media Center Edition 2005", "Windows XP Media Center"),
            ("Windows 98", "Windows 98 Standard"),
            ("Windows 98 Second Edition", "Windows 98 Second Edition"),
            ("Windows NT Workstation 4.0", "Windows NT 4.0 Workstation"),
            ("Windows 2000 Professional", "Windows 2000 Professional"),
            ("Windows RT 8.1", "Windows 8.1 RT"),
            ("Windows 8", "Windows 8 Core"),
            ("Windows 8.1", "Windows 8.1 Core"),
            ("Windows 8.1 Pro", "Windows 8.1 Professional"),
            ("Windows 10 Home", "Windows 10 Home"),
            ("Windows 10 Enterprise 2016 LTSB", "Windows 10 Enterprise LTSB 2016"),
            ("Visio Std 2010", "Visio 2010 Standard"),
            (
                "Microsoft SQL Server 2008 R2 Enterprise",
                "SQL Server 2008 R2 Enterprise",
            ),
            ("Office Communicator 2007 R2", "Lync 2007 R2 Client"),
            ("Skype for Business 2016", "Lync 2016 Client"),
            ("Microsoft Office Excel 2007", "Excel 2007 Application"),
        ] {
            assert_eq!(resolve(text), product, "{text}");
        }
    }

    #[test]
    fn what_leaves_the_product_open_is_not_guessed() {
        for text in [
            "Windows 7",
            "Windows",
            "Office Professional",
            "Windows Professional",
            "7 Professional",
            "Windows 7 Home",
            "Windows 10 Enterprise LTSC",
            "Windows 7 Professional x64",
            "Windows 7 Profesional",
            "Windows 12 Pro",
            "AutoCAD 2010",
            "",
            "--",
        ] {
            assert!(Catalogue::embedded().resolve_name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn slips_name_the_right_product_first() {
        for (text, product) in [
            ("Windows 7 Profesional", "Windows 7 Professional"),
            ("Widnows 7 Professional", "Windows 7 Professional"),
            ("Win 7 Ultimatte", "Windows 7 Ultimate"),
            ("Ofice Pro Plus 2010", "Office 2010 Professional Plus"),
            ("Windows Sever 2008 R2 Standard", "Windows Server 2008 R2 Standard"),
            ("Windows 7 Professional x64", "Windows 7 Professional"),
            ("Windows Vista Bussiness", "Windows Vista Business"),
        ] {
            assert_eq!(nearest(text).first().map(String::as_str), Some(product), "{text}");
        }
    }

    #[test]
    fn a_name_without_an_edition_lists_the_editions() {
        let listed = nearest("Windows 7");
        assert_eq!(listed.len(), 5);
        assert!(listed.iter().all(|name| name.starts_with("Windows 7 ")), "{listed:?}");
        let listed = nearest("SQL 2008 R2");
        assert!(
            listed.iter().all(|name| name.starts_with("SQL Server 2008 R2 ")),
            "{listed:?}"
        );
    }

    #[test]
    fn a_slip_in_a_name_without_an_edition_lists_the_editions_too() {
        for (text, begins) in [
            ("Windos 7", "Windows 7 "),
            ("Widnows Vista", "Windows Vista "),
            ("Windows Visa", "Windows Vista "),
            ("Ofice 2010", "Office 2010 "),
            ("Windows Sever 2008 R2", "Windows Server 2008 R2 "),
        ] {
            let listed = nearest(text);
            assert!(
                !listed.is_empty() && listed.iter().all(|name| name.starts_with(begins)),
                "{text}: {listed:?}"
            );
        }
    }

    #[test]
    fn what_resembles_nothing_has_nothing_near() {
        assert!(nearest("AutoCAD").is_empty());
        assert!(nearest(&"x".repeat(256)).is_empty());
        assert_eq!(
            resolve("Auto\nCAD"),
            "`Auto CAD` names no one product of the catalogue; state family, version and edition instead"
        );
    }

    #[test]
    fn the_error_names_the_cure() {
        assert!(
            resolve("Win 7 Ultimatte").contains("known: `Windows 7 Ultimate`"),
            "{}",
            resolve("Win 7 Ultimatte")
        );
    }
}
