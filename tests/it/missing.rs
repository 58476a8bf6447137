//! The law of missing facts: an open answer names at once every unstated fact that it turns on.

use std::cell::Cell;

use proptest::prelude::*;
use reimage_rights::{
    catalogue::Catalogue,
    domain::{Facts, Note, NoteKind, Place},
    rules::evaluate,
    verdict::{Opening, Verdict},
    wire::{encode_facts, parse_facts, pb},
};
use serde_json::{Map, Value};

use crate::support::facts::{completed, hide, rival_facts, runner, valid_facts};

/// Requests generated for each law, half of them with several products that want the same licenses.
const REQUEST_COUNT: u32 = 10_000;

fn partial_and_complete() -> impl Strategy<Value = (Facts, Facts)> {
    let choices = prop::collection::vec(prop::bool::weighted(0.15), 1..60);
    (prop_oneof![valid_facts(), rival_facts()], choices, any::<bool>()).prop_map(|(complete, choices, completes)| {
        let partial = hide(&complete, &choices);
        // Read once, so that what the catalogue tells of a product by its other parts is not hidden.
        let partial = read(written(&partial)).unwrap_or(partial);
        let known = completed(&partial);
        // What cannot be is to be corrected, which is more than to state what is missing.
        if completes && !known.notes.iter().any(Note::withholds) {
            (known, complete)
        } else {
            (partial, complete)
        }
    })
}

/// Whether the answer is open, and the facts that it names as missing.
fn asked(facts: &Facts) -> (bool, Vec<String>) {
    let judgement = evaluate(facts, Catalogue::embedded());
    let missing = judgement.openings().into_iter().filter_map(|opening| match opening {
        Opening::Missing(path) => Some(path.into_text()),
        Opening::Unsettled { .. } => None,
    });
    (judgement.verdict() == Verdict::Indeterminate, missing.collect())
}

/// The facts as stated, without the programs that the catalogue tells of suites.
fn written(facts: &Facts) -> Value {
    let mut written = serde_json::to_value(encode_facts(facts, Catalogue::embedded())).unwrap();
    leave_out_suites(&mut written);
    written
}

/// Generated facts state one program at most, and a suite is of several.
fn leave_out_suites(written: &mut Value) {
    match written {
        Value::Object(fields) => {
            fields.retain(|field, value| field != "components" || value.as_array().is_none_or(|list| list.len() == 1));
            fields.values_mut().for_each(leave_out_suites);
        }
        Value::Array(list) => list.iter_mut().for_each(leave_out_suites),
        _ => {}
    }
}

/// `None` where the facts contradict each other once they are put together.
fn read(written: Value) -> Option<Facts> {
    let message: pb::Facts = serde_json::from_value(written).unwrap();
    parse_facts(&message, Catalogue::embedded()).ok()
}

/// The steps of a path, as JSON names them.
fn steps(path: &str) -> Vec<String> {
    let path = path.replace('[', ".").replace(']', "");
    let camel = |step: &str| {
        let mut words = step.split('_');
        let first = words.next().unwrap().to_owned();
        words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
    };
    path.split('.').map(camel).collect()
}

fn fact<'a>(facts: &'a Value, path: &str) -> Option<&'a Value> {
    // A device without licenses is stated at a place of its own.
    if path == "device.licenses" && facts.pointer("/device/unlicensed").is_some() {
        return facts.pointer("/device/unlicensed");
    }
    let found = facts.pointer(&format!("/{}", steps(path).join("/")));
    found.filter(|found| found.as_array().is_none_or(|list| !list.is_empty()))
}

/// States the fact at `path` as `from` does; takes it away where `from` does not state it.
fn copy_fact(from: &Value, into: &mut Value, path: &str) {
    if path == "device.licenses" {
        into["device"] = from["device"].clone();
        return;
    }
    // What is stated is no longer what the catalogue knows.
    if let Some(notes) = into.get_mut("notes").and_then(Value::as_array_mut) {
        notes.retain(|note| note["path"] != path);
    }
    let steps = steps(path);
    let (last, above) = steps.split_last().unwrap();
    let mut place = into;
    for step in above {
        place = match place {
            Value::Array(entries) => &mut entries[step.parse::<usize>().unwrap()],
            Value::Object(fields) => fields.entry(step.clone()).or_insert_with(|| Value::Object(Map::new())),
            other => panic!("{path} leads into {other}"),
        };
    }
    let fields = place.as_object_mut().unwrap();
    match fact(from, path) {
        Some(stated) => fields.insert(last.clone(), stated.clone()),
        None => fields.remove(last),
    };
}

/// Terms that the catalogue filled in are known: where they are not named, nothing is missing of them.
fn terms_as_known(facts: &Facts) -> Vec<String> {
    let known = facts.notes.iter().filter(|note| note.kind == NoteKind::Known);
    let path = |note: &Note| match note.place {
        Place::License(index) => format!("device.licenses[{index}].{}", note.field.as_str()),
        Place::ImageProduct(index) => panic!("the catalogue fills in nothing of product {index}"),
    };
    known.map(path).collect()
}

/// Holds a law against requests; it says of each whether it speaks of it, and does of every tenth at least.
fn holds(law: impl Fn(&Facts, &Facts) -> Result<bool, TestCaseError>) {
    let spoken_of = Cell::new(0_u32);
    let result = runner(REQUEST_COUNT).run(&partial_and_complete(), |(partial, complete)| {
        if law(&partial, &complete)? {
            spoken_of.set(spoken_of.get() + 1);
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(spoken_of.get() > REQUEST_COUNT / 10, "{spoken_of:?}");
}

#[test]
fn stating_what_is_missing_leaves_nothing_missing() {
    holds(|partial, complete| {
        let (_, missing) = asked(partial);
        if missing.is_empty() {
            return Ok(false);
        }
        let (mut filled, complete) = (written(partial), written(complete));
        for path in &missing {
            copy_fact(&complete, &mut filled, path);
        }
        let Some(filled) = read(filled) else {
            return Ok(false);
        };
        let (_, still) = asked(&filled);
        for path in still {
            prop_assert_eq!(
                fact(&complete, &path),
                None,
                "{} is asked for only after {:?}, from {}",
                path,
                missing,
                written(partial)
            );
        }
        Ok(true)
    });
}

#[test]
fn what_is_not_named_as_missing_does_not_close_the_answer() {
    holds(|partial, complete| {
        let (is_open, missing) = asked(partial);
        if !is_open {
            return Ok(false);
        }
        let (partial_written, mut filled) = (written(partial), written(complete));
        for path in terms_as_known(partial).iter().chain(&missing) {
            copy_fact(&partial_written, &mut filled, path);
        }
        let Some(filled) = read(filled) else {
            return Ok(false);
        };
        prop_assert!(
            asked(&filled).0,
            "beside {:?}, from {} of {}",
            missing,
            partial_written,
            written(complete)
        );
        Ok(true)
    });
}
