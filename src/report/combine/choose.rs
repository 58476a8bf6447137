//! Which of the things that reports describe is the product in question.

use crate::{
    domain::Name,
    report::{Described, Fact, Field, Reading, SoftwareKind, Subject, Tool, Value, read::kind_of},
};

/// A fact with the reading that it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sourced<'a> {
    pub reading: usize,
    pub tool: Tool,
    pub subject: Subject,
    pub fact: &'a Fact,
}

/// The facts about the product of a family, or about everything where the family is not stated. A device and an image hold one
/// operating system, so all that is said of one counts where the product is one; of the applications, those of the family.
pub(super) fn chosen<'a>(readings: &'a [Reading], family: Option<&Name>) -> Vec<Sourced<'a>> {
    let mut facts = Vec::new();
    for (reading, of) in readings.iter().enumerate() {
        for described in of.described.iter().filter(|described| is_meant(described, family)) {
            facts.extend(described.facts.iter().map(|fact| Sourced {
                reading,
                tool: of.tool,
                subject: described.subject,
                fact,
            }));
        }
    }
    facts
}

fn is_meant(described: &Described, family: Option<&Name>) -> bool {
    let Some(family) = family else { return true };
    if kind_of(family) == SoftwareKind::OperatingSystem {
        return described.kind == SoftwareKind::OperatingSystem;
    }
    let of_family = |fact: &Fact| matches!(&fact.value, Value::Family(name) if name == family);
    described.kind == SoftwareKind::Application
        && described
            .facts
            .iter()
            .any(|fact| fact.value.field() == Field::Family && of_family(fact))
}
