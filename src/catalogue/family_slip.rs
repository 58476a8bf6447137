//! A family outside the catalogue that was probably meant to be one of it: "Windoze", "Windos 7", "Micrsoft Office".
//!
//! Letter by letter such a name is too far from the family for [`Catalogue::resolve`] to refuse it, and decided as an unknown product it
//! would escape what is known of the real one. Recorded facts may hold it, and are read as they are; so it is asked for apart.

use std::sync::Arc;

use strsim::normalized_damerau_levenshtein;

use super::{Catalogue, Fault, PartError, family::Family, mend::SLIP_MIN, parts::Stated};

/// [`SLIP_MIN`] for a family with products that were never in volume media, which a slip would take off the list: two of the seven letters of
/// "Windows".
const SLIP_OF_LISTED_MIN: f64 = 0.71;

/// Stands before names of any family, and drops from them where it is right.
const MAKER: &str = "microsoft";

impl Catalogue {
    /// Why a family outside the catalogue was probably meant to be one of it; `None` where it may well be another.
    pub(super) fn slip_of_family(&self, stated: &Stated<'_>) -> Option<PartError> {
        let key = stated.key();
        let meant = self.family_meant(key).or_else(|| self.family_behind_maker(key))?;
        Some(stated.doubt(Fault::NearMiss, [meant]))
    }

    /// The family that a key is a slip of, with a version behind it or without.
    fn family_meant(&self, key: &str) -> Option<&Arc<Family>> {
        let families = self.families().map(|family| (family.likeness(key), family));
        let (_, meant) = families
            .filter(|(likeness, _)| *likeness > 0.0)
            .max_by(|(one, _), (other, _)| one.total_cmp(other))?;
        Some(meant)
    }

    /// The family that stands behind a slip of its maker's name, or behind that name and no space.
    fn family_behind_maker(&self, key: &str) -> Option<&Arc<Family>> {
        (MAKER.len() - 1..=MAKER.len() + 1).find_map(|len| {
            let (maker, rest) = key.split_at_checked(len)?;
            if normalized_damerau_levenshtein(maker, MAKER) < SLIP_MIN {
                return None;
            }
            let of_version = || self.names.version(rest).map(|named| &named.family);
            let of_product = || self.family_keys.get(self.names.product(rest)?.family.key());
            let known = self.family_keys.get(rest).or_else(of_version).or_else(of_product);
            known.or_else(|| self.family_meant(rest))
        })
    }
}

impl Family {
    /// How near a key is to this family's name, or to that and a version; 0 where it is no slip of it.
    fn likeness(&self, key: &str) -> f64 {
        let name = self.name.key();
        if key.starts_with(name) {
            return 0.0;
        }
        let is_listed = !self.never_in_volume_media.is_empty();
        // Without a version, the whole name is compared, and more letters are another name: "WindowFX".
        let may_be_alone = is_listed && key.len() <= name.len();
        let alone = may_be_alone.then(|| (normalized_damerau_levenshtein(key, name), SLIP_OF_LISTED_MIN));
        let beginnings = self.beginnings(key).filter(|begun| !begun.version.is_empty());
        let begun = beginnings.map(|begun| {
            let has_digit = begun.version.bytes().any(|sign| sign.is_ascii_digit());
            let least = if is_listed && has_digit {
                SLIP_OF_LISTED_MIN
            } else {
                SLIP_MIN
            };
            (begun.similarity, least)
        });
        alone
            .into_iter()
            .chain(begun)
            .filter(|(similarity, least)| similarity >= least)
            .map(|(similarity, _)| similarity)
            .fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Part;

    fn meant(text: &str) -> Option<String> {
        let slip = Catalogue::embedded().slip_of_family(&Stated::parse(Part::Family, text).ok()?)?;
        assert_eq!((slip.part, slip.fault), (Part::Family, Fault::NearMiss), "{text}");
        Some(slip.nearest.concat())
    }

    #[test]
    fn a_slip_of_a_family_is_told_from_a_family_that_nobody_here_knows() {
        for (text, family) in [
            ("Windoze", "Windows"),
            ("Wnidosw", "Windows"),
            ("Windoze 7", "Windows"),
            ("Windos 7", "Windows"),
            ("Winsows 10 Pro", "Windows"),
            ("Windos Vista", "Windows"),
            ("Ofice 2010", "Office"),
            ("Windos Server 2008 R2", "Windows Server"),
            ("SQL Sever 2008", "SQL Server"),
            ("Micrsoft Office", "Office"),
            ("Mircosoft Windows 7", "Windows"),
            ("Micorsoft Office 2010 Standard", "Office"),
            ("Microsft Offce", "Office"),
            ("MicrosoftOffice", "Office"),
            ("Micrsoft Visio", "Visio"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(family), "{text}");
        }
    }

    #[test]
    fn names_of_other_software_are_no_slips() {
        for text in [
            "AutoCAD",
            "AutoCAD 2010",
            "Contoso Drafting",
            "Adobe Acrobat",
            "Exchange Server",
            "Exchange Server 2010",
            "LibreOffice",
            "Microsoft Dynamics",
            "Microsoft Works",
            "Microsoft Works 9",
            "OpenOffice 3",
            "Prospect",
            "SharePoint",
            "SharePoint Server 2010",
            "WinDev 10",
            "WinDVD 8",
            "WinRAR",
            "WinZip 10",
            "Window Washer",
            "WindowBlinds",
            "WindowBlinds 10",
            "WindowFX",
            "Windows CE 6.0",
            "Windows Embedded",
            "Windows Embedded Standard 7",
            "Windows Home Server 2011",
            "Windows MultiPoint Server 2011",
            "Windows Storage Server 2008",
            "Windows Thin PC",
            "Worldox",
            "World of Warcraft",
            "Kantoor",
            "\u{30a6}\u{30a3}\u{30f3}\u{30c9}\u{30a6}\u{30ba}",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
