//! The version and the build of the kernel.

use crate::report::{
    item::Clue,
    table::{Means, TABLES, VersionRow},
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
    /// The version of the product of a family.
    pub fn version(&self, family: &str) -> Option<&'static VersionRow> {
        let nt = self.nt.as_deref()?;
        let fits = |row: &&VersionRow| row.family == family && row.nt == nt && self.is_within(row.builds);
        TABLES.versions.iter().find(fits)
    }

    /// Whether the build is one of these; where none are named, any is, and an unknown one.
    pub fn is_within(&self, builds: Option<[u32; 2]>) -> bool {
        builds.is_none_or(|[first, last]| self.build.is_some_and(|build| (first..=last).contains(&build)))
    }

    /// The products that the version of the kernel leaves open.
    pub fn candidates(&self) -> String {
        let nt = self.nt.as_deref().unwrap_or_default();
        let rows = TABLES
            .versions
            .iter()
            .filter(|row| row.nt == nt && (row.builds.is_none() || self.is_within(row.builds)));
        let products: Vec<String> = rows.map(|row| format!("{} {}", row.family, row.version)).collect();
        products.join(" or ")
    }
}
