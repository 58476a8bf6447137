//! What a request states and hardly meant: a text that says nothing, or that hides a product the catalogue knows from all that is known of it.
//!
//! [`Catalogue::resolve`] reads such a text as a product of its own, which equals only itself. Stated of license and image alike, it would
//! escape every condition on the real one. Recorded facts may hold it, and are read as they are; so it is asked for apart.

use super::{
    Catalogue, Fault, Part, PartError,
    family::{Edition, Family, Version},
    keys::is_tails,
    nearest,
    parts::{Seen, Stated},
};
use crate::domain::Name;

/// Keys of what people, and the tools they use, write where they have nothing to say.
const NOTHING: [&str; 26] = [
    "all",
    "any",
    "blank",
    "current",
    "default",
    "dontknow",
    "empty",
    "latest",
    "na",
    "nan",
    "nil",
    "none",
    "notapplicable",
    "notavailable",
    "notknown",
    "notset",
    "null",
    "other",
    "tba",
    "tbd",
    "undefined",
    "unknown",
    "unspecified",
    "unstated",
    "various",
    "xxx",
];

impl Catalogue {
    /// Why stated parts are hardly meant as they stand, those that [`Catalogue::resolve`] takes; at most one for each part.
    #[must_use]
    pub fn doubts(&self, family: Option<&str>, version: Option<&str>, edition: Option<&str>) -> Vec<PartError> {
        let named = |text| self.family_keys.get(Name::parse(text)?.key());
        let of_version = |text| Some(&self.names.version(Name::parse(text)?.key())?.family);
        let known = match family {
            Some(family) => named(family),
            None => version.and_then(of_version),
        };
        let known = known.map(AsRef::as_ref);
        let outside = family
            .filter(|_| known.is_none())
            .and_then(|text| self.outside_family(text));
        let doubts = [
            outside.as_ref().and_then(|family| self.doubt_of_family(family)),
            version.and_then(|text| self.doubt_of_version(known, outside.is_some(), text)),
            edition.and_then(|text| self.doubt_of_edition(known, version, outside.is_some(), text)),
        ];
        doubts.into_iter().flatten().collect()
    }

    /// A family that is stated and stays what it is.
    fn outside_family<'a>(&self, text: &'a str) -> Option<Stated<'a>> {
        let is_outside = matches!(self.see_family(text), Ok(Seen::Outside(_)));
        Stated::parse(Part::Family, text).ok().filter(|_| is_outside)
    }

    fn doubt_of_family(&self, stated: &Stated<'_>) -> Option<PartError> {
        let veiled = || self.veiled_family(stated);
        stated
            .doubt_of_nothing()
            .or_else(veiled)
            .or_else(|| self.slip_of_family(stated))
    }

    /// The same of a program that suites are made of.
    #[must_use]
    pub fn doubt_of_component(&self, text: &str) -> Option<PartError> {
        let stated = Stated::parse(Part::Component, text).ok()?;
        let key = stated.key();
        if self.programs.contains_key(key) {
            return None;
        }
        if let Some(nothing) = stated.doubt_of_nothing() {
            return Some(nothing);
        }
        let without_version = key.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
        if let Some(program) = self.programs.get(without_version) {
            return Some(stated.doubt(Fault::SaysMore, [program]));
        }
        if text.contains([',', ';']) {
            return Some(stated.doubt(Fault::SaysMore, [""; 0]));
        }
        let mut forms: Vec<_> = self
            .programs
            .iter()
            .map(|(form, name)| (form.as_ref(), name.text()))
            .collect();
        // Nothing may hang on the order of a hash table.
        forms.sort_unstable();
        match nearest::near_misses(key, forms.into_iter()).as_slice() {
            [] => None,
            meant => Some(stated.doubt(Fault::NearMiss, meant)),
        }
    }

    fn doubt_of_version(&self, family: Option<&Family>, is_outside: bool, text: &str) -> Option<PartError> {
        let stated = Stated::parse(Part::Version, text).ok()?;
        let key = stated.key();
        let Some(family) = family else {
            let of_another = || self.doubt_of_part_outside(&stated).filter(|_| is_outside);
            return stated.doubt_of_nothing().or_else(of_another);
        };
        if family.version(key).is_some() || self.names.version(key).is_some() {
            return None;
        }
        if let Some(nothing) = stated.doubt_of_nothing() {
            return Some(nothing);
        }
        if let Some(version) = family.version_behind_mark(key) {
            return Some(stated.doubt(Fault::SaysMore, [&version.name]));
        }
        // "Windows" in version "2008 R2" is a server.
        let siblings = self.families().filter(|other| {
            let rest = other.name.key().strip_prefix(family.name.key());
            rest.is_some_and(|rest| !rest.is_empty())
        });
        let named = siblings.filter_map(|other| Some(format!("{} {}", other.name, other.version(key)?.name)));
        let named: Vec<String> = named.collect();
        (!named.is_empty()).then(|| stated.doubt(Fault::OtherFamily, named))
    }

    fn doubt_of_edition(
        &self,
        family: Option<&Family>,
        version: Option<&str>,
        is_outside: bool,
        text: &str,
    ) -> Option<PartError> {
        let stated = Stated::parse(Part::Edition, text).ok()?;
        let key = stated.key();
        let Some(family) = family else {
            let of_another = || self.doubt_of_part_outside(&stated).filter(|_| is_outside);
            return stated.doubt_of_nothing().or_else(of_another);
        };
        if family.edition(key).is_some() {
            return None;
        }
        if let Some(nothing) = stated.doubt_of_nothing() {
            return Some(nothing);
        }
        let version = version
            .and_then(Name::parse)
            .and_then(|name| family.version(name.key()));
        let editions = family.editions.iter();
        let editions =
            editions.filter(|edition| version.is_none_or(|version| version.releases.contains_key(&edition.name)));
        let behind = editions.filter_map(|edition| Some((edition.begun_by(key)?, edition)));
        // The one of which most is said.
        let (_, edition) = behind.max_by_key(|(len, _)| *len)?;
        Some(stated.doubt(Fault::SaysMore, [&edition.name]))
    }

    /// Of a family outside the catalogue: whether a part of it names a product or a version of another one.
    fn doubt_of_part_outside(&self, stated: &Stated<'_>) -> Option<PartError> {
        let key = stated.key();
        if let Some(product) = self.names.product(key) {
            return Some(stated.doubt(Fault::OtherFamily, [product]));
        }
        // A bare name, such as "Vista", is what a family of anybody's may call its version.
        let named = self
            .names
            .version(key)
            .filter(|named| key.starts_with(named.family.name.key()))?;
        Some(stated.doubt(Fault::OtherFamily, [named]))
    }
}

/// What stands before a number to say that it is one.
const VERSION_MARKS: [&str; 4] = ["version", "vers", "ver", "v"];

impl Family {
    /// The version that a key such as `v7` means.
    fn version_behind_mark(&self, key: &str) -> Option<&Version> {
        let behind = VERSION_MARKS.iter().find_map(|mark| key.strip_prefix(mark))?;
        self.version(behind).map(AsRef::as_ref)
    }
}

impl Edition {
    /// Letters of this edition's name with which a key begins that has nothing but tails behind it.
    fn begun_by(&self, key: &str) -> Option<usize> {
        let lens = self.forms().filter_map(|form| {
            let rest = key.strip_prefix(form.key()).filter(|rest| !rest.is_empty())?;
            is_tails(rest).then(|| form.key().len())
        });
        lens.max()
    }
}

impl Stated<'_> {
    /// The error that it is where it only says that there is nothing to say.
    fn doubt_of_nothing(&self) -> Option<PartError> {
        let says_nothing = NOTHING.contains(&self.key());
        says_nothing.then(|| self.doubt(Fault::SaysNothing, [""; 0]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubts(family: &str, version: &str, edition: &str) -> Vec<(Part, Fault, String)> {
        let part = |text| Some(text).filter(|text: &&str| !text.is_empty());
        let doubts = Catalogue::embedded().doubts(part(family), part(version), part(edition));
        let told = doubts
            .into_iter()
            .map(|doubt| (doubt.part, doubt.fault, doubt.nearest.join(", ")));
        told.collect()
    }

    fn doubt(family: &str, version: &str, edition: &str) -> (Part, Fault, String) {
        let mut doubts = doubts(family, version, edition);
        assert_eq!(doubts.len(), 1, "{family}/{version}/{edition}: {doubts:?}");
        doubts.remove(0)
    }

    #[test]
    fn what_says_that_nothing_is_known_is_no_name() {
        for (family, version, edition, part) in [
            ("Windows", "unknown", "Professional", Part::Version),
            ("Windows", "N/A", "Professional", Part::Version),
            ("Windows", "7", "unknown", Part::Edition),
            ("Windows Server", "2008 R2", "N/A", Part::Edition),
            ("Office", "TBD", "Standard", Part::Version),
            ("unknown", "7", "Professional", Part::Family),
            ("AutoCAD", "any", "LT", Part::Version),
            ("AutoCAD", "2010", "None", Part::Edition),
            ("", "n/a", "", Part::Version),
        ] {
            assert_eq!(
                doubt(family, version, edition),
                (part, Fault::SaysNothing, String::new()),
                "{family}/{version}/{edition}"
            );
        }
        assert_eq!(doubts("unknown", "unknown", "unknown").len(), 3);
    }

    #[test]
    fn a_product_named_in_a_part_of_another_family_is_of_its_own() {
        for (version, edition, part, named) in [
            ("Windows 7", "Enterprise", Part::Version, "Windows 7"),
            ("Windows 7 Enterprise", "", Part::Version, "Windows 7 Enterprise"),
            ("Office 2010", "Professional", Part::Version, "Office 2010"),
            ("7", "Windows 7 Enterprise", Part::Edition, "Windows 7 Enterprise"),
        ] {
            assert_eq!(
                doubt("Contoso", version, edition),
                (part, Fault::OtherFamily, named.to_owned()),
                "{version}/{edition}"
            );
        }
    }

    #[test]
    fn a_server_is_no_version_of_the_desktop() {
        for version in ["2008 R2", "2003", "2012 R2", "2016"] {
            let (part, fault, named) = doubt("Windows", version, "Standard");
            assert_eq!((part, fault), (Part::Version, Fault::OtherFamily), "{version}");
            assert!(named.contains(&format!("Windows Server {version}")), "{named}");
        }
    }

    #[test]
    fn what_is_printed_behind_an_edition_is_told_from_it() {
        for (version, edition, meant) in [
            ("7", "Pro OA", "Professional"),
            ("7", "Pro OA HP", "Professional"),
            ("7", "Home Premium OA", "Home Premium"),
            ("7", "Professional Upgrade", "Professional"),
            ("7", "Pro OEM Software", "Professional"),
            ("XP", "Professional 1-2CPU", "Professional"),
            ("Vista", "Business OEMAct", "Business"),
            ("", "Ultimate full", "Ultimate"),
            ("7", "Professional for Refurbished PCs", "Professional"),
            ("10", "Pro Refurb", "Professional"),
            ("10", "Pro in S mode", "Professional"),
            ("10", "Home S Mode", "Home"),
        ] {
            assert_eq!(
                doubt("Windows", version, edition),
                (Part::Edition, Fault::SaysMore, meant.to_owned()),
                "{version} {edition}"
            );
        }
    }

    #[test]
    fn what_may_well_be_meant_is_in_no_doubt() {
        for (family, version, edition) in [
            ("Windows", "7", "Professional"),
            ("Windows", "Windows 7", "Professional Edition"),
            ("Windows", "12", "Professional"),
            ("Windows", "10", "Holographic"),
            ("Windows", "10", "Enterprise multi-session"),
            ("Windows Server", "2008 R2", "Standard"),
            ("Windows Embedded", "7", "Pro"),
            ("AutoCAD", "2010", "LT Edition"),
            ("AutoCAD", "7", "Professional"),
            ("Contoso", "Vista", "Business"),
            ("", "7", "Professional"),
            ("", "", ""),
        ] {
            assert_eq!(doubts(family, version, edition), [], "{family}/{version}/{edition}");
        }
    }

    #[test]
    fn a_program_is_named_as_it_is_or_is_another_one() {
        let doubt = |text| {
            let doubt = Catalogue::embedded().doubt_of_component(text)?;
            Some((doubt.fault, doubt.nearest.join(", ")))
        };
        let told = |fault, meant: &str| Some((fault, meant.to_owned()));
        assert_eq!(doubt("Word 2007"), told(Fault::SaysMore, "Word"));
        assert_eq!(doubt("Outlok"), told(Fault::NearMiss, "Outlook"));
        assert_eq!(doubt("Word, Excel"), told(Fault::SaysMore, ""));
        assert_eq!(doubt("unknown"), told(Fault::SaysNothing, ""));
        for right in ["Word", "MS Excel", "PPT", "Sway", "FrontPage", "Visio Viewer"] {
            assert_eq!(doubt(right), None, "{right}");
        }
    }
}
