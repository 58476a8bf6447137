//! Facts about one subject while they are collected.

use crate::{
    catalogue::Source,
    domain::{Field, Name},
    report::{Fact, Origin, Reading, Value, Weight, item::Clue},
};

/// Most facts about one subject.
const FACT_COUNT_MAX: usize = 256;

/// Facts about one subject, and the reading that lists what says nothing.
pub(in crate::report) struct Draft<'a> {
    pub reading: &'a mut Reading,
    pub facts: Vec<Fact>,
}

/// The row that translates, and how well it is known.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub mapping: String,
    pub source: Source,
}

impl Row {
    pub fn new(table: &str, row: impl std::fmt::Display, source: Source) -> Self {
        Self {
            mapping: format!("{table}: {row}"),
            source,
        }
    }
}

impl Draft<'_> {
    /// Notes what a value settles.
    pub(super) fn tell(&mut self, clue: &Clue, row: &Row, value: Value) {
        self.push(clue, row, value, Weight::Tells);
    }

    /// Notes what a value can contradict.
    pub(super) fn hint(&mut self, clue: &Clue, row: &Row, value: Value) {
        self.push(clue, row, value, Weight::Hints);
    }

    /// Notes the editions that a value can stand for. Where none of them is known here, it stands for itself: it agrees with an edition
    /// that was stated in its own words, and with no other.
    pub(super) fn hint_editions<'t>(
        &mut self,
        clue: &Clue,
        row: &Row,
        editions: impl IntoIterator<Item = &'t str>,
        own: &str,
    ) {
        let mut names: Vec<Name> = Vec::new();
        for name in editions.into_iter().filter_map(Name::parse) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            names.extend(Name::parse(own));
        }
        self.hint(clue, row, Value::OneOfEditions(names));
    }

    /// Notes a name that a table gives, if there is one.
    pub(super) fn tell_name(&mut self, clue: &Clue, row: &Row, of: fn(Name) -> Value, text: Option<&str>) {
        if let Some(name) = text.and_then(Name::parse) {
            self.tell(clue, row, of(name));
        }
    }

    fn push(&mut self, clue: &Clue, row: &Row, value: Value, weight: Weight) {
        let origin = Origin {
            key: clue.key.clone(),
            raw: clue.raw.clone(),
            mapping: row.mapping.clone(),
            source: row.source.max(clue.source),
        };
        let fact = Fact { value, weight, origin };
        if self.facts.len() < FACT_COUNT_MAX && !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    /// Lists a value that says nothing here.
    pub fn leave(&mut self, clue: &Clue, why: &str, needed: &str) {
        self.reading.leave(&clue.key, &clue.raw, why, needed);
    }

    /// The names that were told for a field so far, each once.
    pub fn names(&self, field: Field) -> Vec<&Name> {
        let mut names: Vec<&Name> = Vec::new();
        for fact in self
            .facts
            .iter()
            .filter(|fact| fact.weight == Weight::Tells && fact.value.field() == field)
        {
            if let Value::Family(name) | Value::Version(name) | Value::Edition(name) = &fact.value
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        names
    }
}
