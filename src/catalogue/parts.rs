//! From stated parts to canonical names: family, version and edition, each on its own or unstated.
//!
//! What the catalogue does not know keeps its text, for products outside the catalogue work too. But a slip must not become
//! an unknown product that escapes what is known of the real one; so a text that looks like a slip is an error.

use std::sync::Arc;

use super::{
    Catalogue, Fault, Part, PartError,
    family::{Family, Version},
};
use crate::domain::Name;

/// The parts of a product, by canonical names where the catalogue knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Family.
    pub family: Option<Name>,
    /// Version.
    pub version: Option<Name>,
    /// Edition.
    pub edition: Option<Name>,
}

/// A part as the catalogue sees it.
pub(super) enum Seen<T> {
    Unstated,
    Known(Arc<T>),
    /// Stated, and not in the catalogue.
    Outside(Name),
    /// Stated, and an error: nothing follows for the other parts.
    Faulty,
}

impl Catalogue {
    /// Brings each stated part to its canonical name.
    ///
    /// - A version may carry the name of its family ("Windows 7"); where the family is not stated, it is then.
    /// - An edition may carry the word "edition".
    /// - In a family that does not come in editions, the edition is filled in.
    /// - A part outside the catalogue keeps its text, and so do version and edition of a family outside it.
    ///
    /// Canonical names come back as they are.
    ///
    /// # Errors
    ///
    /// All at once, at most one for each part; see [`Fault`] for what can be wrong.
    pub fn resolve(
        &self,
        family: Option<&str>,
        version: Option<&str>,
        edition: Option<&str>,
    ) -> Result<Parts, Vec<PartError>> {
        let mut errors = Vec::new();
        let family = match (family, version) {
            (None, Some(version)) => self.family_in(version),
            _ => see(family, |text| self.see_family(text), &mut errors),
        };
        let version = see(version, |text| self.see_version(&family, text), &mut errors);
        let edition = see(edition, |text| self.see_edition(&family, &version, text), &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let sole_edition = match &family {
            Seen::Known(family) => family.sole_edition.as_ref(),
            _ => None,
        };
        Ok(Parts {
            edition: edition
                .name(|edition| &edition.name)
                .or(sole_edition.map(|edition| edition.name.clone())),
            version: version.name(|version| &version.name),
            family: family.name(|family| &family.name),
        })
    }

    /// The family that a version carries.
    fn family_in(&self, version: &str) -> Seen<Family> {
        Name::parse(version)
            .and_then(|name| self.names.version(name.key()))
            .map_or(Seen::Unstated, |named| Seen::Known(Arc::clone(&named.family)))
    }
}

impl Seen<Version> {
    /// The version, where it is known.
    pub fn known(&self) -> Option<&Version> {
        match self {
            Self::Known(version) => Some(version),
            _ => None,
        }
    }
}

impl<T> Seen<T> {
    fn name(self, of: fn(&T) -> &Name) -> Option<Name> {
        match self {
            Self::Known(known) => Some(of(&known).clone()),
            Self::Outside(name) => Some(name),
            Self::Unstated | Self::Faulty => None,
        }
    }
}

fn see<T>(
    stated: Option<&str>,
    read: impl FnOnce(&str) -> Result<Seen<T>, PartError>,
    errors: &mut Vec<PartError>,
) -> Seen<T> {
    match stated.map(read) {
        None => Seen::Unstated,
        Some(Ok(seen)) => seen,
        Some(Err(error)) => {
            errors.push(error);
            Seen::Faulty
        }
    }
}

/// A stated part, while it is read.
pub(super) struct Stated<'a> {
    pub part: Part,
    pub text: &'a str,
    pub name: Name,
}

impl<'a> Stated<'a> {
    /// Reads the part.
    ///
    /// # Errors
    ///
    /// When nothing of it counts.
    pub fn parse(part: Part, text: &'a str) -> Result<Self, PartError> {
        match Name::parse(text) {
            Some(name) => Ok(Self { part, text, name }),
            None => Err(PartError {
                part,
                text: text.to_owned(),
                fault: Fault::Blank,
                nearest: Vec::new(),
            }),
        }
    }

    /// What counts of it.
    pub fn key(&self) -> &str {
        self.name.key()
    }

    /// The error that it is.
    pub fn fault<T, N: ToString>(&self, fault: Fault, nearest: impl IntoIterator<Item = N>) -> Result<T, PartError> {
        Err(self.doubt(fault, nearest))
    }

    /// The same, where it is not known yet whether it is one.
    pub fn doubt<N: ToString>(&self, fault: Fault, nearest: impl IntoIterator<Item = N>) -> PartError {
        PartError {
            part: self.part,
            text: self.text.to_owned(),
            fault,
            nearest: nearest.into_iter().map(|name| name.to_string()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(family: &str, version: &str, edition: &str) -> Result<Parts, Vec<PartError>> {
        let part = |text| Some(text).filter(|text: &&str| !text.is_empty());
        Catalogue::embedded().resolve(part(family), part(version), part(edition))
    }

    fn text(name: Option<&Name>) -> &str {
        name.map_or("?", Name::text)
    }

    fn names(family: &str, version: &str, edition: &str) -> String {
        match resolve(family, version, edition) {
            Ok(parts) => [&parts.family, &parts.version, &parts.edition]
                .map(|part| text(part.as_ref()))
                .join("/"),
            Err(errors) => panic!("`{family}/{version}/{edition}`: {errors:?}"),
        }
    }

    fn faults(family: &str, version: &str, edition: &str) -> Vec<(Part, Fault)> {
        let errors = resolve(family, version, edition).err().unwrap_or_default();
        errors.iter().map(|error| (error.part, error.fault)).collect()
    }

    fn nearest(family: &str, version: &str, edition: &str) -> Vec<String> {
        let errors = resolve(family, version, edition).err().unwrap_or_default();
        errors.into_iter().flat_map(|error| error.nearest).collect()
    }

    #[test]
    fn an_edition_for_devices_of_a_fixed_purpose_is_one_of_its_own() {
        for edition in ["IoT Enterprise LTSC 2021", "IoT Enterprise 2016 LTSB", "IoT Enterprise"] {
            assert_eq!(names("Windows", "10", edition), format!("Windows/10/{edition}"));
        }
        assert_eq!(
            faults("Windows", "10", "Entreprise LTSC 2021"),
            [(Part::Edition, Fault::NearMiss)]
        );
    }

    #[test]
    fn how_a_server_is_installed_is_no_edition() {
        for (version, edition) in [
            ("2016", "Standard (Desktop Experience)"),
            ("2012 R2", "Standard (Server with a GUI)"),
            ("2016", "Standard (Server Core Installation)"),
            ("2008", "Standard (Full Installation)"),
        ] {
            assert_eq!(
                names("Windows Server", version, edition),
                format!("Windows Server/{version}/Standard")
            );
        }
    }

    #[test]
    fn parts_come_to_their_canonical_names() {
        assert_eq!(names("win", "7", "pro"), "Windows/7/Professional");
        assert_eq!(
            names("Windows", "Windows 7", "Professional Edition"),
            "Windows/7/Professional"
        );
        assert_eq!(
            names("MS Office", "2010 SP2", "ProPlus"),
            "Office/2010/Professional Plus"
        );
        assert_eq!(
            names("windows server", "2008R2", "std"),
            "Windows Server/2008 R2/Standard"
        );
        assert_eq!(names("Communicator", "2007 r2", ""), "Lync/2007 R2/Client");
        assert_eq!(names("Windows", "6.1", "Ent"), "Windows/7/Enterprise");
    }

    #[test]
    fn unstated_parts_stay_unstated() {
        assert_eq!(names("", "", ""), "?/?/?");
        assert_eq!(names("Windows", "", ""), "Windows/?/?");
        assert_eq!(names("Windows", "8", ""), "Windows/8/?");
        assert_eq!(names("Windows", "", "Pro"), "Windows/?/Professional");
        assert_eq!(names("", "7", "Professional"), "?/7/Professional");
    }

    #[test]
    fn a_version_that_carries_its_family_states_it() {
        assert_eq!(names("", "Windows 7", "Pro"), "Windows/7/Professional");
        assert_eq!(names("", "Vista", ""), "Windows/Vista/?");
        assert_eq!(
            faults("Windows", "Office 2010", ""),
            [(Part::Version, Fault::OtherFamily)]
        );
    }

    #[test]
    fn what_is_outside_the_catalogue_keeps_its_text() {
        assert_eq!(names(" AutoCAD ", "2010", "LT Edition"), "AutoCAD/2010/LT Edition");
        assert_eq!(names("Windows", "12", "Pro"), "Windows/12/Professional");
        assert_eq!(names("Windows", "10", "Holographic"), "Windows/10/Holographic");
        assert_eq!(names("Windows Embedded", "7", "Pro"), "Windows Embedded/7/Pro");
    }

    #[test]
    fn a_slip_is_an_error_that_names_the_nearest() {
        for (family, version, edition, part, meant) in [
            ("Widnows", "7", "Professional", Part::Family, "Windows"),
            ("Offices", "2010", "Standard", Part::Family, "Office"),
            ("Windows", "Vsta", "Business", Part::Version, "Vista"),
            ("Windows Server", "2008 R3", "Standard", Part::Version, "2008"),
            ("Windows", "7", "Profesional", Part::Edition, "Professional"),
            ("Windows", "", "Ultimatte", Part::Edition, "Ultimate"),
            ("Windows", "12", "Home Premum", Part::Edition, "Home Premium"),
        ] {
            assert_eq!(
                resolve(family, version, edition)
                    .err()
                    .map(|errors| errors.iter().map(|error| error.part).collect()),
                Some(vec![part]),
                "{family}/{version}/{edition}"
            );
            assert_eq!(
                nearest(family, version, edition)[0],
                meant,
                "{family}/{version}/{edition}"
            );
        }
    }

    #[test]
    fn an_edition_of_other_versions_lists_those_of_this_one() {
        assert_eq!(faults("Windows", "7", "Home"), [(Part::Edition, Fault::NotInVersion)]);
        assert_eq!(
            nearest("Office", "2013", "Ultimate"),
            [
                "Home and Student",
                "Home and Business",
                "Standard",
                "Professional",
                "Professional Plus"
            ]
        );
        assert_eq!(
            faults("Windows", "7", "Buisness"),
            [(Part::Edition, Fault::NotInVersion)]
        );
    }

    #[test]
    fn a_text_that_fits_several_is_an_error_that_lists_them() {
        assert_eq!(faults("Windows", "10.0", ""), [(Part::Version, Fault::Vague)]);
        assert_eq!(nearest("Windows", "10.0", ""), ["10", "11"]);
        assert_eq!(faults("Windows", "10", "LTSC"), [(Part::Edition, Fault::Vague)]);
        assert_eq!(
            nearest("Windows", "10", "LTSC"),
            ["Enterprise LTSC 2019", "Enterprise LTSC 2021"]
        );
    }

    #[test]
    fn a_part_says_nothing_of_the_others() {
        for (family, version, edition, part, meant) in [
            ("Windows 7", "", "Professional", Part::Family, "Windows"),
            ("Office 2010 Professional", "", "", Part::Family, "Office"),
            ("Windows x64", "7", "", Part::Family, "Windows"),
            ("Windows", "7 Professional", "", Part::Version, "7"),
            ("Windows", "Professional 7", "", Part::Version, "7"),
            ("Windows", "10 22H2", "", Part::Version, "10"),
            ("Windows", "Windows 10 22H2", "", Part::Version, "10"),
            ("Windows", "6.1.7601", "", Part::Version, "7"),
            ("Windows", "7", "Windows 7 Professional", Part::Edition, "Professional"),
            ("Windows", "7", "7 Professional", Part::Edition, "Professional"),
            ("Office", "2010", "Office Professional", Part::Edition, "Professional"),
            ("Windows", "7", "Home Premium OEM", Part::Edition, "Home Premium"),
            ("Windows", "7", "Home Premium (64-bit)", Part::Edition, "Home Premium"),
        ] {
            assert_eq!(
                faults(family, version, edition),
                [(part, Fault::SaysMore)],
                "{family}/{version}/{edition}"
            );
            assert_eq!(
                nearest(family, version, edition),
                [meant],
                "{family}/{version}/{edition}"
            );
        }
        assert_eq!(faults("Windows", "Windows 12", ""), [(Part::Version, Fault::SaysMore)]);
    }

    #[test]
    fn an_alias_needs_its_family() {
        assert_eq!(faults("", "7", "Pro"), [(Part::Edition, Fault::NeedsFamily)]);
        assert_eq!(nearest("", "7", "Pro"), ["Professional"]);
        assert_eq!(
            faults("", "7", "Standard Edition"),
            [(Part::Edition, Fault::NeedsFamily)]
        );
        assert_eq!(faults("", "6.1", ""), [(Part::Version, Fault::NeedsFamily)]);
    }

    #[test]
    fn every_faulty_part_is_reported_at_once() {
        assert_eq!(
            faults("Windows", "Vsta", "Profesional"),
            [(Part::Version, Fault::NearMiss), (Part::Edition, Fault::NearMiss)]
        );
        assert_eq!(
            faults("Widnows", "--", "Pro"),
            [(Part::Family, Fault::NearMiss), (Part::Version, Fault::Blank)]
        );
    }

    #[test]
    fn an_error_names_the_text_and_the_cure() {
        let errors = resolve("Windows", "7", "Profesional").err().unwrap_or_default();
        let message = errors.first().map(ToString::to_string).unwrap_or_default();
        assert!(
            message.starts_with("`Profesional` is too close to a known name"),
            "{message}"
        );
        assert!(message.contains("`Professional`"), "{message}");
    }

    #[test]
    fn canonical_names_come_back_as_they_are() {
        for product in Catalogue::embedded().products() {
            let (family, version, edition) = (product.family.text(), product.version.text(), product.edition.text());
            assert_eq!(names(family, version, edition), [family, version, edition].join("/"));
            assert_eq!(names(family, "", edition), [family, "?", edition].join("/"));
        }
    }

    const FAMILIES: [&str; 7] = ["", "Windows", "Windows Server", "Office", "Visio", "Lync", "AutoCAD"];
    const VERSIONS: [&str; 14] = [
        "",
        "7",
        "8.1",
        "10",
        "11",
        "Vista",
        "NT4",
        "2010",
        "2008 R2",
        "6.1",
        "LTSC 2021",
        "Windows 7",
        "12",
        "Office 2010",
    ];
    const EDITIONS: [&str; 16] = [
        "",
        "Pro",
        "Professional",
        "Pro N",
        "Home",
        "Core",
        "Standard",
        "Std",
        "Standard Edition",
        "ProPlus",
        "LTSC",
        "x64",
        "Client",
        "Enterprise",
        "Foo",
        "Professional Foo Bar Baz",
    ];

    #[test]
    fn resolution_is_idempotent() {
        let mut resolved = 0;
        for family in FAMILIES {
            for version in VERSIONS {
                for edition in EDITIONS {
                    if let Ok(parts) = resolve(family, version, edition) {
                        let part =
                            |name: &Option<Name>| name.as_ref().map_or(String::new(), |name| name.text().to_owned());
                        let again = resolve(&part(&parts.family), &part(&parts.version), &part(&parts.edition));
                        assert_eq!(again.as_ref(), Ok(&parts), "{family}/{version}/{edition}");
                        resolved += 1;
                    }
                }
            }
        }
        assert!(resolved > 500, "{resolved}");
    }

    /// Else a verdict could change when an unstated part becomes known.
    #[test]
    fn what_a_part_resolves_to_does_not_depend_on_whether_another_is_stated() {
        let same = |one: &Option<Name>, other: &Option<Name>| one.is_none() || one == other;
        let mut compared = 0;
        for family in FAMILIES {
            for version in VERSIONS {
                for edition in EDITIONS {
                    let Ok(full) = resolve(family, version, edition) else {
                        continue;
                    };
                    for (family, version, edition) in
                        [("", version, edition), (family, "", edition), (family, version, "")]
                    {
                        let Ok(less) = resolve(family, version, edition) else {
                            continue;
                        };
                        // In a family without editions the edition is a default, not an unknown.
                        let by_default = edition.is_empty() && less.edition.is_some();
                        if !by_default && same(&less.family, &full.family) {
                            assert!(same(&less.version, &full.version), "{family}/{version}/{edition}");
                            assert!(same(&less.edition, &full.edition), "{family}/{version}/{edition}");
                            compared += 1;
                        }
                    }
                }
            }
        }
        assert!(compared > 1_000, "{compared}");
    }
}
