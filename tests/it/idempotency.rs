//! The same key with the same request gives the same decision: a retry is always safe.

use std::collections::BTreeSet;

use reimage_rights::wire::pb;
use sqlx::Connection as _;
use tokio_stream::StreamExt as _;
use tonic::Code;

use crate::support::server::{Outcome, Server, all, check, example, keyed, outcome, typical};

async fn count(server: &Server) -> usize {
    server.whole_history(pb::HistoryRequest::default()).await.len()
}

#[tokio::test]
async fn a_retry_gives_the_recorded_decision_across_restarts_too() {
    let server = Server::start().await;
    let first = server.check(keyed("PC-1", "job-1")).await.unwrap();
    server.place.set_clock(60_000_000);
    assert_eq!(server.check(keyed("PC-1", "job-1")).await.unwrap(), first);
    let server = server.restart().await;
    assert_eq!(server.check(keyed("PC-1", "job-1")).await.unwrap(), first);
    assert_eq!(count(&server).await, 1);
}

#[tokio::test]
async fn the_default_edition_left_out_or_named_asks_the_same() {
    let server = Server::start().await;
    let edition = |edition: &str| pb::CheckRequest {
        edition: edition.to_owned(),
        ..keyed("PC-1", "job-1")
    };
    let first = server.check(edition("")).await.unwrap();
    assert_eq!(server.check(edition("2011-02")).await.unwrap(), first);
}

#[tokio::test]
async fn retries_that_meet_in_one_batch_make_one_record() {
    let server = Server::start().await;
    server.record(1).await;
    // While another program holds the lock the first check waits in its transaction, and all that follow gather behind it.
    let mut other = server.place.sql().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let first = tokio::spawn(check(server.client(), typical("PC-first")));
    let retries = vec![keyed("PC-1", "job-1"); 50];
    let retries = tokio::spawn(all(retries
        .into_iter()
        .map(|request| check(server.client(), request))
        .collect::<Vec<_>>()));
    // A read on the same connection is answered after the checks sent before it have come in.
    assert_eq!(count(&server).await, 1);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();

    first.await.unwrap().unwrap();
    let answers = retries.await.unwrap().into_iter().map(Result::unwrap);
    let ids: BTreeSet<String> = answers.map(|decision| decision.decision_id).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(count(&server).await, 3);
}

#[tokio::test]
async fn retries_are_answered_while_nothing_can_be_recorded() {
    let server = Server::start().await;
    let first = server.check(keyed("PC-1", "job-1")).await.unwrap();
    let mut other = server.place.sql().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let waiting = tokio::spawn(check(server.client(), typical("PC-waits")));
    assert_eq!(server.check(keyed("PC-1", "job-1")).await.unwrap(), first);
    let status = server.check(keyed("PC-2", "job-1")).await.unwrap_err();
    assert_eq!(status.code(), Code::AlreadyExists, "{status:?}");
    assert!(status.message().contains(&first.decision_id), "{status:?}");

    let both = vec![keyed("PC-1", "job-1"), keyed("PC-2", "job-1")];
    let answers = server.batch(both.clone()).await.unwrap();
    assert_eq!(answers[0].as_ref().unwrap(), &first);
    assert_eq!(answers[1].as_ref().unwrap_err().code, Code::AlreadyExists as i32);
    let asked = both
        .into_iter()
        .map(|request| pb::StreamCheckRequest { request: Some(request) });
    let answers = server.client().stream_check(tokio_stream::iter(asked)).await.unwrap();
    let answers: Vec<pb::StreamCheckResponse> = answers.into_inner().map(Result::unwrap).collect().await;
    let answers: Vec<Outcome> = answers
        .into_iter()
        .map(|answer| outcome(answer.result.unwrap()))
        .collect();
    assert_eq!(answers[0].as_ref().unwrap(), &first);
    assert_eq!(answers[1].as_ref().unwrap_err().code, Code::AlreadyExists as i32);
    assert_eq!(server.serving.counters.found_again.get(), 3);

    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn another_request_under_a_used_key_is_refused_naming_the_decision() {
    let server = Server::start().await;
    let first = server.check(keyed("PC-1", "job-1")).await.unwrap();
    let mut relabeled = keyed("PC-1", "job-1");
    relabeled.labels.insert("site".to_owned(), "Oslo".to_owned());
    let mut unlabeled = keyed("PC-1", "job-1");
    unlabeled.labels.clear();
    let other_facts = pb::CheckRequest {
        request_id: "job-1".to_owned(),
        ..example("prior-version-terms-not-stated")
    };
    let others = [relabeled, unlabeled, other_facts, keyed("PC-2", "job-1")];
    for request in &others {
        let status = server.check(request.clone()).await.unwrap_err();
        assert_eq!(status.code(), Code::AlreadyExists, "{status:?}");
        assert!(status.message().contains(&first.decision_id), "{status:?}");
        assert!(status.message().contains("`job-1`"), "{status:?}");
    }
    // The same holds for two that come at once: one is recorded, the other refused.
    let both = server
        .check_all(vec![keyed("PC-1", "job-2"), keyed("PC-2", "job-2")])
        .await;
    let refused: Vec<Code> = both
        .iter()
        .filter_map(|answer| Some(answer.as_ref().err()?.code()))
        .collect();
    assert_eq!(refused, [Code::AlreadyExists]);
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn without_a_key_every_check_is_a_new_decision() {
    let server = Server::start().await;
    let decisions = server.check_all(vec![typical("PC-1"); 5]).await;
    let ids: BTreeSet<String> = decisions
        .into_iter()
        .map(|decision| decision.unwrap().decision_id)
        .collect();
    assert_eq!(ids.len(), 5);
    assert_eq!(count(&server).await, 5);
}

#[tokio::test]
async fn a_request_that_was_refused_as_wrong_leaves_its_key_free() {
    let server = Server::start().await;
    let mut wrong = keyed("PC-1", "job-1");
    wrong.edition = "1999-12".to_owned();
    assert_eq!(server.check(wrong).await.unwrap_err().code(), Code::InvalidArgument);
    assert_eq!(server.check(keyed("PC-1", "job-1")).await.unwrap().log_index, 0);
}
