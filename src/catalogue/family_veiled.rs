//! A family outside the catalogue in whose name one of it stands: behind the words of who made, sold or delivered it ("OEM Windows",
//! "Dell Windows 7"), or as an abbreviation ("W7", "MSO").

use super::{Catalogue, Fault, PartError, family::Family, parts::Stated};
use crate::domain::Name;

/// Words of who made, sold or delivered software, and of what any software is; none of them tells a family.
const WORDS: [&str; 40] = [
    "acer",
    "app",
    "application",
    "asus",
    "client",
    "co",
    "corp",
    "corporation",
    "dell",
    "desktop",
    "edition",
    "fpp",
    "fujitsu",
    "genuine",
    "hewlett",
    "hp",
    "ibm",
    "inc",
    "lenovo",
    "license",
    "licence",
    "microsoft",
    "ms",
    "msft",
    "oem",
    "operating",
    "original",
    "os",
    "packard",
    "pc",
    "preinstalled",
    "retail",
    "samsung",
    "software",
    "sony",
    "suite",
    "system",
    "the",
    "toshiba",
    "volume",
];

impl Catalogue {
    /// Why a family outside the catalogue hardly stands for itself; `None` where it may.
    pub(super) fn veiled_family(&self, stated: &Stated<'_>) -> Option<PartError> {
        let words = words(stated.text);
        let own: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|word| !WORDS.contains(word))
            .collect();
        if own.is_empty() {
            return Some(stated.doubt(Fault::SaysNothing, [""; 0]));
        }
        let behind = (own.len() < words.len())
            .then(|| self.family_named(&own.join(" ")))
            .flatten();
        let family = behind.or_else(|| {
            self.families()
                .map(AsRef::as_ref)
                .find(|family| family.is_abbreviated_by(stated.key()))
        })?;
        Some(stated.doubt(Fault::SaysMore, [family]))
    }

    /// The family that a text names, with a version, or as a whole product, or alone.
    fn family_named(&self, text: &str) -> Option<&Family> {
        let name = Name::parse(text)?;
        let of_version = || self.names.version(name.key()).map(|named| &named.family);
        let of_product = || self.family_keys.get(self.names.product(name.key())?.family.key());
        let family = self.family_keys.get(name.key()).or_else(of_version).or_else(of_product);
        family.map(AsRef::as_ref)
    }
}

impl Family {
    /// Whether a key is this family's first letter, behind "ms" or before a version or both; asked of those only that a condition has
    /// a list for, as short keys may be anybody's.
    fn is_abbreviated_by(&self, key: &str) -> bool {
        if self.never_in_volume_media.is_empty() {
            return false;
        }
        let (is_makers, rest) = key.strip_prefix("ms").map_or((false, key), |rest| (true, rest));
        let initial = self.name.key().chars().next();
        let Some(version) = initial.and_then(|initial| rest.strip_prefix(initial)) else {
            return false;
        };
        let has_digit = version.bytes().any(|sign| sign.is_ascii_digit());
        (is_makers && version.is_empty()) || (has_digit && self.version(version).is_some())
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|sign: char| !sign.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Part;

    fn veiled(text: &str) -> Option<(Fault, String)> {
        let stated = Stated::parse(Part::Family, text).unwrap();
        let doubt = Catalogue::embedded().veiled_family(&stated)?;
        Some((doubt.fault, doubt.nearest.concat()))
    }

    #[test]
    fn who_made_or_sold_it_is_no_family() {
        for text in [
            "Microsoft",
            "Microsoft Corporation",
            "MS",
            "Operating System",
            "OEM software",
        ] {
            assert_eq!(veiled(text), Some((Fault::SaysNothing, String::new())), "{text}");
        }
    }

    #[test]
    fn a_family_behind_such_words_or_in_short_is_that_family() {
        for (text, family) in [
            ("MS Win", "Windows"),
            ("OEM Windows", "Windows"),
            ("Dell Windows", "Windows"),
            ("Genuine Windows", "Windows"),
            ("Microsoft Corporation Windows", "Windows"),
            ("Microsoft Windows 7 OEM", "Windows"),
            ("The Office", "Office"),
            ("Retail Office 2010", "Office"),
            ("W7", "Windows"),
            ("W10", "Windows"),
            ("W8.1", "Windows"),
            ("MSO", "Office"),
            ("O2010", "Office"),
            ("OEM Visio", "Visio"),
        ] {
            assert_eq!(veiled(text), Some((Fault::SaysMore, family.to_owned())), "{text}");
        }
    }

    #[test]
    fn names_of_other_software_hide_no_family() {
        for text in [
            "AutoCAD",
            "Adobe Acrobat",
            "LibreOffice",
            "Libre Office",
            "WPS Office",
            "7-Zip for Windows",
            "Microsoft Dynamics",
            "Microsoft Works",
            "Windows Embedded",
            "Windows Home Server",
            "HP Client Security",
            "IBM Notes",
            "W3C Validator",
            "O3",
            "Dell Command Update",
            "MSI",
            "M365",
        ] {
            assert_eq!(veiled(text), None, "{text}");
        }
    }
}
