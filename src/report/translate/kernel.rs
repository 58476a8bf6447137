//! The version and the build of the kernel.

use crate::{
    domain::Name,
    report::{
        item::Clue,
        table::{Means, TABLES, VersionRow},
    },
};

/// The first build of Windows 10; the registry says 6.3 there, too.
const TEN: u32 = 10_240;

/// What the kernel says of itself.
pub(super) struct Kernel<'a> {
    /// Major and minor version, such as "6.1".
    pub nt: Option<String>,
    /// The build.
    pub build: Option<u32>,
    /// The value that says so.
    pub clue: &'a Clue,
}

/// The kernel of a copy or an image; `None` where nothing is said of it, or two values contradict. What cannot be read goes to
/// `leave`, with why and what is needed.
pub(super) fn kernel<'a>(clues: &'a [Clue], mut leave: impl FnMut(&Clue, &str, &str)) -> Option<Kernel<'a>> {
    let mut kernel: Option<Kernel<'a>> = None;
    for clue in clues
        .iter()
        .filter(|clue| matches!(clue.means, Means::NtVersion | Means::Build))
    {
        let Some((nt, build)) = parse(clue) else {
            leave(clue, "no version of Windows in numbers", "a version such as `6.1.7601`");
            continue;
        };
        let Some(known) = &mut kernel else {
            kernel = Some(Kernel { nt, build, clue });
            continue;
        };
        if differ(known.nt.as_ref(), nt.as_ref()) || differ(known.build.as_ref(), build.as_ref()) {
            leave(
                clue,
                "another version than the rest of the report",
                "one device or image in one report",
            );
            return None;
        }
        if known.nt.is_none() {
            known.clue = clue;
        }
        known.nt = known.nt.take().or(nt);
        known.build = known.build.or(build);
    }
    kernel.map(|kernel| Kernel {
        nt: match kernel.build {
            Some(TEN..) => Some("10.0".to_owned()),
            _ => kernel.nt,
        },
        ..kernel
    })
}

fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// "6.1", "6.1.7601", "6.1.7601.17514"; or a build alone.
fn parse(clue: &Clue) -> Option<(Option<String>, Option<u32>)> {
    let text = clue.raw.trim();
    if clue.means == Means::Build {
        return Some((None, Some(text.parse().ok()?)));
    }
    let mut numbers = text.split('.').map(|number| number.trim().parse::<u32>().ok());
    let (major, minor) = (numbers.next()??, numbers.next()??);
    let build = match numbers.next() {
        Some(build) => Some(build?),
        None => None,
    };
    Some((Some(format!("{major}.{minor}")), build))
}

impl Kernel<'_> {
    /// The version of the product of a family, where it is of one only.
    pub fn version(&self, family: &str) -> Option<&'static VersionRow> {
        let mut rows = self
            .rows()
            .filter(|row| row.family == family && self.is_within(row.builds));
        let row = rows.next()?;
        rows.next().is_none().then_some(row)
    }

    /// The versions that it can be of, in a family or in any; the kernel itself where it is of none that is known here. `None` where
    /// it does not tell, and where no version of the family is known by its kernel.
    pub fn versions(&self, family: Option<&str>) -> Option<Vec<Name>> {
        self.nt.as_ref()?;
        let of_family = |row: &&VersionRow| family.is_none_or(|family| row.family == family);
        TABLES.versions.iter().find(of_family)?;
        let mut versions: Vec<Name> = Vec::new();
        for version in self
            .rows()
            .filter(of_family)
            .filter_map(|row| Name::parse(&row.version))
        {
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
        if versions.is_empty() {
            versions.extend(Name::parse(&self.clue.raw));
        }
        Some(versions)
    }

    /// The families that it can be of.
    pub fn families(&self) -> Vec<Name> {
        let mut families: Vec<Name> = Vec::new();
        for family in self.rows().filter_map(|row| Name::parse(&row.family)) {
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families
    }

    /// Whether the build is one of these; where none are named, any is, and an unknown one.
    pub fn is_within(&self, builds: Option<[u32; 2]>) -> bool {
        builds.is_none_or(|[first, last]| self.build.is_some_and(|build| (first..=last).contains(&build)))
    }

    /// The products that the version of the kernel leaves open.
    pub fn candidates(&self) -> String {
        let products: Vec<String> = self
            .rows()
            .map(|row| format!("{} {}", row.family, row.version))
            .collect();
        products.join(" or ")
    }

    /// The rows that its version leaves, and its build where that is known.
    fn rows(&self) -> impl Iterator<Item = &'static VersionRow> {
        let of_version = |row: &&VersionRow| self.nt.as_ref() == Some(&row.nt);
        let of_build = |row: &&VersionRow| self.build.is_none() || self.is_within(row.builds);
        TABLES.versions.iter().filter(of_version).filter(of_build)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue::Source, report::Subject};

    fn versions(raw: &str, family: Option<&str>) -> Option<Vec<String>> {
        let clue = Clue {
            means: Means::NtVersion,
            about: Subject::Image,
            key: "Version".to_owned(),
            raw: raw.to_owned(),
            source: Source::Seen,
        };
        let kernel = kernel(std::slice::from_ref(&clue), |_, _, _| {});
        let versions = kernel.expect("a kernel").versions(family)?;
        Some(versions.iter().map(|version| version.text().to_owned()).collect())
    }

    #[test]
    fn a_kernel_leaves_the_versions_that_have_it() {
        for (raw, family, expected) in [
            ("6.1.7601", Some("Windows"), &["7"] as &[&str]),
            ("6.1.7601", None, &["7", "2008 R2", "2011"]),
            ("5.2.3790", Some("Windows Server"), &["2003", "2003 R2"]),
            ("10.0", Some("Windows"), &["10", "11"]),
            ("10.0.26200", Some("Windows"), &["11"]),
        ] {
            let found = versions(raw, family).unwrap_or_default();
            assert_eq!(found, expected, "{raw}");
        }
    }

    #[test]
    fn a_kernel_that_is_not_known_stands_for_itself() {
        assert_eq!(versions("6.4.9841", Some("Windows")), Some(vec!["6.4.9841".to_owned()]));
        assert_eq!(versions("10.0.99999", None), Some(vec!["10.0.99999".to_owned()]));
        assert_eq!(versions("6.1.7601", Some("Windows Home Server")), None);
    }
}
