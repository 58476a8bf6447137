//! What was asked before is remembered: names change nothing of it, and everything else asks anew.

use std::{cell::Cell, sync::Arc};

use proptest::prelude::*;
use prost::Message as _;
use reimage_rights::{
    catalogue::Catalogue,
    rules::evaluate,
    wire::{
        Context, Draft, Opinion, Question, Stamp, Stamped, decode, encode_facts, parse_check, pb, recall, unrecorded,
    },
};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::support::{
    facts::{hide, runner, valid_facts},
    server::{Server, examples, typical},
    written::written,
};

type Change = fn(&mut pb::CheckRequest);

/// The question of a request, which is left as it was.
fn question(request: &mut pb::CheckRequest) -> Option<Question> {
    let (question, names) = Question::take(request)?;
    names.put_back(request);
    Some(question)
}

/// An opinion on a request as it is, and the head of its decision.
fn formed(request: pb::CheckRequest) -> (pb::Decision, Opinion) {
    let catalogue = Catalogue::embedded();
    let check = parse_check(request, catalogue).unwrap();
    let judgement = evaluate(&check.facts, catalogue);
    let context = Context::default();
    let mut head = unrecorded(
        check.request,
        check.edition,
        &check.facts,
        &judgement,
        catalogue,
        context,
    );
    let opinion = Opinion::take(&mut head, &check.facts, catalogue).unwrap();
    (head, opinion)
}

fn recorded(head: pb::Decision, opinion: Arc<Opinion>) -> Stamped {
    let stamp = Stamp {
        decision_id: Uuid::from_u128(7),
        decided_at_us: 1_300_000_000_000_000,
        salt: [7; 16],
    };
    let draft = Draft::new(Box::new(head), opinion).unwrap();
    draft.stamped(&stamp, 9).unwrap()
}

/// A request whose licenses have ids of all kinds.
fn named(mut request: pb::CheckRequest) -> pb::CheckRequest {
    let licenses = request.device.iter_mut().flat_map(|device| &mut device.licenses);
    for (index, license) in licenses.enumerate() {
        license.id = match index % 4 {
            0 => format!("PC-1-windows-{index}"),
            1 => format!("Büro {index}: Käufer"),
            2 => index.to_string(),
            _ => license.id.clone(),
        };
    }
    request
}

/// The same request under other names.
fn renamed(mut request: pb::CheckRequest) -> pb::CheckRequest {
    request.request_id.push_str("job-2");
    request.labels.insert("site".to_owned(), "Lyon".to_owned());
    if let Some(device) = &mut request.device {
        device.id.push_str("-2");
        for license in &mut device.licenses {
            license.evidence.push_str(" and its invoice");
            // Of the same length: where it is another, it is another question.
            if license.id.len() > 3 {
                license.id = license.id.chars().rev().collect();
            }
        }
    }
    if let Some(image) = &mut request.image {
        image.id.push_str("-2");
        image.digest.push_str("00");
    }
    request
}

#[test]
fn names_change_nothing_of_an_opinion() {
    let choices = prop::collection::vec(prop::bool::weighted(0.12), 1..60);
    let writing = prop::collection::vec(prop::bool::weighted(0.3), 1..60);
    let (remembered, filled) = (Cell::new(0), Cell::new(0));
    let inputs = (valid_facts(), choices, writing);
    let result = runner(2_000).run(&inputs, |(complete, choices, writing)| {
        let facts = encode_facts(&hide(&complete, &choices), Catalogue::embedded());
        let mut one = named(written(facts, &writing));
        let mut other = renamed(one.clone());
        let (asked, asked_again) = (one.clone(), other.clone());
        prop_assert_eq!(question(&mut one), question(&mut other));
        prop_assert_eq!((&one, &other), (&asked, &asked_again));
        let mut nameless = one.clone();
        if Question::take(&mut nameless).is_none() {
            return Ok(());
        }
        remembered.set(remembered.get() + 1);

        let (_, known) = formed(nameless);
        let asked = question(&mut one);
        let opinion = Arc::new(known.of_question());
        for request in [one, other] {
            let (head, anew) = formed(request);
            let known = recorded(head.clone(), Arc::clone(&opinion));
            let anew = recorded(head, Arc::new(anew));
            let mentions = known.record.matches("PC-1-windows-0").count();
            filled.set(filled.get() + u32::from(mentions > 1));
            prop_assert_eq!(&known.record, &anew.record);
            prop_assert_eq!(known.projection, anew.projection);
            prop_assert_eq!(known.answer.encoded_len(), anew.answer.encode_to_vec().len());
            let recalled = recall(&anew.record, 9, |question| {
                assert_eq!(Some(question), asked.as_ref());
                Some(Arc::clone(&opinion))
            });
            let anew = pb::Decision::from(anew.answer);
            prop_assert_eq!(pb::Decision::from(known.answer), anew.clone());
            prop_assert_eq!(recalled.map(pb::Decision::from), Some(anew));
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(
        remembered.get() > 1_000,
        "{} questions are short enough",
        remembered.get()
    );
    assert!(filled.get() > 100, "{} records name a license themselves", filled.get());
}

#[test]
fn a_record_that_says_anything_else_is_not_recalled() {
    let mut request = typical("PC-1");
    let (head, opinion) = formed(request.clone());
    let known = Arc::new(opinion.of_question());
    let record = recorded(head, Arc::clone(&known)).record;
    let recalled = |record: &str| recall(record, 9, |_| Some(Arc::clone(&known)));
    assert!(recalled(&record).is_some());
    assert!(recall(&record, 9, |_| None).is_none());
    for (found, other) in [
        (r#"{"format":3,"#, r#"{"format":2,"#),
        (r#""decisionId":"#, r#""more":1,"decisionId":"#),
        (r#""resolved":{"#, r#""resolved":{"more":1,"#),
        ("VERDICT_PERMITTED", "VERDICT_NOT_PERMITTED"),
        ("}}", "}} "),
        ("}}", "} }"),
    ] {
        let place = record.rfind(found).unwrap_or_else(|| panic!("{found}: {record}"));
        let spoiled = [&record[..place], other, &record[place + found.len()..]].concat();
        assert!(recalled(&spoiled).is_none(), "{found}");
    }

    // Where a label has the key by which the opinion is found, the record is read as if nothing were remembered.
    request.labels.insert("a".to_owned(), String::new());
    request.labels.insert("resolved".to_owned(), String::new());
    let labeled = recorded(formed(request).0, Arc::clone(&known)).record;
    assert!(recalled(&labeled).is_none());
    assert!(decode(&labeled, 9).is_ok());
}

fn license(request: &mut pb::CheckRequest) -> &mut pb::License {
    &mut request.device.as_mut().unwrap().licenses[0]
}

#[test]
fn what_is_no_name_makes_another_question() {
    let asked = |change: Change| {
        let mut request = typical("PC-1");
        change(&mut request);
        question(&mut request).unwrap()
    };
    let changes: [Change; 6] = [
        |request| request.edition.clear(),
        |request| license(request).channel = 0,
        |request| license(request).product.as_mut().unwrap().language.push('x'),
        |request| request.image.as_mut().unwrap().deployment += 1,
        |request| request.agreement = None,
        |request| request.activation = Some(pb::Activation::default()),
    ];
    let as_it_was = asked(|_| {});
    for change in changes {
        assert_ne!(asked(change), as_it_was);
    }
}

#[test]
fn reports_and_long_questions_are_not_remembered() {
    let mut reported = typical("PC-1");
    license(&mut reported).reports.push(pb::Report {
        text: "a report".to_owned(),
        ..pb::Report::default()
    });
    assert_eq!(question(&mut reported), None);

    let mut long = typical("PC-1");
    let numbered = |number: u32| pb::License {
        id: format!("license-{number}"),
        ..license(&mut typical("PC-1")).clone()
    };
    long.device.as_mut().unwrap().licenses = (0..64).map(numbered).collect();
    assert_eq!(question(&mut long), None);
}

#[test]
fn a_text_that_could_be_taken_for_a_blank_is_not_remembered() {
    let mut marked = typical("PC-1");
    license(&mut marked).product.as_mut().unwrap().name.push('\u{100000}');
    assert_eq!(question(&mut marked), None);

    // In an id it is no more than a part of the id.
    let mut named = typical("PC-1");
    let id = &mut license(&mut named).id;
    *id = format!("\u{100000}{}", &id[4..]);
    assert_eq!(question(&mut named), question(&mut typical("PC-1")));
}

#[tokio::test]
async fn a_text_that_could_be_taken_for_a_blank_is_recorded_as_it_is() {
    let server = Server::start().await;
    let number = "S7012345\u{100000}...............";
    let mut marked = typical("PC-1");
    marked.agreement.as_mut().unwrap().number = number.to_owned();
    let decision = server.check(marked.clone()).await.unwrap();
    assert_eq!(decision.request.as_ref(), Some(&marked));
    let resolved = decision.resolved.as_ref().unwrap();
    assert_eq!(resolved.agreement.as_ref().unwrap().number, number);
    assert_eq!(server.decision(&decision.decision_id).await.unwrap(), decision);
}

#[test]
fn an_id_that_json_writes_longer_is_a_part_of_the_question() {
    let mut quoted = typical("PC-1");
    let id = &mut license(&mut quoted).id;
    *id = format!("\"{}", &id[1..]);
    assert_ne!(question(&mut quoted).unwrap(), question(&mut typical("PC-1")).unwrap());
}

#[tokio::test]
async fn an_answer_is_the_same_formed_anew_remembered_and_read_from_the_log() {
    let server = Server::start().await;
    let under = |request: &pb::CheckRequest, key: String| pb::CheckRequest {
        request_id: key,
        ..request.clone()
    };
    let opinion = |decision: &pb::Decision| pb::Decision {
        decision_id: String::new(),
        log_index: 0,
        decided_at: None,
        request: None,
        ..decision.clone()
    };
    let mut remembered = Vec::new();
    for (number, request) in examples().iter().enumerate() {
        let anew = server.check(under(request, format!("first-{number}"))).await.unwrap();
        let again = under(request, format!("again-{number}"));
        let known = server.check(again.clone()).await.unwrap();
        assert_eq!(opinion(&anew), opinion(&known));
        assert_eq!(known.request.as_ref(), Some(&again));
        remembered.push(known);
    }
    let server = server.restart().await;
    for decision in remembered {
        let request = decision.request.clone().unwrap();
        assert_eq!(server.check(request).await.unwrap(), decision);
        assert_eq!(server.decision(&decision.decision_id).await.unwrap(), decision);
    }
}

/// Questions to the history, of every kind.
fn histories() -> Vec<pb::HistoryRequest> {
    let ask = |change: fn(&mut pb::HistoryRequest)| {
        let mut asked = pb::HistoryRequest::default();
        change(&mut asked);
        asked
    };
    vec![
        ask(|_| {}),
        ask(|asked| asked.set_view(pb::DecisionView::Basic)),
        ask(|asked| asked.set_verdict(pb::Verdict::NotPermitted)),
        ask(|asked| "BER-PC-0033".clone_into(&mut asked.device_id)),
        ask(|asked| "2011-02".clone_into(&mut asked.edition)),
        ask(|asked| asked.set_basis(pb::Basis::ReimagingRight)),
        ask(|asked| "same-product".clone_into(&mut asked.condition)),
        ask(|asked| {
            asked.product = Some(pb::Product {
                family: "Windows".to_owned(),
                ..pb::Product::default()
            });
        }),
    ]
}

#[tokio::test]
async fn pages_are_the_same_whether_or_not_their_decisions_are_remembered() {
    let server = Server::start().await;
    for request in examples() {
        server.check(request).await.unwrap();
    }
    let mut remembered = Vec::new();
    for asked in histories() {
        let decisions = server.whole_history(asked.clone()).await;
        assert!(!decisions.is_empty(), "{asked:?}");
        remembered.push(decisions);
    }
    let server = server.restart().await;
    for (asked, remembered) in histories().into_iter().zip(remembered) {
        assert_eq!(server.whole_history(asked.clone()).await, remembered, "{asked:?}");
    }
}

fn path(refused: &Status) -> String {
    assert_eq!(refused.code(), Code::InvalidArgument);
    let details = refused.get_details_bad_request().unwrap();
    details.field_violations[0].field.clone()
}

#[tokio::test]
async fn a_wrong_name_is_refused_though_the_question_is_remembered() {
    let server = Server::start().await;
    server.check(typical("PC-1")).await.unwrap();
    let wrongs: [(&str, Change); 8] = [
        ("request_id", |request| request.request_id = " ".to_owned()),
        ("labels", |request| {
            request.labels.insert(String::new(), "x".to_owned());
        }),
        ("device.id", |request| {
            request.device.as_mut().unwrap().id = "x".repeat(300);
        }),
        ("device.licenses[0].id", |request| {
            license(request).id = "x".repeat(300);
        }),
        ("device.licenses[0].id", |request| {
            license(request).id = "device.licenses[0]".to_owned();
        }),
        ("device.licenses[0].evidence", |request| {
            license(request).evidence = "x".repeat(2000);
        }),
        ("image.id", |request| {
            request.image.as_mut().unwrap().id = "x".repeat(300);
        }),
        ("image.digest", |request| {
            request.image.as_mut().unwrap().digest = "x".repeat(300);
        }),
    ];
    for (field, spoil) in wrongs {
        let mut request = typical("PC-1");
        spoil(&mut request);
        assert_eq!(path(&server.check(request).await.unwrap_err()), field);
    }
}
