//! More than the service takes: refused at once with a time to try again, and counted; and nobody shuts anybody else out.

use reimage_rights::{app::Limits, wire::pb};
use sqlx::{Connection as _, SqliteConnection};
use tokio::task::JoinSet;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::support::server::{Place, Server, batch, check, keyed, typical};

async fn serve(limits: Limits) -> Server {
    Place::new().limited(limits).serve().await
}

/// Holds the database's lock as another program may: whatever is to be recorded waits.
async fn lock(server: &Server) -> SqliteConnection {
    let mut other = server.place.sql().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    other
}

async fn unlock(mut other: SqliteConnection) {
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
}

fn assert_may_retry(status: &Status) {
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    let retry = status.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(!retry.is_zero());
    assert!(
        status.message().contains(&format!("{} ms", retry.as_millis())),
        "{status:?}"
    );
}

#[tokio::test]
async fn a_check_that_finds_the_queue_full_is_refused_at_once() {
    let server = serve(Limits {
        queue_len_max: 2,
        batch_len_max: 1,
        ..Limits::default()
    })
    .await;
    let lock = lock(&server).await;
    let mut checks = JoinSet::new();
    for number in 0..10 {
        checks.spawn(check(server.client(), typical(&format!("PC-{number}"))));
    }
    // One is in its transaction, two wait; the others are told so while the lock is held.
    for _ in 0..7 {
        let refused = checks.join_next().await.unwrap().unwrap();
        assert_may_retry(&refused.unwrap_err());
    }
    unlock(lock).await;
    let rest = checks.join_all().await;
    let recorded = rest.iter().filter(|answer| answer.is_ok()).count() as u64;
    assert!(recorded >= 2, "{rest:?}");
    let counters = &server.serving.counters;
    assert_eq!(counters.recorded(), recorded);
    assert_eq!(counters.busy.get(), 10 - recorded);
    // Whoever was refused may come again.
    assert!(server.check(typical("PC-9")).await.is_ok());
}

#[tokio::test]
async fn a_batch_beyond_the_bound_is_refused_at_once() {
    let server = serve(Limits {
        batch_call_count_max: 1,
        ..Limits::default()
    })
    .await;
    let lock = lock(&server).await;
    let mut batches = JoinSet::new();
    for number in 0..4 {
        batches.spawn(batch(server.client(), vec![typical(&format!("PC-{number}")); 3]));
    }
    for _ in 0..3 {
        let refused = batches.join_next().await.unwrap().unwrap();
        assert_may_retry(&refused.unwrap_err());
    }
    unlock(lock).await;
    let outcomes = batches.join_next().await.unwrap().unwrap().unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(server.serving.counters.busy.get(), 3);
    assert!(server.batch(vec![typical("PC-1")]).await.is_ok());
}

#[tokio::test]
async fn a_stream_beyond_the_bound_is_refused_at_once() {
    let server = serve(Limits {
        stream_call_count_max: 1,
        ..Limits::default()
    })
    .await;
    let mut client = server.client();
    let (requests, sent) = tokio::sync::mpsc::unbounded_channel::<pb::StreamCheckRequest>();
    let sent = tokio_stream::wrappers::UnboundedReceiverStream::new(sent);
    let mut first = client.stream_check(sent).await.unwrap().into_inner();
    let refused = client.stream_check(tokio_stream::empty()).await.unwrap_err();
    assert_may_retry(&refused);
    drop(requests);
    assert_eq!(first.message().await.unwrap(), None);
    assert!(client.stream_check(tokio_stream::empty()).await.is_ok());
}

#[tokio::test]
async fn batches_leave_room_for_checks() {
    let server = serve(Limits {
        queue_len_max: 2,
        batch_len_max: 2,
        ..Limits::default()
    })
    .await;
    let requests = (0..1000).map(|number| typical(&format!("PC-{number}"))).collect();
    let mut asking = tokio::spawn(batch(server.client(), requests));
    let mut among = 0_u64;
    let outcomes = loop {
        tokio::select! {
            outcomes = &mut asking => break outcomes.unwrap().unwrap(),
            checked = server.check(typical("PC-other")) => {
                checked.unwrap();
                among += 1;
            }
        }
    };
    assert!(outcomes.iter().all(Result::is_ok));
    assert!(among > 1);
}

#[tokio::test]
async fn the_counters_say_what_happened() {
    let server = Server::start().await;
    let counters = &server.serving.counters;
    let count = || {
        [
            counters.recorded(),
            counters.found_again.get(),
            counters.busy.get(),
            counters.unrecordable.get(),
        ]
    };
    assert_eq!(count(), [0, 0, 0, 0]);

    server.check(keyed("PC-1", "job-1")).await.unwrap();
    assert_eq!(count(), [1, 0, 0, 0]);
    assert_eq!(server.transactions().await, 1);

    server.check(keyed("PC-1", "job-1")).await.unwrap();
    assert_eq!(count(), [1, 1, 0, 0]);
    assert_eq!(server.transactions().await, 1, "a retry writes nothing");
    server.check(keyed("PC-2", "job-1")).await.unwrap_err();
    server.check(pb::CheckRequest::default()).await.unwrap_err();
    assert_eq!(count(), [1, 1, 0, 0], "a wrong request is not the service's failure");

    let requests = vec![keyed("PC-2", "job-2"), keyed("PC-2", "job-2"), typical("PC-3")];
    server.batch(requests).await.unwrap();
    assert_eq!(count(), [3, 2, 0, 0]);
    assert!((2..=3).contains(&server.transactions().await));

    server.serving.page_limit.set(Some(1));
    let mut asked = 0;
    while server.check(typical("PC-full")).await.is_ok() {
        asked += 1;
        assert!(asked < 2000, "the disk is not full");
    }
    assert_eq!(count()[0], 3 + asked);
    assert_eq!(count()[3], 1);
    let outcomes = server.batch(vec![typical("PC-full"); 5]).await.unwrap();
    assert!(outcomes.iter().all(|outcome| {
        outcome
            .as_ref()
            .is_err_and(|error| error.code == i32::from(Code::Unavailable))
    }));
    assert_eq!(count()[3], 6);
}
