//! What a service says of records that somebody changed under it: it gives none of them, and says so as what it is.

use reimage_rights::wire::pb;
use sqlx::{AssertSqlSafe, Connection as _};
use tonic::Code;

use crate::support::server::{Server, keyed};

#[tokio::test]
async fn a_verdict_written_into_the_database_is_not_given() {
    let server = Server::start().await;
    let decided = server.check(keyed("PC-1", "job-1")).await.unwrap();
    let whole = server.check(keyed("PC-2", "job-2")).await.unwrap();
    let mut other = server.place.sql().await;
    let change = "UPDATE decision SET record = replace(record, 'VERDICT_PERMITTED', 'VERDICT_NOT_PERMITTED') WHERE log_index = 0";
    let changed = sqlx::raw_sql(change).execute(&mut other).await.unwrap();
    assert_eq!(changed.rows_affected(), 1);
    other.close().await.unwrap();

    let again = server.check(keyed("PC-1", "job-1")).await.unwrap_err();
    assert_eq!(again.code(), Code::DataLoss, "{again}");
    assert!(again.message().contains("`reimage-rights verify`"), "{again}");
    let read = server.decision(&decided.decision_id).await.unwrap_err();
    assert_eq!(read.code(), Code::DataLoss, "{read}");
    let exported = server.export(pb::HistoryRequest::default()).await.unwrap_err();
    assert_eq!(exported.code(), Code::DataLoss, "{exported}");
    // The others are as they were.
    assert_eq!(server.check(keyed("PC-2", "job-2")).await.unwrap(), whole);
}

#[tokio::test]
async fn a_decision_is_not_given_under_the_id_of_another() {
    let server = Server::start().await;
    let decided = server.record(3).await;
    let ids: Vec<&str> = decided.iter().map(|decision| decision.decision_id.as_str()).collect();
    let mut other = server.place.sql().await;
    let swap = "UPDATE decision SET decision_id = randomblob(16) WHERE log_index = 0;
        UPDATE decision SET (decision_id, decided_at) = (unhex(replace('?', '-', '')), (SELECT decided_at FROM decision WHERE log_index = 0))
        WHERE log_index = 1";
    sqlx::raw_sql(AssertSqlSafe(swap.replace('?', ids[0])))
        .execute(&mut other)
        .await
        .unwrap();
    other.close().await.unwrap();
    let read = server.decision(ids[0]).await.unwrap_err();
    assert_eq!(read.code(), Code::DataLoss, "{read}");
    let reproduced = server.reproduce(ids[0]).await.unwrap_err();
    assert_eq!(reproduced.code(), Code::DataLoss, "{reproduced}");
    let proof = pb::ProveInclusionRequest {
        decision_id: ids[0].to_owned(),
        ..pb::ProveInclusionRequest::default()
    };
    let proof = server.transparency().prove_inclusion(proof).await.unwrap_err();
    assert_eq!(proof.code(), Code::DataLoss, "{proof}");
    assert_eq!(server.decision(ids[2]).await.unwrap(), decided[2]);
}

#[tokio::test]
async fn what_was_changed_is_not_told_as_a_mistake_of_the_caller_or_as_a_fault_that_passes() {
    let server = Server::start().await;
    server.check(keyed("PC-1", "job-1")).await.unwrap();
    let second = server.check(keyed("PC-2", "job-2")).await.unwrap();
    server.record(6).await;
    let mut other = server.place.sql().await;
    let change = "UPDATE decision SET record = replace(record, 'PC-1', 'PC-9') WHERE log_index = 0;
        DELETE FROM decision WHERE log_index = 4";
    sqlx::raw_sql(change).execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let again = server.check(keyed("PC-1", "job-1")).await.unwrap_err();
    assert_eq!(again.code(), Code::DataLoss, "{again}");
    // A time is looked for by halving the log, which comes upon what is missing.
    let range = pb::HistoryRequest {
        decided_after: second.decided_at,
        ..pb::HistoryRequest::default()
    };
    let range = server.history(range).await.unwrap_err();
    assert_eq!(range.code(), Code::DataLoss, "{range}");
    let mistaken = server.check(keyed("PC-3", "job-2")).await.unwrap_err();
    assert_eq!(mistaken.code(), Code::AlreadyExists, "{mistaken}");
}
