//! A database in use is verified beside its server, from a checkpoint that is trusted on, and after its keys have changed.

use reimage_rights::{
    app::{self, Verifiable, Verification, sources},
    audit::{KeyRing, Log},
    service::Subject,
};

use crate::{
    operations::of_kind,
    support::server::{Server, typical},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_server_is_verified_beside_it_and_from_a_trusted_checkpoint_on() {
    let server = Server::start().await;
    server.record(300).await;
    let place = &server.place;
    let keys = app::keys(&place.key_file()).unwrap();
    let since = server.checkpoint(Log::Decisions).await;
    let verify = |since| {
        let verification = Verification {
            checkpoint_file: Some(place.checkpoint_file()),
            keys: keys.trusted(),
            since,
        };
        async move {
            let mut read = 0;
            let database = Verifiable::open(&place.database(), Subject::Live).await.unwrap();
            let report = database.verify(verification, |_| {}, |count| read += count);
            let report = report.await.unwrap();
            (report, read)
        }
    };
    let since = keys.trusted().open(since.as_bytes()).unwrap();
    let (report, read) = verify(None).await;
    assert_eq!((report.fault, read), (None, 300));

    let recording = async {
        for number in 0..300 {
            server.check(typical(&format!("PC-{number}"))).await.unwrap();
        }
    };
    let ((), reports) = tokio::join!(recording, async {
        let mut reports = Vec::new();
        for _ in 0..5 {
            reports.push(verify(None).await.0);
        }
        reports
    });
    assert!(reports.iter().all(|report| report.fault.is_none()), "{reports:?}");

    let (report, read) = verify(Some(since)).await;
    assert_eq!((report.fault, report.decisions, read), (None, 600, 300));
    // Nothing came after the checkpoint; and then the last decision is gone.
    let since = server.checkpoint(Log::Decisions).await;
    let since = keys.trusted().open(since.as_bytes()).unwrap();
    let (report, read) = verify(Some(since.clone())).await;
    assert_eq!((report.fault, report.trusted, read), (None, 600, 0));
    let mut connection = place.sql().await;
    sqlx::raw_sql("DELETE FROM decision WHERE log_index = 599")
        .execute(&mut connection)
        .await
        .unwrap();
    let (report, _) = verify(Some(since)).await;
    assert!(report.fault.unwrap().to_string().contains("1 gone from its end"));
}

#[tokio::test]
async fn keys_can_change_and_both_are_trusted() {
    let server = Server::start().await;
    server.record(3).await;
    let place = server.stop().await;
    app::rotate_keys(&place.key_file(), sources()).unwrap();
    let server = place.serve().await;
    server.record(3).await;
    let place = server.stop().await;
    let keys = app::keys(&place.key_file()).unwrap();
    let changes = of_kind("key_change", &place.database()).await;
    assert_eq!(changes.len(), 2, "one for each log: {changes:?}");
    assert_eq!(changes[0]["to"], keys.of(Log::Decisions).verifier().text());

    let verification = |keys: &KeyRing| Verification {
        checkpoint_file: Some(place.checkpoint_file()),
        keys: keys.trusted(),
        since: None,
    };
    let database = Verifiable::open(&place.database(), Subject::Live).await.unwrap();
    let report = database.verify(verification(&keys), |_| {}, |_| {}).await.unwrap();
    assert_eq!(report.fault, None);
    let stranger = KeyRing::generate(keys.installation(), || [1; 32]).unwrap();
    let report = database.verify(verification(&stranger), |_| {}, |_| {}).await.unwrap();
    assert!(report.fault.unwrap().to_string().contains("none of the keys given"));
}
