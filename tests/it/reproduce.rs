//! Recorded decisions, evaluated again.

use reimage_rights::{
    audit::{Kind, leaf_hash},
    wire::{
        RECORD_FORMAT,
        pb::{self, ReproduceResult},
    },
};
use sqlx::Connection as _;

use crate::support::{
    cases::read_cases,
    server::{Server, all, example, examples},
};

/// The requests of every case, without keys.
fn case_requests() -> Vec<pb::CheckRequest> {
    #[derive(serde::Deserialize)]
    struct Case {
        request: pb::CheckRequest,
    }
    read_cases::<Case>().into_iter().map(|(_, case)| case.request).collect()
}

#[tokio::test]
async fn every_case_and_example_reproduces() {
    let server = Server::start().await;
    let mut requests = case_requests();
    assert!(requests.len() > 100);
    requests.extend(examples());
    for request in &mut requests {
        request.request_id.clear();
    }
    let decisions = server.check_all(requests).await;
    let reproduced = all(decisions.into_iter().map(|decision| {
        let mut client = server.client();
        async move {
            let decision_id = decision.unwrap().decision_id;
            let answer = client.reproduce(pb::ReproduceRequest { decision_id }).await;
            answer.unwrap().into_inner()
        }
    }))
    .await;
    for answer in reproduced {
        assert_eq!(answer.result(), ReproduceResult::Same, "{answer:?}");
        assert_eq!((answer.differences.len(), answer.reason.as_str()), (0, ""));
    }
}

/// What becomes of a decision that somebody alters in the database behind the service's back.
async fn reproduce_altered(example_name: &str, alter: impl FnOnce(&mut pb::Record)) -> pb::ReproduceResponse {
    let server = Server::start().await;
    let decision = server.check(example(example_name)).await.unwrap();
    let mut database = server.place.sql().await;
    let text: String = sqlx::query_scalar("SELECT record FROM decision")
        .fetch_one(&mut database)
        .await
        .unwrap();
    let mut record: pb::Record = serde_json::from_str(&text).unwrap();
    alter(&mut record);
    let text = serde_json::to_string(&record).unwrap();
    // With its leaf, since what agrees with itself and is not the one of the log is not called the same.
    let leaf = leaf_hash(Kind::Decision, text.as_bytes()).0.to_vec();
    let record = sqlx::query("UPDATE decision SET record = ?1").bind(text);
    let tile = sqlx::query("UPDATE tile SET hashes = ?1 WHERE place = 1 << 56").bind(leaf);
    for change in [record, tile] {
        assert_eq!(change.execute(&mut database).await.unwrap().rows_affected(), 1);
    }
    database.close().await.unwrap();
    server.reproduce(&decision.decision_id).await.unwrap()
}

const PERMITTED: &str = "reimage-oem-windows-7-professional";

fn paths(answer: &pb::ReproduceResponse) -> Vec<(&str, &str, &str)> {
    let parts = answer.differences.iter().map(|difference| {
        (
            difference.path.as_str(),
            difference.recorded.as_str(),
            difference.now.as_str(),
        )
    });
    parts.collect()
}

#[tokio::test]
async fn an_altered_outcome_is_found_at_its_path() {
    let answer = reproduce_altered(PERMITTED, |record| {
        let item = &mut record.decision.as_mut().unwrap().items[0];
        let met_len = item.met.len();
        item.met.retain(|met| !met.starts_with("same-language/"));
        assert_eq!(item.met.len() + 1, met_len);
        item.findings.push(pb::Finding {
            condition: "same-language".to_owned(),
            outcome: pb::Outcome::Broken as i32,
            reason: "languages-equal".to_owned(),
            ..pb::Finding::default()
        });
    })
    .await;
    assert_eq!(answer.result(), ReproduceResult::Differs);
    assert_eq!(
        paths(&answer),
        [(
            "items[0].findings[same-language].outcome",
            "OUTCOME_BROKEN",
            "OUTCOME_HOLDS"
        )]
    );
    assert!(answer.reason.contains("2011-02/"), "{answer:?}");
}

#[tokio::test]
async fn an_altered_verdict_license_and_reason_are_all_found() {
    let answer = reproduce_altered(PERMITTED, |record| {
        let decision = record.decision.as_mut().unwrap();
        decision.verdict = pb::Verdict::NotPermitted as i32;
        decision.items[0].verdict = pb::Verdict::Permitted as i32;
        decision.items[0].license_id = "another".to_owned();
        "volume-customer/another".clone_into(&mut decision.items[0].met[0]);
    })
    .await;
    assert_eq!(answer.result(), ReproduceResult::Differs);
    let found = paths(&answer);
    assert_eq!(found[0], ("verdict", "VERDICT_NOT_PERMITTED", "VERDICT_PERMITTED"));
    assert_eq!(found[1].0, "items[0].license_id");
    // A reason that nobody knows tells no outcome either.
    assert!(found[2].0.ends_with(".outcome"), "{found:?}");
    assert!(found[3].0.ends_with(".reason"), "{found:?}");
    assert_eq!(found.len(), 4);
}

#[tokio::test]
async fn altered_facts_show_in_what_they_decide() {
    let answer = reproduce_altered("home-premium-is-not-professional", |record| {
        let facts = record.decision.as_mut().unwrap().resolved.as_mut().unwrap();
        assert!(!facts.names.is_empty());
        for product in facts.names.values_mut() {
            "Professional".clone_into(&mut product.edition);
        }
    })
    .await;
    assert_eq!(answer.result(), ReproduceResult::Differs);
    assert_eq!(paths(&answer)[0].0, "verdict");
}

#[tokio::test]
async fn another_rules_revision_that_differs_is_named() {
    let answer = reproduce_altered(PERMITTED, |record| {
        let decision = record.decision.as_mut().unwrap();
        decision.rules_revision = "2011-02/0".to_owned();
        decision.verdict = pb::Verdict::Indeterminate as i32;
    })
    .await;
    assert_eq!(answer.result(), ReproduceResult::Differs);
    assert!(answer.reason.contains("2011-02/0"), "{answer:?}");
    // One that comes to the same is the same.
    let answer = reproduce_altered(PERMITTED, |record| {
        record.decision.as_mut().unwrap().rules_revision = "2011-02/0".to_owned();
    })
    .await;
    assert_eq!(answer.result(), ReproduceResult::Same);
}

#[tokio::test]
async fn what_this_program_cannot_evaluate_says_why() {
    let answer = reproduce_altered(PERMITTED, |record| {
        record.decision.as_mut().unwrap().edition = "2031-02".to_owned();
    })
    .await;
    assert_eq!(answer.result(), ReproduceResult::Cannot);
    assert!(answer.reason.contains("`2031-02`"), "{answer:?}");

    let answer = reproduce_altered(PERMITTED, |record| record.format = RECORD_FORMAT + 1).await;
    assert_eq!(answer.result(), ReproduceResult::Cannot);
    assert!(answer.reason.contains("format 4"), "{answer:?}");

    let unknown = "0".repeat(64);
    let answer = reproduce_altered(PERMITTED, |record| {
        record.decision.as_mut().unwrap().catalogue_digest.clone_from(&unknown);
    })
    .await;
    assert_eq!(answer.result(), ReproduceResult::Cannot);
    assert!(answer.reason.contains(&unknown), "{answer:?}");

    let answer = reproduce_altered(PERMITTED, |record| {
        record.decision.as_mut().unwrap().resolved = None;
    })
    .await;
    assert_eq!(answer.result(), ReproduceResult::Cannot);
    assert!(answer.reason.contains("image.products"), "{answer:?}");
}
