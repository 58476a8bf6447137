//! What the id of an edition means that has a sister for Korea without an id of her own.

use super::choose::Sourced;
use crate::{
    domain::{Field, Language},
    report::{Fact, Value, Weight, value::korean},
};

/// The facts with such ids settled: where a report tells of Korean, or names an edition for Korea, an id can be of either edition; else it
/// is of the one without K. What was stated has no word here: no id may mean another edition once more is stated.
pub(super) fn settled(facts: &[Sourced<'_>]) -> Vec<Fact> {
    let is_korean = is_told(facts);
    let settle = |sourced: &Sourced<'_>| {
        let mut fact = sourced.fact.clone();
        if let Value::EditionOrKorean(edition) = &sourced.fact.value {
            if is_korean {
                fact.value = Value::OneOfEditions(std::iter::once(edition.clone()).chain(korean(edition)).collect());
                fact.weight = Weight::Hints;
            } else {
                fact.value = Value::Edition(edition.clone());
            }
        }
        fact
    };
    facts.iter().map(settle).collect()
}

fn is_told(facts: &[Sourced<'_>]) -> bool {
    let told = || {
        facts
            .iter()
            .filter(|sourced| sourced.fact.weight == Weight::Tells)
            .map(|sourced| &sourced.fact.value)
    };
    let language = Language::parse("ko").ok();
    let speaks = told().any(|value| match (value, &language) {
        (Value::Language(told), Some(korean)) => told.shares_primary_language(korean),
        _ => false,
    });
    let by_id = told()
        .filter(|value| value.field() == Field::Edition)
        .filter_map(|value| match value {
            Value::EditionOrKorean(edition) => korean(edition),
            _ => None,
        });
    let named: Vec<Value> = by_id.map(Value::Edition).collect();
    speaks || told().any(|value| named.contains(value))
}
