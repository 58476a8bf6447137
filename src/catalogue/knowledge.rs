//! What rules ask of the catalogue. Every answer costs a few hash lookups; names may be canonical or aliases.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{Catalogue, FamilyClass, Known, Source, Sources, family::Edition};
use crate::domain::Name;

impl Catalogue {
    /// What kind of family it is; a family outside the catalogue is of no special kind.
    #[must_use]
    pub fn class(&self, family: &Name) -> FamilyClass {
        self.family(family).map_or(FamilyClass::Other, |family| family.class)
    }

    /// Which of two versions is earlier. `None` when they differ and the catalogue does not know both.
    #[must_use]
    pub fn order(&self, family: &Name, one: &Name, other: &Name) -> Option<Ordering> {
        if one == other {
            return Some(Ordering::Equal);
        }
        let family = self.family(family)?;
        let (one, other) = (family.version(one.key())?, family.version(other.key())?);
        Some(one.rank.cmp(&other.rank))
    }

    /// The programs that a suite is made of, where the catalogue says.
    #[must_use]
    pub fn components(&self, family: &Name, version: &Name, edition: &Name) -> Option<Known<&BTreeSet<Name>>> {
        let family = self.family(family)?;
        let edition = family.edition(edition.key())?;
        let release = family.version(version.key())?.releases.get(&edition.name)?;
        release.components.as_ref().map(|components| Known {
            value: &components.value,
            source: components.source,
        })
    }

    /// Whether it is an Enterprise edition of Windows for desktop PCs: by the catalogue, or, outside it, by a name that begins
    /// so.
    #[must_use]
    pub fn is_enterprise(&self, family: &Name, edition: &Name) -> bool {
        self.desktop_edition(family, edition, |edition| edition.enterprise.is_some(), "enterprise")
    }

    /// Whether it is known to be an edition of Windows for desktop PCs that is not of the Home class: by the catalogue, or, for an
    /// Enterprise edition outside it, by its name.
    #[must_use]
    pub fn is_above_home_class(&self, family: &Name, edition: &Name) -> bool {
        let above = |edition: &Edition| edition.home_class.is_none();
        self.desktop_edition(family, edition, above, "enterprise")
    }

    /// What is known of an edition; one outside the catalogue is taken for what its name begins with.
    fn desktop_edition(&self, family: &Name, edition: &Name, known: fn(&Edition) -> bool, beginning: &str) -> bool {
        let Some(family) = self
            .family(family)
            .filter(|family| family.class == FamilyClass::WindowsDesktop)
        else {
            return false;
        };
        family
            .edition(edition.key())
            .map_or_else(|| edition.key().starts_with(beginning), |edition| known(edition))
    }

    /// Whether two editions of a family are one edition that was renamed between versions; outside the catalogue, whether
    /// they have the same name.
    #[must_use]
    pub fn same_lineage(&self, family: &Name, one: &Name, other: &Name) -> bool {
        let lineage = |edition: &Name| {
            let edition = self.family(family)?.edition(edition.key())?;
            Some(&edition.lineage)
        };
        one == other || lineage(one).is_some_and(|one| lineage(other) == Some(one))
    }

    /// How well it is known which of two versions is earlier; `None` where that is not asked of the catalogue, or not known to it.
    #[must_use]
    pub fn order_source(&self, family: &Name, one: &Name, other: &Name) -> Option<Source> {
        let family = self.family(family)?;
        let (one, other) = (family.version(one.key())?, family.version(other.key())?);
        (one.rank != other.rank).then(|| one.source.max(other.source))
    }

    /// How well it is known whether two editions of different names are of one lineage; `None` where neither goes by another name.
    #[must_use]
    pub fn lineage_source(&self, family: &Name, one: &Name, other: &Name) -> Option<Source> {
        let family = self.family(family)?;
        let (one, other) = (family.edition(one.key())?, family.edition(other.key())?);
        if one.name == other.name {
            return None;
        }
        one.lineage_source.max(other.lineage_source)
    }

    /// How well each fact about a product is known; `None` for a product outside the catalogue.
    #[must_use]
    pub fn sources(&self, family: &Name, version: &Name, edition: &Name) -> Option<Sources> {
        let family = self.family(family)?;
        let edition = family.edition(edition.key())?;
        let version = family.version(version.key())?;
        let release = version.releases.get(&edition.name)?;
        let listed = family
            .never_in_volume_media
            .iter()
            .find(|entry| entry.lists(version, edition));
        Some(Sources {
            version: version.source,
            edition: release.source,
            enterprise: edition.enterprise,
            home_class: edition.home_class,
            lineage: edition.lineage_source,
            components: release.components.as_ref().map(|components| components.source),
            never_in_volume_media: listed.map(|entry| entry.source),
        })
    }

    /// The canonical name of a program that suites are made of. A program that the catalogue does not know keeps its name.
    /// `None` when nothing of the text counts.
    #[must_use]
    pub fn resolve_component(&self, text: &str) -> Option<Name> {
        let name = Name::parse(text)?;
        Some(self.programs.get(name.key()).map_or(name, |known| Name::clone(known)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_and_a_lineage_are_as_sure_as_what_they_are_made_of() {
        let catalogue = Catalogue::embedded();
        let order = |one, other| catalogue.order_source(&name("Windows"), &name(one), &name(other));
        assert_eq!(order("7", "Vista"), Some(Source::Seen));
        assert_eq!(order("7", "2000"), Some(Source::Recalled));
        assert_eq!((order("7", "7"), order("7", "99")), (None, None));
        let lineage = |family, one, other| catalogue.lineage_source(&name(family), &name(one), &name(other));
        assert_eq!(lineage("Windows", "Professional", "Business"), Some(Source::Recalled));
        assert_eq!(
            lineage("Office", "Professional Plus", "Professional Enterprise"),
            Some(Source::Seen)
        );
        assert_eq!(lineage("Windows", "Business", "Business"), None);
        assert_eq!(lineage("Windows", "Professional", "Ultimate"), None);
    }

    fn name(text: &str) -> Name {
        Name::parse(text).expect("a name")
    }

    fn order(family: &str, one: &str, other: &str) -> Option<Ordering> {
        Catalogue::embedded().order(&name(family), &name(one), &name(other))
    }

    #[test]
    fn families_are_of_their_class() {
        let class = |family| Catalogue::embedded().class(&name(family));
        assert_eq!(class("windows"), FamilyClass::WindowsDesktop);
        assert_eq!(class("Windows Server"), FamilyClass::Other);
        assert_eq!(class("Office"), FamilyClass::Office);
        assert_eq!(class("Visio"), FamilyClass::Other);
        assert_eq!(class("AutoCAD"), FamilyClass::Other);
    }

    #[test]
    fn versions_are_in_the_order_of_their_release() {
        for (family, versions) in [
            (
                "Windows",
                vec!["NT 4.0", "98", "2000", "XP", "Vista", "7", "8", "8.1", "10", "11"],
            ),
            (
                "Windows Server",
                vec![
                    "2003", "2003 R2", "2008", "2008 R2", "2012", "2012 R2", "2016", "2019", "2022", "2025",
                ],
            ),
            (
                "Office",
                vec!["2003", "2007", "2010", "2013", "2016", "2019", "2021", "2024"],
            ),
            (
                "SQL Server",
                vec![
                    "2005", "2008", "2008 R2", "2012", "2014", "2016", "2017", "2019", "2022",
                ],
            ),
            (
                "Lync",
                vec![
                    "2005", "2007", "2007 R2", "2010", "2013", "2015", "2016", "2019", "2021",
                ],
            ),
        ] {
            for pair in versions.windows(2) {
                assert_eq!(
                    order(family, pair[0], pair[1]),
                    Some(Ordering::Less),
                    "{family} {pair:?}"
                );
                assert_eq!(
                    order(family, pair[1], pair[0]),
                    Some(Ordering::Greater),
                    "{family} {pair:?}"
                );
            }
        }
    }

    #[test]
    fn the_order_of_unknown_versions_is_unknown_unless_they_are_equal() {
        assert_eq!(order("Windows", "7", "12"), None);
        assert_eq!(order("Windows", "12", "12"), Some(Ordering::Equal));
        assert_eq!(order("AutoCAD", "2010", "2011"), None);
        assert_eq!(order("AutoCAD", "2010", "2010"), Some(Ordering::Equal));
    }

    #[test]
    fn suites_are_made_of_their_programs() {
        let programs = |letters: &str| -> BTreeSet<Name> {
            let program = |code| match code {
                "W" => "Word",
                "X" => "Excel",
                "P" => "PowerPoint",
                "O" => "Outlook",
                "N" => "OneNote",
                "Pu" => "Publisher",
                "A" => "Access",
                "I" => "InfoPath",
                "BCM" => "Business Contact Manager",
                "SPW" => "SharePoint Workspace",
                "C" => "Communicator",
                "L" => "Lync",
                "SfB" => "Skype for Business",
                other => other,
            };
            letters.split(' ').map(|code| name(program(code))).collect()
        };
        let suites = [
            ("2003", "Basic", "W X O"),
            ("2003", "Student and Teacher", "W X P O"),
            ("2003", "Standard", "W X P O"),
            ("2003", "Small Business", "W X P O BCM Pu"),
            ("2003", "Professional", "W X P O BCM Pu A"),
            ("2003", "Professional Enterprise", "W X P O BCM Pu A I"),
            ("2007", "Basic", "W X O"),
            ("2007", "Home and Student", "W X P N"),
            ("2007", "Standard", "W X P O"),
            ("2007", "Small Business", "W X P O BCM Pu"),
            ("2007", "Professional", "W X P O BCM Pu A"),
            ("2007", "Ultimate", "W X P O BCM N Pu A I Groove"),
            ("2007", "Professional Plus", "W X P O Pu A I C"),
            ("2007", "Enterprise", "W X P O Pu A I C N Groove"),
            ("2010", "Starter", "WordStarter ExcelStarter"),
            ("2010", "Home and Student", "W X P N"),
            ("2010", "Home and Business", "W X P N O"),
            ("2010", "Professional", "W X P O N Pu A"),
            ("2010", "Standard", "W X P O N Pu"),
            ("2010", "Professional Plus", "W X P O N Pu A I SPW C"),
            ("2013", "Home and Student", "W X P N"),
            ("2013", "Home and Business", "W X P N O"),
            ("2013", "Professional", "W X P O N Pu A"),
            ("2013", "Standard", "W X P O N Pu"),
            ("2013", "Professional Plus", "W X P O N Pu A I L"),
            ("2016", "Standard", "W X P O N Pu"),
            ("2016", "Professional Plus", "W X P O N Pu A SfB"),
        ];
        let catalogue = Catalogue::embedded();
        for (version, edition, letters) in suites {
            let known = catalogue.components(&name("Office"), &name(version), &name(edition));
            let known = known.unwrap_or_else(|| panic!("{version} {edition} has components"));
            assert_eq!(*known.value, programs(letters), "{version} {edition}");
            assert_eq!(known.source, Source::Recalled);
        }
        let stated = catalogue.products().filter(|product| {
            catalogue
                .components(&product.family, &product.version, &product.edition)
                .is_some()
        });
        assert_eq!(stated.count(), suites.len());
    }

    #[test]
    fn enterprise_editions_are_those_of_the_windows_desktop() {
        let is = |family, edition| Catalogue::embedded().is_enterprise(&name(family), &name(edition));
        for edition in [
            "Enterprise",
            "Enterprise N",
            "Enterprise LTSC 2021",
            "Enterprise N LTSB 2016",
            "Enterprise Evaluation",
        ] {
            assert!(is("Windows", edition), "{edition}");
        }
        for edition in ["Professional", "Education", "Embedded Enterprise"] {
            assert!(!is("Windows", edition), "{edition}");
        }
        assert!(!is("Windows Server", "Enterprise"));
        assert!(!is("Office", "Enterprise"));
        assert!(!is("AutoCAD", "Enterprise"));
    }

    #[test]
    fn editions_above_the_home_class_are_those_that_are_known_to_be() {
        let is = |family, edition| Catalogue::embedded().is_above_home_class(&name(family), &name(edition));
        for edition in [
            "Professional",
            "Ultimate",
            "Business",
            "Enterprise",
            "Media Center",
            "Enterprise Evaluation",
        ] {
            assert!(is("Windows", edition), "{edition}");
        }
        for edition in [
            "Starter",
            "Home",
            "Home Basic",
            "Home Basic N",
            "Home Premium",
            "Core",
            "Core N",
            "Single Language",
            "Home Server",
            "\u{c9}dition Familiale Premium",
            "with Bing",
        ] {
            assert!(!is("Windows", edition), "{edition}");
        }
        assert!(!is("Office", "Professional"));
        assert!(!is("AutoCAD", "Professional"));
    }

    #[test]
    fn renamed_editions_are_of_one_lineage() {
        let same = |family, one, other| Catalogue::embedded().same_lineage(&name(family), &name(one), &name(other));
        assert!(same("Windows", "Business", "Professional"));
        assert!(same("Windows", "Workstation", "Business"));
        assert!(same("Windows", "Business N", "Professional N"));
        assert!(same("Windows", "Enterprise LTSB 2016", "Enterprise LTSC 2021"));
        assert!(same("Office", "Professional Enterprise", "Professional Plus"));
        assert!(same("AutoCAD", "LT", "lt"));
        assert!(!same("Windows", "Business N", "Professional"));
        assert!(!same("Windows", "Professional", "Ultimate"));
        assert!(!same("Office", "Professional", "Professional Plus"));
        assert!(!same("Windows", "Foo", "Bar"));
        assert!(!same("AutoCAD", "LT", "Business"));
    }

    #[test]
    fn every_fact_has_its_mark() {
        let sources =
            |family, version, edition| Catalogue::embedded().sources(&name(family), &name(version), &name(edition));
        let suite = sources("Office", "2010", "Professional").expect("known");
        assert_eq!((suite.version, suite.edition), (Source::Seen, Source::Seen));
        assert_eq!(suite.components, Some(Source::Recalled));
        assert_eq!(suite.never_in_volume_media, Some(Source::Seen));
        let variant = sources("Windows", "7", "Home Premium N").expect("known");
        assert_eq!(variant.edition, Source::Recalled);
        assert_eq!(variant.home_class, Some(Source::Recalled));
        assert_eq!(variant.never_in_volume_media, Some(Source::Recalled));
        let enterprise = sources("Windows", "7", "Enterprise").expect("known");
        assert_eq!(enterprise.enterprise, Some(Source::Seen));
        let business = sources("Windows", "Vista", "Business").expect("known");
        assert_eq!(business.lineage, Some(Source::Recalled));
        assert_eq!(sources("Windows", "7", "Business"), None);
    }

    #[test]
    fn programs_resolve_through_their_aliases() {
        let resolve = |text| {
            Catalogue::embedded()
                .resolve_component(text)
                .map(|name| name.text().to_owned())
        };
        assert_eq!(resolve("MS Word").as_deref(), Some("Word"));
        assert_eq!(resolve("microsoft office onenote").as_deref(), Some("OneNote"));
        assert_eq!(resolve("sharepoint workspace").as_deref(), Some("SharePoint Workspace"));
        assert_eq!(resolve("Groove").as_deref(), Some("Groove"));
        assert_eq!(resolve(" Clip Organizer ").as_deref(), Some("Clip Organizer"));
        assert_eq!(resolve("--"), None);
    }
}
