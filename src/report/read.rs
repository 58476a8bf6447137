//! One report, read.

use super::{
    Described, Reading, Report, SoftwareKind, Subject, Value, adapter,
    item::{Clue, Item, short},
    translate::{Draft, translate},
};
use crate::{
    catalogue::Catalogue,
    domain::{Field, Name},
};

/// Most things that a report describes; what it describes beyond these is passed over. A report on the wire has room for fewer, so that
/// no product of an image is lost.
const ITEM_COUNT_MAX: usize = 4096;
/// Families that are operating systems.
const SYSTEMS: [&str; 4] = [
    "Windows",
    "Windows Server",
    "Windows Small Business Server",
    "Windows Home Server",
];

/// Reads a report: facts, each with its origin, and what says nothing here. Any text can be read, at worst to no fact at all.
#[must_use]
pub fn read(report: &Report, catalogue: &Catalogue) -> Reading {
    let mut reading = Reading {
        tool: report.tool,
        described: Vec::new(),
        unmapped: Vec::new(),
        unread: beginning(report),
    };
    let items = adapter::items(report, &mut reading);
    let items = items.into_iter().filter(|item| !item.entries.is_empty());
    for item in items.take(ITEM_COUNT_MAX) {
        describe(&mut reading, &item, catalogue);
    }
    reading
}

/// How a report begins, which is kept until a key in it is known.
fn beginning(report: &Report) -> Option<String> {
    let value = report.values.iter().next();
    let value = value.map(|(key, value)| format!("{key}={value}"));
    let line = || report.text.lines().map(str::trim).find(|line| !line.is_empty());
    value.or_else(|| line().map(str::to_owned)).map(|text| short(&text))
}

/// Translates an item, each of its subjects apart.
fn describe(reading: &mut Reading, item: &Item, catalogue: &Catalogue) {
    let tool = reading.tool;
    let clues: Vec<Clue> = item
        .entries
        .iter()
        .filter_map(|entry| entry.clue(tool, reading))
        .collect();
    for subject in [Subject::License, Subject::RunningCopy, Subject::Image] {
        let about: Vec<Clue> = clues.iter().filter(|clue| clue.about == subject).cloned().collect();
        let mut draft = Draft {
            reading,
            facts: Vec::new(),
        };
        translate(&mut draft, &about, item.kind, catalogue);
        let facts = draft.facts;
        if !facts.is_empty() {
            let families = facts.iter().filter(|fact| fact.value.field() == Field::Family);
            let mut kinds = families.filter_map(|fact| match &fact.value {
                Value::Family(name) => Some(kind_of(name)),
                _ => None,
            });
            reading.described.push(Described {
                subject,
                kind: kinds.next().unwrap_or(item.kind),
                facts,
            });
        }
    }
}

/// What kind of software a family is.
pub(super) fn kind_of(family: &Name) -> SoftwareKind {
    if SYSTEMS
        .iter()
        .any(|system| Name::parse(system).as_ref() == Some(family))
    {
        SoftwareKind::OperatingSystem
    } else {
        SoftwareKind::Application
    }
}
