//! Which of the things that reports describe is the product in question.

use crate::{
    domain::{Field, Name},
    report::{Described, Fact, Reading, SoftwareKind, Subject, Tool, Value, Weight, read::kind_of, table::TABLES},
};

/// A fact with the reading that it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sourced<'a> {
    pub reading: usize,
    pub tool: Tool,
    pub subject: Subject,
    pub kind: SoftwareKind,
    pub fact: &'a Fact,
}

/// Which of the things that reports describe are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant<'a> {
    /// All of them: nothing tells which.
    Anything,
    /// The operating system: a device and an image hold one, so all that is said of one counts.
    System,
    /// The application of this family.
    Application(&'a Name),
    /// An application of which no report tells the family.
    Unidentified,
}

/// The facts about what is meant.
pub(super) fn chosen<'a>(readings: &'a [Reading], meant: Meant<'_>) -> Vec<Sourced<'a>> {
    sourced(readings, |_, described| meant.includes(described))
}

/// What speaks against an application that was stated since a thing whose family nobody knows may be it.
pub(super) fn doubts<'a>(readings: &'a [Reading], meant: Meant<'_>) -> Vec<Sourced<'a>> {
    let mut facts = sourced(readings, |reading, described| meant.may_be(reading, described));
    facts.retain(|sourced| sourced.fact.weight == Weight::Hints);
    facts
}

/// The facts about every thing that is wanted.
fn sourced(readings: &[Reading], wanted: impl Fn(&Reading, &Described) -> bool) -> Vec<Sourced<'_>> {
    let mut facts = Vec::new();
    for (reading, of) in readings.iter().enumerate() {
        for described in of.described.iter().filter(|described| wanted(of, described)) {
            facts.extend(described.facts.iter().map(|fact| Sourced {
                reading,
                tool: of.tool,
                subject: described.subject,
                kind: described.kind,
                fact,
            }));
        }
    }
    facts
}

impl<'a> Meant<'a> {
    /// What a product of this family is, and everything where the family is not known.
    #[must_use]
    pub fn by_family(family: Option<&'a Name>) -> Self {
        match family {
            None => Self::Anything,
            Some(family) if kind_of(family) == SoftwareKind::OperatingSystem => Self::System,
            Some(family) => Self::Application(family),
        }
    }

    /// What a described thing is.
    pub(super) fn described(described: &'a Described) -> Self {
        match described.kind {
            SoftwareKind::OperatingSystem => Self::System,
            SoftwareKind::Application => families(described).next().map_or(Self::Unidentified, Self::Application),
        }
    }

    /// Whether this application may be a thing of which no family is told: where the report tells of none that is this one.
    pub(super) fn may_be(self, reading: &Reading, described: &Described) -> bool {
        let Self::Application(family) = self else {
            return false;
        };
        let is_told_of = || reading.described.iter().any(|other| self.includes(other));
        let is_doubtful = |fact: &Fact| matches!(fact.value, Value::OneOfEditions(_));
        Meant::described(described) == Meant::Unidentified
            && described.facts.iter().any(is_doubtful)
            && speaks_of(reading.tool, family)
            && !is_told_of()
    }

    fn includes(self, described: &Described) -> bool {
        let is_application = described.kind == SoftwareKind::Application;
        match self {
            Self::Anything => true,
            Self::System => !is_application,
            Self::Application(family) => is_application && families(described).any(|told| told == family),
            Self::Unidentified => is_application && families(described).next().is_none(),
        }
    }
}

/// Whether a report settles anything of a product: a thing of which there are only hints, such as the name of a file, may be none. A program
/// that nobody can name is there all the same, and so is a server of one kind or another.
pub(super) fn is_evident(described: &Described) -> bool {
    let is_application = described.kind == SoftwareKind::Application;
    let of_product = |field: Field| field <= Field::Architecture || (is_application && field == Field::RunningChannel);
    let mut told = described.facts.iter().filter(|fact| fact.weight == Weight::Tells);
    let is_unnamed = || {
        let mut facts = described.facts.iter();
        facts.any(|fact| match fact.value {
            Value::OneOfEditions(_) => is_application,
            Value::OneOfFamilies(_) => true,
            _ => false,
        })
    };
    told.any(|fact| of_product(fact.value.field())) || is_unnamed()
}

/// Whether a tool can tell of a family of applications: some know those of Office only.
fn speaks_of(tool: Tool, family: &Name) -> bool {
    let of_office = matches!(tool, Tool::OfficeC2r | Tool::OfficeMsi | Tool::Ospp);
    let by_code = [&TABLES.msi, &TABLES.msi_2003].into_iter().flat_map(|msi| &msi.rows);
    let by_token = TABLES.tokens.rows.iter().map(|row| &row.family);
    let mut families = by_token.chain(by_code.map(|row| &row.family));
    !of_office || families.any(|known| Name::parse(known).as_ref() == Some(family))
}

/// The families that are told of a thing.
pub(super) fn families(described: &Described) -> impl Iterator<Item = &Name> {
    described.told(Field::Family).filter_map(|fact| match &fact.value {
        Value::Family(family) => Some(family),
        _ => None,
    })
}
