//! `BatchCheck`: many requests in one call, each decided for itself, answered in order.

use prost::Message as _;
use reimage_rights::{
    app::Limits,
    wire::{RpcStatus, pb},
};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::support::{
    audit::audit,
    server::{Place, Server, assert_in_order, batch, examples, keyed, typical},
};

fn typicals(count: usize) -> Vec<pb::CheckRequest> {
    (0..count).map(|number| typical(&format!("PC-{number}"))).collect()
}

/// A status as a message: what its trailer carries.
fn message(status: &Status) -> RpcStatus {
    RpcStatus::decode(status.details()).unwrap()
}

#[tokio::test]
async fn a_batch_is_answered_and_recorded_in_order() {
    let server = Server::start().await;
    let outcomes = server.batch(typicals(100)).await.unwrap();
    assert_in_order(&outcomes, 100);
}

#[tokio::test]
async fn each_request_gets_what_a_check_by_itself_gives() {
    let server = Server::start().await;
    let mut requests = examples();
    for (number, request) in requests.iter_mut().enumerate() {
        // The key makes the check by itself find the decision of the batch.
        request.request_id = format!("job-{number}");
    }
    let outcomes = server.batch(requests.clone()).await.unwrap();
    assert_eq!(outcomes.len(), requests.len());
    for (request, outcome) in requests.into_iter().zip(outcomes) {
        assert_eq!(server.check(request).await.unwrap(), outcome.unwrap());
    }
}

#[tokio::test]
async fn a_bad_request_fails_alone_with_the_error_of_a_check_by_itself() {
    let server = Server::start().await;
    let mut wrong = typical("PC-1");
    wrong.edition = "1999-12".to_owned();
    wrong.device.as_mut().unwrap().id = "x".repeat(300);
    let alone = server.check(wrong.clone()).await.unwrap_err();

    let requests = vec![typical("PC-0"), wrong, pb::CheckRequest::default(), typical("PC-3")];
    let outcomes = server.batch(requests).await.unwrap();
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!(error, &message(&alone));
    assert_eq!(error.code, i32::from(Code::InvalidArgument));
    let details = alone.get_details_bad_request().unwrap();
    let paths: Vec<&str> = details
        .field_violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(paths, ["edition", "device.id"]);
    assert_eq!(outcomes[2].as_ref().unwrap_err().code, i32::from(Code::InvalidArgument));
    assert_eq!(outcomes[0].as_ref().unwrap().log_index, 0);
    assert_eq!(outcomes[3].as_ref().unwrap().log_index, 1);
}

#[tokio::test]
async fn a_key_twice_in_a_batch_is_one_decision_and_for_another_request_an_error() {
    let server = Server::start().await;
    let requests = vec![
        keyed("PC-1", "job-1"),
        keyed("PC-2", "job-2"),
        keyed("PC-1", "job-1"),
        keyed("PC-9", "job-1"),
        keyed("PC-1", "job-1"),
    ];
    let outcomes = server.batch(requests.clone()).await.unwrap();
    let first = outcomes[0].as_ref().unwrap();
    assert_eq!(outcomes[2].as_ref(), Ok(first));
    assert_eq!(outcomes[4].as_ref(), Ok(first));
    let refused = outcomes[3].as_ref().unwrap_err();
    assert_eq!(refused.code, i32::from(Code::AlreadyExists));
    assert!(refused.message.contains(&first.decision_id), "{refused:?}");

    // A retry of the whole, after a restart too.
    let server = server.restart().await;
    assert_eq!(server.batch(requests).await.unwrap(), outcomes);
    assert_eq!(server.whole_history(pb::HistoryRequest::default()).await.len(), 2);
}

#[tokio::test]
async fn a_thousand_are_taken_and_one_more_is_refused_naming_the_bound() {
    let server = Server::start().await;
    let status = server.batch(typicals(1001)).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().contains("1000"), "{status:?}");
    let details = status.get_details_bad_request().unwrap();
    assert_eq!(details.field_violations[0].field, "requests");

    let outcomes = server.batch(typicals(1000)).await.unwrap();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1000);
    assert_eq!(outcomes[999].as_ref().unwrap().log_index, 999);
}

#[tokio::test]
async fn products_whose_answers_nobody_could_take_are_refused_before_anything_is_recorded() {
    const TAKEN_BY_CLIENTS: usize = 32 * 1024 * 1024;
    let server = Server::start().await;
    let with_one_product = server.check(typical("PC-0")).await.unwrap();
    assert!(4096 * with_one_product.encoded_len() < TAKEN_BY_CLIENTS);

    let mut large = typical("PC-1");
    let image = large.image.as_mut().unwrap();
    image.products = vec![image.products[0].clone(); 64];
    let mut requests = vec![large; 64];
    // Each of them names a product twice: wrong, but by itself.
    let outcomes = server.batch(requests.clone()).await.unwrap();
    assert!(outcomes.iter().all(Result::is_err));
    requests.push(typical("PC-2"));
    let status = server.batch(requests).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().contains("4097 image products"), "{status:?}");
    assert_eq!(server.whole_history(pb::HistoryRequest::default()).await.len(), 1);
}

#[tokio::test]
async fn batches_that_are_more_than_is_worked_on_at_a_time_wait_for_their_turn() {
    let server = Server::start().await;
    let outcomes = tokio::join!(
        server.batch(typicals(400)),
        server.batch(typicals(400)),
        server.batch(typicals(400)),
        server.batch(typicals(1)),
    );
    for outcomes in [outcomes.0, outcomes.1, outcomes.2, outcomes.3] {
        assert!(outcomes.unwrap().iter().all(Result::is_ok));
    }
    assert_eq!(server.serving.counters.recorded(), 1201);
}

#[tokio::test]
async fn an_empty_batch_has_an_empty_answer() {
    let server = Server::start().await;
    assert_eq!(server.batch(Vec::new()).await.unwrap(), []);
}

#[tokio::test]
async fn the_answer_to_a_full_batch_needs_a_client_that_takes_more_than_is_usual() {
    const USUAL: usize = 4 * 1024 * 1024;
    let server = Server::start().await;
    let outcomes = server.batch(typicals(10)).await.unwrap();
    let len: usize = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().unwrap().encoded_len())
        .sum();
    // What `docs/deployment.md` says: about 5 KiB a decision, so that a full batch is above what is usual, and below 8 MiB.
    assert!((USUAL..2 * USUAL).contains(&(len * 100)), "{}", len / 10);
    let full = pb::BatchCheckRequest {
        requests: typicals(1000),
    };
    let status = server.client().batch_check(full).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
}

#[tokio::test]
async fn a_batch_waits_for_room_and_no_transaction_is_larger_than_set() {
    let limits = Limits {
        queue_len_max: 3,
        batch_len_max: 2,
        ..Limits::default()
    };
    let server = Place::new().limited(limits).serve().await;
    let outcomes = server.batch(typicals(99)).await.unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    let counters = &server.serving.counters;
    assert_eq!(counters.recorded(), 99);
    assert!(server.transactions().await >= 50);
    assert_eq!(counters.busy.get(), 0);
}

#[tokio::test]
async fn a_caller_who_leaves_in_the_middle_finds_whole_decisions_or_none_and_may_ask_again() {
    let limits = Limits {
        queue_len_max: 4,
        batch_len_max: 2,
        ..Limits::default()
    };
    let server = Place::new().limited(limits).serve().await;
    let requests: Vec<_> = (0..200)
        .map(|number| keyed(&format!("PC-{number}"), &format!("job-{number}")))
        .collect();
    let asking = tokio::spawn(batch(server.client(), requests.clone()));
    // The first of the batch to be found in the log shows that it is under way.
    while server.whole_history(pb::HistoryRequest::default()).await.is_empty() {}
    asking.abort();
    assert!(asking.await.is_err_and(|error| error.is_cancelled()));

    let outcomes = server.batch(requests).await.unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    let place = server.stop().await;
    let recorded = audit(&place.database()).await;
    assert_eq!(recorded.len(), 200);
}
