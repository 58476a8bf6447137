//! Which products were never in volume media, asked with parts that may be unstated.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Catalogue, FamilyClass, Listed, Source,
    family::{Edition, Family, Version},
};
use crate::domain::Name;

/// Editions, in some versions, that were never in volume media.
#[derive(Debug)]
pub(super) struct NeverInVolumeMedia {
    pub versions: Versions,
    pub editions: BTreeSet<Name>,
    pub source: Source,
}

/// Versions by their rank.
#[derive(Debug)]
pub(super) enum Versions {
    /// Exactly these.
    These(BTreeSet<usize>),
    /// This one and all later ones, those of which the catalogue does not know included.
    Since(usize),
}

impl Catalogue {
    /// Whether the catalogue knows that the product was never in volume media.
    ///
    /// An unstated part matches every list entry possibly. So does a version or an edition that the catalogue does not know, and
    /// a family whose name begins like a listed one's: a name nobody here knows must not take a product off the list.
    #[must_use]
    pub fn never_in_volume_media(
        &self,
        family: Option<&Name>,
        version: Option<&Name>,
        edition: Option<&Name>,
    ) -> Listed {
        match family {
            Some(name) => match self.family(name) {
                Some(family) => family.never_in_volume_media(version, edition),
                None => Listed::from(self.resembles_listed(name)).min(Listed::Possible),
            },
            None => self
                .families()
                .map(|family| family.never_in_volume_media(version, edition).min(Listed::Possible))
                .max()
                .unwrap_or(Listed::No),
        }
    }
}

impl Catalogue {
    /// Whether a family outside the catalogue is named as if it were one with listed products; servers are not.
    fn resembles_listed(&self, name: &Name) -> bool {
        let mut listed = self
            .families()
            .filter(|family| !family.never_in_volume_media.is_empty());
        !name.key().contains("server") && listed.any(|family| name.key().starts_with(family.name.key()))
    }
}

impl Family {
    fn never_in_volume_media(&self, version: Option<&Name>, edition: Option<&Name>) -> Listed {
        if self.never_in_volume_media.is_empty() {
            return Listed::No;
        }
        let version = Asked::of(version, |version| self.version(version.key()));
        let edition = Asked::of(edition, |edition| self.edition(edition.key()));
        let entries = self.never_in_volume_media.iter();
        let matches = entries.map(|entry| entry.has_version(&version).min(entry.has_edition(&edition)));
        let listed = matches.max().unwrap_or(Listed::No);
        // Of servers, what is listed is an exception that says its name.
        match (listed, self.class) {
            (Listed::Possible, FamilyClass::Other) => Listed::No,
            (listed, _) => listed,
        }
    }
}

/// A part asked for, looked up once for all entries.
enum Asked<'a, T> {
    Unstated,
    Known(&'a T),
    Outside(&'a Name),
}

impl<'a, T> Asked<'a, T> {
    fn of(name: Option<&'a Name>, find: impl FnOnce(&Name) -> Option<&'a Arc<T>>) -> Self {
        match name {
            None => Self::Unstated,
            Some(name) => find(name).map_or(Self::Outside(name), |known| Self::Known(known)),
        }
    }
}

impl NeverInVolumeMedia {
    /// Whether it lists exactly this product.
    pub fn lists(&self, version: &Version, edition: &Edition) -> bool {
        self.has_version(&Asked::Known(version)) == Listed::Yes
            && self.has_edition(&Asked::Known(edition)) == Listed::Yes
    }

    fn has_version(&self, version: &Asked<'_, Version>) -> Listed {
        match (version, &self.versions) {
            (Asked::Known(version), Versions::These(ranks)) => ranks.contains(&version.rank).into(),
            (Asked::Known(version), Versions::Since(rank)) => (version.rank >= *rank).into(),
            (Asked::Unstated | Asked::Outside(_), _) => Listed::Possible,
        }
    }

    fn has_edition(&self, edition: &Asked<'_, Edition>) -> Listed {
        match edition {
            Asked::Known(edition) => self.editions.contains(&edition.name).into(),
            // Enterprise editions outside the catalogue are known for what they are by their name.
            Asked::Outside(name) if name.key().starts_with("enterprise") => Listed::No,
            Asked::Unstated | Asked::Outside(_) => Listed::Possible,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTLED: [(&str, &[&str], &[&str]); 8] = [
        ("Windows", &["XP"], &["Home", "Media Center"]),
        (
            "Windows",
            &["Vista", "7"],
            &["Starter", "Home Basic", "Home Premium", "Ultimate"],
        ),
        ("Windows", &["8", "8.1"], &["Core", "Single Language"]),
        ("Windows", &["10", "11"], &["Home"]),
        ("Office", &["2003"], &["Basic", "Student and Teacher", "Professional"]),
        (
            "Office",
            &["2007"],
            &["Basic", "Home and Student", "Professional", "Ultimate"],
        ),
        (
            "Office",
            &["2010", "2013", "2016", "2019", "2021", "2024"],
            &["Starter", "Home and Student", "Home and Business", "Professional"],
        ),
        ("Lync", &[], &[]),
    ];

    /// Variants of the settled editions for one market, one under its later name, and a server that was sold with hardware only.
    const VARIANTS: [(&str, &[&str], &[&str]); 6] = [
        (
            "Windows Server",
            &["2008", "2008 R2", "2012", "2012 R2"],
            &["Foundation"],
        ),
        ("Office", &["2024"], &["Home"]),
        ("Windows", &["XP"], &["Home N", "Home K", "Home KN"]),
        (
            "Windows",
            &["Vista", "7"],
            &[
                "Starter N",
                "Home Basic N",
                "Home Basic K",
                "Home Basic KN",
                "Home Premium N",
                "Home Premium K",
                "Home Premium KN",
                "Ultimate N",
                "Ultimate K",
                "Ultimate KN",
            ],
        ),
        ("Windows", &["8", "8.1"], &["Core N", "Core K", "Core KN", "RT"]),
        ("Windows", &["10", "11"], &["Home N", "Home KN", "Single Language"]),
    ];

    fn listed(family: &str, version: &str, edition: &str) -> Listed {
        let part = |text: &str| Name::parse(text);
        Catalogue::embedded().never_in_volume_media(
            part(family).as_ref(),
            part(version).as_ref(),
            part(edition).as_ref(),
        )
    }

    fn is_settled(family: &str, version: &str, edition: &str) -> bool {
        SETTLED
            .iter()
            .chain(&VARIANTS)
            .any(|(of, versions, editions)| *of == family && versions.contains(&version) && editions.contains(&edition))
    }

    #[test]
    fn the_settled_products_are_listed() {
        for (family, versions, editions) in SETTLED {
            for version in versions {
                for edition in editions {
                    assert_eq!(
                        listed(family, version, edition),
                        Listed::Yes,
                        "{family} {version} {edition}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_other_product_of_the_catalogue_is_listed() {
        for product in Catalogue::embedded().products() {
            let (family, version, edition) = (product.family.text(), product.version.text(), product.edition.text());
            let settled = is_settled(family, version, edition);
            assert_eq!(listed(family, version, edition), settled.into(), "{product}");
        }
    }

    #[test]
    fn an_unstated_part_is_possible_where_some_value_of_it_is_listed() {
        for (family, version, edition) in [
            ("Windows", "7", ""),
            ("Windows", "", "Home"),
            ("Windows", "", "Ultimate"),
            ("Office", "", "Professional"),
            ("Office", "2010", ""),
            ("Windows", "", ""),
            ("", "7", ""),
            ("", "XP", "Home"),
            ("", "", "Professional"),
            ("", "", "Business"),
            ("", "", ""),
            ("Windows", "22H2", "Home"),
            ("Windows", "7", "Edition Familiale"),
            ("Windows PC", "7", "Home Premium"),
            ("Office 365", "2010", "Home and Student"),
        ] {
            assert_eq!(
                listed(family, version, edition),
                Listed::Possible,
                "{family}/{version}/{edition}"
            );
        }
    }

    #[test]
    fn an_unstated_part_is_no_matter_where_no_value_of_it_is_listed() {
        for (family, version, edition) in [
            ("Windows", "", "Professional"),
            ("Windows", "2000", ""),
            ("Office", "", "Professional Plus"),
            ("Windows Server", "", ""),
            ("AutoCAD", "", ""),
            ("", "2000", "Professional Plus"),
            ("Windows Home Server", "2011", "Standard"),
            ("Windows", "12", "Professional"),
            ("Windows", "10", "Enterprise multi-session"),
        ] {
            assert_eq!(
                listed(family, version, edition),
                Listed::No,
                "{family}/{version}/{edition}"
            );
        }
    }

    #[test]
    fn the_office_list_goes_on_to_versions_outside_the_catalogue() {
        assert_eq!(listed("Office", "2027", "Professional"), Listed::Possible);
        assert_eq!(listed("Office", "2027", "Home and Business"), Listed::Possible);
        assert_eq!(listed("Office", "2027", ""), Listed::Possible);
        assert_eq!(listed("Office", "2027", "Standard"), Listed::No);
        assert_eq!(listed("Windows", "12", "Home"), Listed::Possible);
    }

    #[test]
    fn stating_a_part_only_ever_settles() {
        let families = ["", "Windows", "Office", "Windows Server", "AutoCAD"];
        let versions = ["", "7", "8.1", "2000", "2003", "2007", "2010", "2027"];
        let editions = ["", "Home", "Professional", "Ultimate", "Starter", "Enterprise", "Foo"];
        let settles = |vague: Listed, stated: Listed| vague == Listed::Possible || vague == stated;
        for family in families {
            for version in versions {
                for edition in editions {
                    let stated = listed(family, version, edition);
                    assert!(
                        settles(listed("", version, edition), stated),
                        "{family}/{version}/{edition}"
                    );
                    assert!(
                        settles(listed(family, "", edition), stated),
                        "{family}/{version}/{edition}"
                    );
                    assert!(
                        settles(listed(family, version, ""), stated),
                        "{family}/{version}/{edition}"
                    );
                }
            }
        }
    }
}
