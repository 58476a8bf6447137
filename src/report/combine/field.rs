//! One field: what was stated, what reports say, and whether they agree.

use super::{
    choose::Sourced,
    claim::{Conflict, Filled, claim},
};
use crate::{
    domain::{Channel, Claim, Field, Said},
    report::{Value, Weight},
};

/// What came of the fields so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub conflicts: Vec<Conflict>,
    pub filled: Vec<Filled>,
}

impl Ledger {
    /// The value of a field, if all who speak of it agree.
    pub fn settle(&mut self, field: Field, stated: Option<Value>, facts: &[Sourced<'_>]) -> Option<Value> {
        let of_field = || facts.iter().filter(|sourced| sourced.fact.value.field() == field);
        let told: Vec<&Sourced<'_>> = of_field()
            .filter(|sourced| sourced.fact.weight == Weight::Tells)
            .collect();
        let value = stated.clone().or_else(|| most_exact(&told))?;
        let differs = told
            .iter()
            .any(|sourced| sourced.fact.value != value && !covers(&sourced.fact.value, &value))
            || of_field()
                .any(|sourced| sourced.fact.weight == Weight::Hints && contradicts(&sourced.fact.value, &value));
        let claims = told.iter().copied().map(claim);
        if differs {
            let stated = stated.map(|value| Claim {
                value: value.to_string(),
                said: Said::Stated,
            });
            let hints = of_field()
                .filter(|sourced| sourced.fact.weight == Weight::Hints && contradicts(&sourced.fact.value, &value))
                .map(claim);
            self.conflicts.push(Conflict {
                field,
                claims: stated.into_iter().chain(claims).chain(hints).collect(),
            });
            return None;
        }
        if stated.is_none() {
            self.filled.push(Filled {
                field,
                claims: claims.collect(),
            });
        }
        Some(value)
    }

    /// Takes back a field that was filled.
    pub fn contradict(&mut self, field: Field, claims: Vec<Claim>) {
        self.filled.retain(|filled| filled.field != field);
        self.conflicts.push(Conflict { field, claims });
    }
}

/// The first value, or one that says the same more exactly.
fn most_exact(told: &[&Sourced<'_>]) -> Option<Value> {
    let first = &told.first()?.fact.value;
    let more_exact = told.iter().find(|sourced| covers(first, &sourced.fact.value));
    Some(more_exact.map_or(first, |sourced| &sourced.fact.value).clone())
}

/// Whether a value says the same as another, only less exactly.
fn covers(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::RunningChannel(value), Value::RunningChannel(other)) => value.covers(*other),
        // A marker that counts for a license is no less than the word for its channel.
        (Value::OemMarker { .. }, Value::OemMarker { .. } | Value::LicenseChannel(Channel::Oem)) => true,
        _ => false,
    }
}

/// Whether a hint speaks against a value. It names a language without its region.
fn contradicts(hint: &Value, value: &Value) -> bool {
    match (hint, value) {
        (Value::OneOfFamilies(hint), Value::Family(value))
        | (Value::OneOfVersions(hint), Value::Version(value))
        | (Value::OneOfEditions(hint), Value::Edition(value)) => !hint.contains(value),
        (Value::Language(hint), Value::Language(value)) => !hint.shares_primary_language(value),
        _ => hint != value,
    }
}
