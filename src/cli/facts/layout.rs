//! Facts in a table.

use comfy_table::Color;

use crate::{
    catalogue::{Catalogue, Source},
    cli::table::{self, Field as Cell},
    domain::Field,
    report::{Conflict, Described, Fact, Reading, Unmapped, Weight, described_facts},
};

const FACTS: [&str; 5] = ["about", "fact", "value", "from", "known"];
const UNMAPPED: [&str; 4] = ["not mapped", "value", "why", "needed"];

/// The reading, for a terminal of `width` columns or for a program, which gets one table of lines.
pub(super) fn reading(reading: &Reading, catalogue: &Catalogue, width: Option<usize>) -> String {
    let described = reading.described.iter();
    let facts: Vec<[Cell; 5]> = described
        .flat_map(|described| rows(reading, described, catalogue))
        .collect();
    let Some(width) = width else {
        let unmapped = reading.unmapped.iter().map(as_fact);
        let rows: Vec<[Cell; 5]> = facts.into_iter().chain(unmapped).collect();
        return table::separated(FACTS, &rows);
    };
    let mut text = if facts.is_empty() {
        "The report maps to no fact.\n".to_owned()
    } else {
        table::drawn(FACTS, facts, width, None)
    };
    if !reading.unmapped.is_empty() {
        let unmapped = reading.unmapped.iter().map(left_open).collect();
        text.push('\n');
        text.push_str(&table::drawn(UNMAPPED, unmapped, width, None));
    }
    text
}

/// The values of one thing, each once with every key that tells it.
fn rows(reading: &Reading, described: &Described, catalogue: &Catalogue) -> Vec<[Cell; 5]> {
    let conflicts = described_facts(reading.tool, described, catalogue).conflicts;
    let mut facts: Vec<(&Fact, Vec<&str>, Source)> = Vec::new();
    for fact in &described.facts {
        let same = facts
            .iter_mut()
            .find(|(other, _, _)| other.value == fact.value && other.weight == fact.weight);
        match same {
            Some((_, keys, source)) => {
                *source = fact.origin.source.min(*source);
                if !keys.contains(&fact.origin.key.as_str()) {
                    keys.push(&fact.origin.key);
                }
            }
            None => facts.push((fact, vec![&fact.origin.key], fact.origin.source)),
        }
    }
    facts.sort_by_key(|(fact, _, _)| fact.value.field());
    facts
        .into_iter()
        .map(|(fact, keys, source)| row(described, fact, &keys, source, &conflicts))
        .collect()
}

fn row(described: &Described, fact: &Fact, keys: &[&str], source: Source, conflicts: &[Conflict]) -> [Cell; 5] {
    let field = fact.value.field();
    let value = match (is_in(field, conflicts), fact.weight) {
        (true, _) => Cell::plain(format!("{} (contradicted: unknown)", fact.value)).in_color(Color::Red),
        (false, Weight::Hints) => Cell::plain(format!("{} (a hint)", fact.value)),
        (false, Weight::Tells) => Cell::plain(fact.value.to_string()),
    };
    let (known, color) = match source {
        Source::Seen => ("seen", None),
        Source::Recalled => ("recalled", Some(Color::Yellow)),
    };
    let known = color.map_or_else(|| Cell::plain(known), |color| Cell::plain(known).in_color(color));
    [
        Cell::plain(described.subject.to_string()),
        Cell::plain(field.as_str()),
        value,
        Cell::plain(keys.join(", ")),
        known,
    ]
}

fn is_in(field: Field, conflicts: &[Conflict]) -> bool {
    conflicts.iter().any(|conflict| conflict.field == field)
}

fn left_open(unmapped: &Unmapped) -> [Cell; 4] {
    [
        Cell::plain(&unmapped.key),
        Cell::plain(&unmapped.raw),
        Cell::plain(&unmapped.why),
        Cell::plain(&unmapped.needed),
    ]
}

/// A value that says nothing, in the columns of facts.
fn as_fact(unmapped: &Unmapped) -> [Cell; 5] {
    [
        Cell::plain("not mapped"),
        Cell::plain(format!("{}; needed: {}", unmapped.why, unmapped.needed)),
        Cell::plain(&unmapped.raw),
        Cell::plain(&unmapped.key),
        Cell::plain(""),
    ]
}
