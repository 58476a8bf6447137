//! The law of the rules: a definite verdict survives every fact that becomes known, and depends on nothing but the facts.

use std::cell::Cell;

use proptest::{prelude::*, test_runner::TestRunner};
use reimage_rights::{
    catalogue::Catalogue,
    domain::{Facts, Holdings, Name, Note, NoteKind, Place, Product},
    rules::evaluate,
    verdict::Verdict,
    wire::{Context, Draft, Stamp, decode, encode_facts, parse_check, parse_facts, pb, projection, unrecorded},
};

use uuid::Uuid;

use crate::support::facts::{completed, hide, is_valid, valid_facts};

/// Requests generated for the law. Half are as many again with facts hidden.
const REQUEST_COUNT: u32 = 100_000;

fn verdict(facts: &Facts) -> Verdict {
    evaluate(facts, Catalogue::embedded()).verdict()
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
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
        let draft = Draft::new(unrecorded(
            check.request.clone(),
            check.edition,
            &check.facts,
            &judgement,
            catalogue,
            Context::default(),
        ))
        .unwrap();
        let stamp = Stamp {
            decision_id: Uuid::from_u128(7),
            decided_at_us: 1_300_000_000_000_000,
            salt: [7; 16],
        };
        let stamped = draft.stamped(&stamp, 9).unwrap();
        let decoded = decode(&stamped.record, 9).unwrap();
        prop_assert_eq!(projection(&decoded).unwrap(), stamped.projection);
        prop_assert_eq!(decoded, stamped.decision);
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

/// A request for these facts, written in one of the ways people write: names instead of parts, programs left to the catalogue,
/// other spellings, blank texts, and the ids and marks that decide nothing.
fn written(facts: pb::Facts, writing: &[bool]) -> pb::CheckRequest {
    let mut writing = writing.iter().copied().cycle();
    let mut chosen = || writing.next().unwrap_or_default();
    let mut facts = if chosen() { respelled(facts) } else { facts };
    each_product(&mut facts, |product| write_product(product, &mut chosen));
    for license in facts.device.iter_mut().flat_map(|device| &mut device.licenses) {
        if chosen() {
            " ".clone_into(&mut license.id);
        }
        if chosen() {
            "invoice 4711".clone_into(&mut license.evidence);
        }
    }
    for device in facts.device.iter_mut().filter(|_| chosen()) {
        "PC-1".clone_into(&mut device.id);
    }
    for image in facts.image.iter_mut().filter(|_| chosen()) {
        "sha256:00".clone_into(&mut image.digest);
        image.media = image.media.take().filter(|media| *media != pb::Media::default());
    }
    pb::CheckRequest {
        device: facts.device,
        image: facts.image,
        agreement: facts
            .agreement
            .filter(|agreement| *agreement != pb::Agreement::default()),
        activation: chosen().then(|| pb::Activation {
            remaining: chosen().then_some(3),
            ..pb::Activation::default()
        }),
        ..pb::CheckRequest::default()
    }
}

fn write_product(product: &mut pb::Product, chosen: &mut impl FnMut() -> bool) {
    let name = [product.family.as_str(), &product.version, &product.edition].join(" ");
    if chosen() && Catalogue::embedded().resolve_name(&name).is_ok() {
        product.name = name;
        product.family.clear();
        product.version.clear();
        product.edition.clear();
    }
    if chosen() {
        product.components.clear();
    }
    if product.language.is_empty() && chosen() {
        " ".clone_into(&mut product.language);
    }
}

fn each_product(facts: &mut pb::Facts, mut each: impl FnMut(&mut pb::Product)) {
    for license in facts.device.iter_mut().flat_map(|device| &mut device.licenses) {
        let allowed = license
            .prior_versions
            .iter_mut()
            .flat_map(|allowed| &mut allowed.products);
        let one = [&mut license.product, &mut license.coa, &mut license.preinstalled];
        one.into_iter().flatten().chain(allowed).for_each(&mut each);
    }
    let image = facts.image.iter_mut().flat_map(|image| &mut image.products);
    image.filter_map(|product| product.product.as_mut()).for_each(&mut each);
    let bought = facts
        .agreement
        .iter_mut()
        .filter_map(|agreement| agreement.purchases.as_mut());
    let bought = bought.flat_map(|bought| &mut bought.items);
    bought.filter_map(|item| item.product.as_mut()).for_each(&mut each);
}

fn respelled(mut facts: pb::Facts) -> pb::Facts {
    each_product(&mut facts, respell);
    if let Some(agreement) = &mut facts.agreement {
        let number = &mut agreement.number;
        *number = if number.is_empty() {
            String::new()
        } else {
            format!(" {number}- ")
        };
    }
    facts
}

fn respell(product: &mut pb::Product) {
    for part in [&mut product.family, &mut product.version, &mut product.edition] {
        if !part.is_empty() {
            *part = format!("  {}® ", part.to_uppercase().replace(' ', " - "));
        }
    }
    product.language = product.language.to_uppercase();
    product
        .components
        .iter_mut()
        .for_each(|component| *component = component.to_lowercase());
}

#[test]
fn service_packs_are_no_versions() {
    let with_pack = |text| Product {
        version: Name::parse(text),
        ..Product::default()
    };
    assert_eq!(with_pack("7 SP1"), with_pack("7"));
}
