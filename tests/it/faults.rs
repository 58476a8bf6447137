//! Faults under a running server and at its start: no verdict without a record, a clear state, and nothing acknowledged lost.

use std::fs;

use reimage_rights::{store::Owner, wire::pb};
use sqlx::Connection as _;
use tonic::{Code, Status};
use tonic_health::pb::health_check_response::ServingStatus::{NotServing, Serving};

use crate::support::{
    audit::audit,
    process::{Process, log, run_with_files_up_to},
    server::{Place, Server, check, keyed, sql, typical, until},
};

fn assert_unrecorded<T: std::fmt::Debug>(answer: Result<T, Status>, place: &Place) {
    let status = answer.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert!(status.message().contains("no verdict is given"), "{status:?}");
    let folder = place.path().to_str().unwrap();
    assert!(
        !status.message().contains(folder),
        "a path is no caller's business: {status:?}"
    );
}

async fn assert_history_is(server: &Server, decisions: &[pb::Decision]) {
    let oldest_first = pb::HistoryRequest {
        order: pb::DecisionOrder::OldestFirst as i32,
        ..pb::HistoryRequest::default()
    };
    let history = server.whole_history(oldest_first).await;
    let ids = |decisions: &[pb::Decision]| -> Vec<String> {
        let mut sorted: Vec<&pb::Decision> = decisions.iter().collect();
        sorted.sort_unstable_by_key(|decision| decision.log_index);
        sorted.iter().map(|decision| decision.decision_id.clone()).collect()
    };
    assert_eq!(ids(&history), ids(decisions));
}

#[tokio::test]
async fn a_full_disk_gives_no_verdicts_until_there_is_room_again() {
    let server = Server::start().await;
    let mut decisions = server.record(20).await;
    server.serving.page_limit.set(Some(1));

    // Free pages are filled first; then nothing is recorded any more.
    let mut refused = 0;
    for index in 0..2000 {
        match server.check(keyed("PC-full", &format!("full-{index}"))).await {
            Ok(decision) => decisions.push(decision),
            refusal => {
                assert_unrecorded(refusal, &server.place);
                refused = index;
                break;
            }
        }
    }
    server.until(NotServing).await;
    for answer in server.check_all(vec![typical("PC-full"); 20]).await {
        assert_unrecorded(answer, &server.place);
    }
    assert_history_is(&server, &decisions).await;
    let first = &decisions[0];
    assert_eq!(&server.decision(&first.decision_id).await.unwrap(), first);
    let reproduced = server.reproduce(&first.decision_id).await.unwrap();
    assert_eq!(reproduced.result(), pb::ReproduceResult::Same);

    server.serving.page_limit.set(None);
    server.until(Serving).await;
    // The request that was refused was not recorded, so it is decided now.
    let retried = keyed("PC-full", &format!("full-{refused}"));
    decisions.push(server.check(retried).await.unwrap());
    decisions.extend(server.record(20).await);
    assert_history_is(&server, &decisions).await;
    let place = server.stop().await;
    assert_eq!(audit(&place.database()).await.len(), decisions.len());
}

#[tokio::test]
async fn a_batch_that_does_not_fit_leaves_no_half_of_it() {
    let server = Server::start().await;
    let mut decisions = server.record(10).await;
    server.serving.page_limit.set(Some(1));
    // Far more than free pages hold: what is answered is recorded, what is refused is not.
    let requests = (0..600).map(|index| keyed(&format!("PC-{index}"), &format!("batch-{index}")));
    let requests: Vec<pb::CheckRequest> = requests.collect();
    let (answered, refused): (Vec<_>, Vec<_>) = requests
        .iter()
        .zip(server.check_all(requests.clone()).await)
        .partition(|(_, answer)| answer.is_ok());
    assert!(!refused.is_empty());
    decisions.extend(answered.into_iter().map(|(_, answer)| answer.unwrap()));
    assert_history_is(&server, &decisions).await;

    server.serving.page_limit.set(None);
    server.until(Serving).await;
    let again = server.check_all(requests).await;
    assert!(again.iter().all(Result::is_ok));
    let place = server.stop().await;
    assert_eq!(audit(&place.database()).await.len(), 610);
}

#[tokio::test]
async fn a_disk_that_refuses_writes_gives_no_verdicts_and_the_next_start_has_all_that_was_acknowledged() {
    let place = Place::new();
    let database = place.database();
    let mut process = Process::serve_with_files_up_to(4096, &database).await;
    let mut acknowledged = Vec::new();
    let refusal = loop {
        let index = acknowledged.len();
        assert!(index < 2000, "the limit on files has no effect");
        match check(process.client(), keyed("PC-1", &format!("job-{index}"))).await {
            Ok(decision) => acknowledged.push(decision),
            Err(status) => break status,
        }
    };
    assert_unrecorded::<()>(Err(refusal), &place);
    assert!(!acknowledged.is_empty());
    until(process.channel(), NotServing).await;
    let first = &acknowledged[0];
    let request = pb::GetDecisionRequest {
        decision_id: first.decision_id.clone(),
    };
    let found = process.client().get_decision(request).await.unwrap().into_inner();
    assert_eq!(found.decision.as_ref(), Some(first));
    assert!(log(&database).contains("no verdicts are given until they can"));
    process.kill();

    let server = place.serve().await;
    assert_history_is(&server, &acknowledged).await;
    let retried = keyed("PC-1", &format!("job-{}", acknowledged.len()));
    acknowledged.push(server.check(retried).await.unwrap());
    let place = server.stop().await;
    assert_eq!(audit(&place.database()).await.len(), acknowledged.len());
}

#[tokio::test]
async fn a_server_that_starts_where_there_is_no_room_gives_no_verdicts_and_what_was_recorded_is_read() {
    let server = Server::start().await;
    let mut decisions = server.record(20).await;
    let place = server.stop().await;
    let database = place.database();
    // Less than a transaction takes.
    let mut process = Process::serve_with_files_up_to(64, &database).await;
    until(process.channel(), NotServing).await;
    assert_unrecorded(check(process.client(), typical("PC-1")).await, &place);
    let history = process.client().history(pb::HistoryRequest::default()).await.unwrap();
    assert_eq!(history.into_inner().decisions.len(), 20);
    process.terminate();
    let status = process.ended().await;
    let told = log(&database);
    assert!(status.success(), "{status:?}\n{told}");
    assert!(told.contains("no verdicts are given until they can"), "{told}");

    let server = place.serve().await;
    decisions.push(server.check(typical("PC-1")).await.unwrap());
    assert_history_is(&server, &decisions).await;
    let place = server.stop().await;
    assert_eq!(audit(&place.database()).await.len(), 21);
}

#[tokio::test]
async fn a_new_database_is_not_begun_where_there_is_no_room_for_it() {
    let place = Place::new();
    let named = place.database().display().to_string();
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &named];
    let output = run_with_files_up_to(64, place.path(), &arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("could not be written to"), "{told}");
}

#[tokio::test]
async fn a_start_that_fails_for_want_of_a_checkpoint_file_makes_no_keys() {
    let place = Place::new();
    fs::create_dir_all(place.checkpoint_file()).unwrap();
    place.try_serve().await.unwrap_err();
    assert!(!place.key_file().exists());
    fs::remove_dir(place.checkpoint_file()).unwrap();
    place.serve().await.check(typical("PC-1")).await.unwrap();
}

#[tokio::test]
async fn a_deleted_database_gives_no_verdicts_and_its_history_is_still_read() {
    let server = Server::start().await;
    let decisions = server.record(20).await;
    fs::remove_file(server.place.database()).unwrap();
    assert_unrecorded(server.check(typical("PC-1")).await, &server.place);
    server.until(NotServing).await;
    assert_unrecorded(server.check(typical("PC-1")).await, &server.place);
    assert_history_is(&server, &decisions).await;
    assert!(
        !server.place.database().exists(),
        "no new database takes its place unasked"
    );

    // A restart does not take an empty database for the one that was signed.
    let place = server.stop().await;
    let error = format!("{:#}", place.try_serve().await.unwrap_err());
    assert!(error.contains("has a signed checkpoint of"), "{error}");
    // Whoever means it moves away what vouches for the old one; then a new log begins.
    fs::remove_file(place.checkpoint_file()).unwrap();
    fs::remove_file(place.key_file()).unwrap();
    let server = place.serve().await;
    assert_history_is(&server, &[]).await;
    assert_eq!(server.check(typical("PC-1")).await.unwrap().log_index, 0);
}

#[tokio::test]
async fn a_replaced_database_is_not_written_and_the_old_one_resumes_when_it_is_back() {
    let other = Server::start().await;
    other.record(3).await;
    let other = other.stop().await;

    let server = Server::start().await;
    let mut decisions = server.record(20).await;
    let away = server.place.path().join("away.db");
    fs::rename(server.place.database(), &away).unwrap();
    fs::copy(other.database(), server.place.database()).unwrap();
    assert_unrecorded(server.check(typical("PC-1")).await, &server.place);
    server.until(NotServing).await;
    assert_history_is(&server, &decisions).await;
    assert_eq!(
        fs::read(other.database()).unwrap(),
        fs::read(server.place.database()).unwrap()
    );

    fs::rename(&away, server.place.database()).unwrap();
    server.until(Serving).await;
    decisions.push(server.check(typical("PC-1")).await.unwrap());
    assert_history_is(&server, &decisions).await;
    let place = server.stop().await;
    assert_eq!(audit(&place.database()).await.len(), 21);
}

#[tokio::test]
async fn a_restart_on_a_replaced_database_is_refused_until_its_own_checkpoints_are_there() {
    let other = Server::start().await;
    other.record(3).await;
    let other = other.stop().await;

    let server = Server::start().await;
    server.record(20).await;
    // A server that stops signs all that it recorded.
    let server = server.restart().await;
    let away = server.place.path().join("away.db");
    fs::rename(server.place.database(), &away).unwrap();
    fs::copy(other.database(), server.place.database()).unwrap();
    server.until(NotServing).await;
    let place = server.stop().await;
    let error = format!("{:#}", place.try_serve().await.unwrap_err());
    assert!(error.contains("or is another"), "{error}");
    fs::copy(other.checkpoint_file(), place.checkpoint_file()).unwrap();
    fs::copy(other.key_file(), place.key_file()).unwrap();
    let server = place.serve().await;
    assert_eq!(server.check(typical("PC-1")).await.unwrap().log_index, 3);
    assert_eq!(audit(&away).await.len(), 20);
}

#[tokio::test]
async fn a_database_locked_by_another_program_resumes_when_that_ends() {
    let server = Server::start().await;
    server.record(1).await;
    let mut other = server.place.sql().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let waiting = server.check(typical("PC-1"));
    let unlocked = async {
        // Read while the lock is held.
        assert_eq!(server.whole_history(pb::HistoryRequest::default()).await.len(), 1);
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    };
    let (answer, ()) = tokio::join!(waiting, unlocked);
    assert_eq!(answer.unwrap().log_index, 1);
    other.close().await.unwrap();
}

#[tokio::test]
async fn a_second_owner_is_refused_and_told_who_owns_the_database() {
    let server = Server::start().await;
    let error = server.place.try_serve().await.unwrap_err().to_string();
    let pid = std::process::id();
    assert!(error.contains(&format!("process {pid}")), "{error}");
    assert!(error.contains(&format!("http://{}", server.serving.address)), "{error}");
    assert!(error.contains("decisions.db.lock"), "{error}");
    server.record(1).await;
    let place = server.stop().await;
    assert_eq!(Owner::of(&place.database()), None);
}

/// Starts on what was prepared, which must fail, and gives the error; the file stays as it was.
async fn refusal(place: &Place) -> String {
    let before = fs::read(place.database()).ok();
    let error = format!("{:#}", place.try_serve().await.unwrap_err());
    assert_eq!(fs::read(place.database()).ok(), before);
    assert!(error.contains(place.database().to_str().unwrap()), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let place = Place::new();
    fs::write(place.database(), "minutes of the meeting\n".repeat(100)).unwrap();
    let error = refusal(&place).await;
    assert!(error.contains("no SQLite database; choose another path"), "{error}");

    let place = Place::new();
    fs::create_dir(place.database()).unwrap();
    let error = refusal(&place).await;
    assert!(
        error.contains("is no file; give the path of a database file"),
        "{error}"
    );
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let place = Place::new();
    fs::write(place.database(), "").unwrap();
    let mut other = place.sql().await;
    sqlx::raw_sql("CREATE TABLE song (title TEXT)")
        .execute(&mut other)
        .await
        .unwrap();
    other.close().await.unwrap();
    let error = refusal(&place).await;
    assert!(error.contains("another program; choose another path"), "{error}");
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused_and_left_alone() {
    let server = Server::start().await;
    server.record(1).await;
    let place = server.stop().await;
    let mut later = place.sql().await;
    sqlx::raw_sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9, 'later', success, checksum, execution_time FROM _sqlx_migrations LIMIT 1",
    )
    .execute(&mut later)
    .await
    .unwrap();
    later.close().await.unwrap();
    let error = refusal(&place).await;
    assert!(error.contains("has schema 9, this program knows up to 4"), "{error}");
}

#[tokio::test]
async fn a_half_written_database_is_refused_and_left_alone() {
    let server = Server::start().await;
    server.record(200).await;
    let place = server.stop().await;
    let whole = fs::read(place.database()).unwrap();
    for kept in [100, 16_384, 32_768, 100_000] {
        fs::write(place.database(), &whole[..kept]).unwrap();
        let error = refusal(&place).await;
        assert!(
            error.contains("damaged or incomplete; restore it from a backup"),
            "{kept}: {error}"
        );
    }
    // What was cut off was all that was wrong with it.
    fs::write(place.database(), &whole).unwrap();
    let server = place.serve().await;
    assert_eq!(server.check(typical("PC-1")).await.unwrap().log_index, 200);
}

#[tokio::test]
async fn a_database_whose_making_was_cut_off_is_made_whole() {
    let place = Place::new();
    fs::write(place.database(), "").unwrap();
    let server = place.serve().await;
    server.record(1).await;
    let place = server.stop().await;
    assert_eq!(audit(&place.database()).await.len(), 1);
}

#[tokio::test]
async fn a_record_that_is_damaged_is_told_from_one_that_is_missing() {
    let server = Server::start().await;
    let decisions = server.record(3).await;
    let mut other = sql(&server.place.database()).await;
    sqlx::raw_sql("UPDATE decision SET record = '{}' WHERE log_index = 1")
        .execute(&mut other)
        .await
        .unwrap();
    other.close().await.unwrap();
    let damaged = decisions.iter().find(|decision| decision.log_index == 1).unwrap();
    let status = server.decision(&damaged.decision_id).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    let reproduced = server.reproduce(&damaged.decision_id).await.unwrap();
    assert_eq!(reproduced.result(), pb::ReproduceResult::Cannot);
    assert!(!reproduced.reason.is_empty());
    let missing = uuid::Uuid::from_u128(7).to_string();
    let status = server.decision(&missing).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound, "{status:?}");
    assert_eq!(server.whole_history(pb::HistoryRequest::default()).await.len(), 2);
}
