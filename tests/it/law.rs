//! The law of the rules: a definite verdict survives every fact that becomes known, and depends on nothing but the facts.

use std::{cell::Cell, sync::Arc};

use proptest::prelude::*;
use reimage_rights::{
    catalogue::Catalogue,
    domain::{Facts, Holdings, Name, Note, NoteKind, Place, Product},
    rules::evaluate,
    verdict::Verdict,
    wire::{
        Context, Draft, Opinion, Stamp, decode, encode_facts, parse_check, parse_facts, pb, projection, render,
        unrecorded,
    },
};

use uuid::Uuid;

use crate::support::{
    facts::{completed, hide, is_valid, runner, valid_facts},
    written::{respelled, written},
};

/// Requests generated for the law. Half are as many again with facts hidden.
const REQUEST_COUNT: u32 = 100_000;

fn verdict(facts: &Facts) -> Verdict {
    evaluate(facts, Catalogue::embedded()).verdict()
}

#[test]
fn a_definite_verdict_survives_every_fact_that_becomes_known() {
    let seen = Cell::new([0_u32; 3]);
    let choices = prop::collection::vec(prop::bool::weighted(0.12), 1..60);
    let strategy = (valid_facts(), choices);
    let result = runner(REQUEST_COUNT).run(&strategy, |(complete, choices)| {
        let partial = hide(&complete, &choices);
        let before = verdict(&partial);
        let mut counts = seen.get();
        counts[before as usize] += 1;
        seen.set(counts);
        if before != Verdict::Indeterminate {
            prop_assert_eq!(before, verdict(&complete), "from {:#?}", partial);
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let seen = seen.get();
    assert!(
        seen.iter().all(|count| *count > REQUEST_COUNT / 100),
        "the verdicts are not all generated: {seen:?}"
    );
}

#[test]
fn a_definite_verdict_survives_with_what_the_catalogue_knows() {
    let seen = Cell::new([0_u32; 3]);
    let filled = Cell::new(0_u32);
    let choices = prop::collection::vec(prop::bool::weighted(0.12), 1..60);
    let result = runner(REQUEST_COUNT / 4).run(&(valid_facts(), choices), |(complete, choices)| {
        let partial = completed(&hide(&complete, &choices));
        let complete = completed(&with_terms_as_known(&complete, &partial));
        if complete.notes.iter().any(Note::withholds) {
            // What the catalogue knows to be impossible is corrected, not completed.
            return Ok(());
        }
        let before = verdict(&partial);
        let mut counts = seen.get();
        counts[before as usize] += 1;
        seen.set(counts);
        filled.set(filled.get() + u32::from(!partial.notes.is_empty()));
        if before != Verdict::Indeterminate {
            prop_assert_eq!(before, verdict(&complete), "from {:#?}", partial);
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(filled.get() > 200, "{filled:?}");
    assert!(
        seen.get().iter().all(|count| *count > 100),
        "the verdicts are not all generated: {seen:?}"
    );
}

/// Terms that the catalogue fills in are a default: a completion leaves them as they are.
fn with_terms_as_known(complete: &Facts, partial: &Facts) -> Facts {
    let mut complete = complete.clone();
    if let Holdings::Licenses(licenses) = &mut complete.device.holdings {
        for note in &partial.notes {
            if let (Place::License(index), NoteKind::Known) = (note.place, note.kind) {
                licenses[index].prior_versions = None;
            }
        }
    }
    complete
}

#[test]
fn generated_facts_are_valid_input_hidden_or_not() {
    let choices = prop::collection::vec(prop::bool::weighted(0.12), 1..60);
    let result = runner(5_000).run(&(valid_facts(), choices), |(complete, choices)| {
        prop_assert!(is_valid(&complete), "{complete:#?}");
        prop_assert!(is_valid(&hide(&complete, &choices)));
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn an_open_answer_names_what_would_settle_it() {
    let choices = prop::collection::vec(prop::bool::weighted(0.2), 1..60);
    let result = runner(20_000).run(&(valid_facts(), choices), |(complete, choices)| {
        let judgement = evaluate(&hide(&complete, &choices), Catalogue::embedded());
        let is_open = judgement.verdict() == Verdict::Indeterminate;
        prop_assert_eq!(is_open, !judgement.openings().is_empty());
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn order_of_lists_changes_nothing() {
    let choices = prop::collection::vec(prop::bool::weighted(0.12), 1..60);
    let result = runner(20_000).run(&(valid_facts(), choices), |(complete, choices)| {
        let facts = hide(&complete, &choices);
        prop_assert_eq!(verdict(&facts), verdict(&reversed(&facts)), "{:#?}", facts);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

fn reversed(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.image.products.reverse();
    if let Holdings::Licenses(licenses) = &mut facts.device.holdings {
        licenses.reverse();
        for license in licenses {
            if let Some(allowed) = &mut license.prior_versions {
                allowed.reverse();
            }
        }
    }
    if let Some(purchases) = &mut facts.agreement.purchases {
        purchases.reverse();
    }
    facts
}

#[test]
fn spelling_of_names_changes_nothing() {
    let catalogue = Catalogue::embedded();
    let choices = prop::collection::vec(prop::bool::weighted(0.12), 1..60);
    let result = runner(10_000).run(&(valid_facts(), choices), |(complete, choices)| {
        let message = encode_facts(&hide(&complete, &choices), catalogue);
        let plain = parse_facts(&message, catalogue).as_ref().map(verdict).ok();
        prop_assert!(plain.is_some());
        prop_assert_eq!(
            plain,
            parse_facts(&respelled(message), catalogue).as_ref().map(verdict).ok()
        );
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn recorded_facts_are_judged_as_the_request_was() {
    let catalogue = Catalogue::embedded();
    let choices = prop::collection::vec(prop::bool::weighted(0.12), 1..60);
    let result = runner(10_000).run(&(valid_facts(), choices), |(complete, choices)| {
        let asked = parse_facts(&encode_facts(&hide(&complete, &choices), catalogue), catalogue).unwrap();
        let recorded = parse_facts(&encode_facts(&asked, catalogue), catalogue).unwrap();
        prop_assert_eq!(evaluate(&asked, catalogue).items, evaluate(&recorded, catalogue).items);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn records_decode_to_the_decision_that_was_recorded() {
    let catalogue = Catalogue::embedded();
    let parts_whole = Cell::new([0_u32; 3]);
    let choices = prop::collection::vec(prop::bool::weighted(0.12), 1..60);
    let writing = prop::collection::vec(prop::bool::weighted(0.3), 1..60);
    let result = runner(5_000).run(&(valid_facts(), choices, writing), |(complete, choices, writing)| {
        let facts = encode_facts(&hide(&complete, &choices), catalogue);
        let check = parse_check(written(facts, &writing), catalogue).unwrap();
        let judgement = evaluate(&check.facts, catalogue);
        let mut decision = unrecorded(
            check.request.clone(),
            check.edition,
            &check.facts,
            &judgement,
            catalogue,
            Context::default(),
        );
        let opinion = Opinion::take(&mut decision, &check.facts, catalogue).unwrap();
        let draft = Draft::new(Box::new(decision), Arc::new(opinion)).unwrap();
        let stamp = Stamp {
            decision_id: Uuid::from_u128(7),
            decided_at_us: 1_300_000_000_000_000,
            salt: [7; 16],
        };
        let stamped = draft.stamped(&stamp, 9).unwrap();
        let mut decoded = decode(&stamped.record, 9).unwrap();
        prop_assert_eq!(projection(&decoded).unwrap(), stamped.projection);
        render(&mut decoded, &check.facts, catalogue);
        prop_assert_eq!(decoded, pb::Decision::from(stamped.answer));
        let record: pb::Record = serde_json::from_str(&stamped.record).unwrap();
        let stored = record.decision.and_then(|decision| decision.resolved).unwrap();
        let whole = [
            stored.device.is_some(),
            stored.image.is_some(),
            stored.agreement.is_some(),
        ];
        let mut counts = parts_whole.get();
        counts[whole.iter().filter(|whole| **whole).count().min(2)] += 1;
        parts_whole.set(counts);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let counts = parts_whole.get();
    assert!(
        counts.iter().all(|count| *count > 50),
        "facts are not generated short and whole: {counts:?}"
    );
}

#[test]
fn service_packs_are_no_versions() {
    let with_pack = |text| Product {
        version: Name::parse(text),
        ..Product::default()
    };
    assert_eq!(with_pack("7 SP1"), with_pack("7"));
}
