//! The log of operations: what the service did, who read what, and what it refuses to sign.

use std::{fs, path::Path};

use reimage_rights::{
    app,
    audit::{Kind, Log, NoteLines, leaf_hash},
    wire::pb,
};
use sqlx::Connection as _;
use tonic_health::pb::health_check_response::ServingStatus::{NotServing, Serving};

use crate::support::server::{Server, sql, typical};

/// The log of operations, as any program reads it.
pub async fn operations(database: &Path) -> Vec<serde_json::Value> {
    let mut connection = sql(database).await;
    let records = sqlx::query_scalar("SELECT record FROM operation ORDER BY log_index");
    let records: Vec<String> = records.fetch_all(&mut connection).await.unwrap();
    records
        .iter()
        .map(|record| serde_json::from_str(record).unwrap())
        .collect()
}

/// Those of one kind.
pub async fn of_kind(kind: &str, database: &Path) -> Vec<serde_json::Value> {
    let mut operations = operations(database).await;
    operations.retain(|one| one["operation"] == kind);
    operations
}

#[tokio::test]
async fn the_service_says_when_it_began_and_who_read_what() {
    let server = Server::start().await;
    let decisions = server.record(120).await;
    let history = pb::HistoryRequest {
        page_size: 50,
        ..pb::HistoryRequest::default()
    };
    // Three pages, one query.
    assert_eq!(server.whole_history(history).await.len(), 120);
    server.decision(&decisions[7].decision_id).await.unwrap();
    server.export(pb::HistoryRequest::default()).await.unwrap();
    let place = server.stop().await;
    let operations = operations(&place.database()).await;
    let told: Vec<(&str, &str)> = operations
        .iter()
        .map(|one| {
            (
                one["operation"].as_str().unwrap(),
                one["rpc"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("start", ""),
            ("read", "History"),
            ("read", "GetDecision"),
            ("read", "Export")
        ]
    );
    assert_eq!(operations[0]["rules_revision"], decisions[0].rules_revision);
    assert_eq!(operations[0]["catalogue_digest"], decisions[0].catalogue_digest);
    assert_eq!(operations[1]["caller"], "local");
    assert_eq!(operations[1]["request"]["pageSize"], 50);
    assert_eq!(operations[2]["request"]["decisionId"], decisions[7].decision_id);
}

#[tokio::test]
async fn while_nothing_can_be_written_reads_are_answered_and_the_gap_is_recorded_after() {
    let server = Server::start().await;
    server.record(20).await;
    let away = server.place.path().join("away.db");
    fs::rename(server.place.database(), &away).unwrap();
    server.until(NotServing).await;
    for _ in 0..5 {
        let history = server.whole_history(pb::HistoryRequest::default()).await;
        assert_eq!(history.len(), 20);
    }
    fs::rename(&away, server.place.database()).unwrap();
    server.until(Serving).await;
    server.check(typical("PC-after")).await.unwrap();
    let lost = server.serving.counters.operations_lost.get();
    assert_eq!(lost, 5);
    let place = server.stop().await;
    let operations = operations(&place.database()).await;
    let gaps: u64 = operations.iter().filter_map(|one| one["operations"].as_u64()).sum();
    let reads = operations.iter().filter(|one| one["operation"] == "read").count();
    assert_eq!(gaps, lost);
    assert_eq!(reads, 0, "{operations:?}");
}

#[tokio::test]
async fn a_database_is_not_signed_by_other_keys_nor_behind_its_checkpoints() {
    let server = Server::start().await;
    server.record(5).await;
    let place = server.stop().await;
    let early = fs::read(place.database()).unwrap();

    let keys = fs::read(place.key_file()).unwrap();
    fs::remove_file(place.key_file()).unwrap();
    let error = format!("{:#}", place.try_serve().await.unwrap_err());
    assert!(
        error.contains("was signed by") && error.contains("--key-file"),
        "{error}"
    );
    app::generate_keys(&place.key_file(), Some("stranger.example"), app::sources()).unwrap();
    let error = format!("{:#}", place.try_serve().await.unwrap_err());
    assert!(error.contains("cannot be believed"), "{error}");
    fs::write(place.key_file(), keys).unwrap();

    let server = place.serve().await;
    server.record(5).await;
    let place = server.stop().await;
    fs::write(place.database(), early).unwrap();
    let error = format!("{:#}", place.try_serve().await.unwrap_err());
    assert!(error.contains("it lost some"), "{error}");
}

#[tokio::test]
async fn a_checkpoint_file_that_cannot_be_written_stops_no_decision_and_gets_what_it_lacks_later() {
    let server = Server::start().await;
    server.record(3).await;
    let place = server.stop().await;
    // A folder where the file was: opening fails, and so does the start, before anything is decided.
    let kept = fs::read_to_string(place.checkpoint_file()).unwrap();
    fs::remove_file(place.checkpoint_file()).unwrap();
    fs::create_dir(place.checkpoint_file()).unwrap();
    let error = format!("{:#}", place.try_serve().await.unwrap_err());
    assert!(error.contains("--checkpoint-file"), "{error}");
    fs::remove_dir(place.checkpoint_file()).unwrap();

    // A file that lost its last notes, as after a crash between database and file, is given them at the next start.
    let mut lines = NoteLines::default();
    let notes: Vec<String> = kept.lines().filter_map(|line| lines.push(line)).collect();
    fs::write(place.checkpoint_file(), format!("{}\n", notes[0])).unwrap();
    let server = place.serve().await;
    server.checkpoint(Log::Decisions).await;
    let place = server.stop().await;
    let text = fs::read_to_string(place.checkpoint_file()).unwrap();
    assert!(notes.iter().all(|note| text.contains(note)), "{text}");
}

#[tokio::test]
async fn what_is_found_unsigned_at_a_start_is_an_operation() {
    let server = Server::start().await;
    server.record(1).await;
    server.checkpoint(Log::Decisions).await;
    server.record(4).await;
    let place = server.stop().await;
    let before = operations(&place.database()).await;
    assert!(before.iter().all(|one| one["operation"] != "unsigned"), "{before:?}");
    // As after a crash, or after somebody added four.
    let mut connection = place.sql().await;
    let cut = "DELETE FROM checkpoint WHERE log = 1 AND size > 1";
    sqlx::raw_sql(cut).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let kept = fs::read_to_string(place.checkpoint_file()).unwrap();
    let mut lines = NoteLines::default();
    let notes = kept.lines().filter_map(|line| lines.push(line));
    let text: String = notes
        .filter(|note| note.lines().nth(1) == Some("1"))
        .map(|note| note + "\n")
        .collect();
    fs::write(place.checkpoint_file(), text).unwrap();

    let place = place.serve().await.stop().await;
    let unsigned = of_kind("unsigned", &place.database()).await;
    assert_eq!(unsigned.len(), 1, "{unsigned:?}");
    assert_eq!(
        (&unsigned[0]["log"], &unsigned[0]["from"], &unsigned[0]["to"]),
        (&"decisions".into(), &1.into(), &5.into())
    );
}

#[tokio::test]
async fn what_somebody_adds_beside_a_running_service_is_an_operation() {
    let server = Server::start().await;
    server.record(3).await;
    let mut connection = server.place.sql().await;
    let leaf = leaf_hash(Kind::Decision, b"forged");
    sqlx::raw_sql(
        "INSERT INTO decision SELECT 3, randomblob(16), decided_at, 'forged' FROM decision WHERE log_index = 2",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let grown = sqlx::query("UPDATE tile SET hashes = CAST(hashes || ?1 AS BLOB) WHERE place = 1 << 56");
    grown.bind(leaf.0.as_slice()).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    // The service meets it where its own next one is to be.
    assert!(server.check(typical("PC-1")).await.is_err());
    assert_eq!(server.check(typical("PC-1")).await.unwrap().log_index, 4);
    let place = server.stop().await;
    let changed = of_kind("changed_beside", &place.database()).await;
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(
        (&changed[0]["log"], &changed[0]["expected"], &changed[0]["found"]),
        (&"decisions".into(), &3.into(), &4.into())
    );
}

#[tokio::test]
async fn decisions_that_were_stripped_of_all_else_are_not_signed_by_the_keys_that_signed_it() {
    let server = Server::start().await;
    server.record(300).await;
    let place = server.stop().await;
    fs::remove_file(place.checkpoint_file()).unwrap();
    let mut connection = place.sql().await;
    // As a database is before there were trees.
    let strip = "DELETE FROM checkpoint; DELETE FROM operation; DELETE FROM tile";
    sqlx::raw_sql(strip).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let error = format!("{:#}", place.try_serve().await.unwrap_err());
    assert!(
        error.contains("somebody removed them") && error.contains("move the key file away"),
        "{error}"
    );
    assert!(!fs::exists(place.checkpoint_file()).unwrap());
    // Whoever knows the old keys sees that these are others.
    fs::rename(place.key_file(), place.path().join("kept.keys")).unwrap();
    let server = place.serve().await;
    let note = server.checkpoint(Log::Decisions).await;
    let old = app::keys(&server.place.path().join("kept.keys")).unwrap().trusted();
    assert!(old.open(note.as_bytes()).is_err());
}

#[tokio::test]
async fn what_was_changed_is_not_signed_again() {
    let server = Server::start().await;
    server.record(300).await;
    let place = server.stop().await;
    let whole = fs::read(place.database()).unwrap();
    let change = async |statement: &'static str| {
        fs::write(place.database(), &whole).unwrap();
        let mut connection = place.sql().await;
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        format!("{:#}", place.try_serve().await.unwrap_err())
    };
    // The edge of the tree, as somebody leaves it who made another history and its tiles.
    let error = change("UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE place = (1 << 56) + 1").await;
    assert!(error.contains("is not the one that was signed"), "{error}");
    let error = change("DELETE FROM checkpoint").await;
    assert!(error.contains("somebody removed them"), "{error}");
    let kept = fs::read_to_string(place.checkpoint_file()).unwrap();
    fs::remove_file(place.checkpoint_file()).unwrap();
    let error = change("DELETE FROM checkpoint").await;
    assert!(error.contains("somebody removed them"), "{error}");
    // The checkpoints of one log removed from both places, the other's left.
    let mut lines = NoteLines::default();
    let notes: Vec<String> = kept.lines().filter_map(|line| lines.push(line)).collect();
    for (log, statement) in [
        ("decisions", "DELETE FROM checkpoint WHERE log = 1"),
        (
            "operations",
            "DELETE FROM checkpoint WHERE log = 2; DELETE FROM operation; DELETE FROM tile WHERE place >= 2 << 56",
        ),
    ] {
        let others = notes.iter().filter(|note| !note.lines().next().unwrap().ends_with(log));
        let text: String = others.flat_map(|note| [note.as_str(), "\n"]).collect();
        assert!(!text.is_empty());
        fs::write(place.checkpoint_file(), text).unwrap();
        let error = change(statement).await;
        assert!(error.contains(&format!("no signed checkpoint of its {log}")), "{error}");
    }

    // The file alone lost: it is made again, and the log of operations says so.
    fs::write(place.database(), &whole).unwrap();
    let server = place.serve().await;
    server.check(typical("PC-1")).await.unwrap();
    let place = server.stop().await;
    let gone = operations(&place.database()).await;
    assert!(
        gone.iter().any(|one| one["operation"] == "checkpoint_file_gone"),
        "{gone:?}"
    );
}

#[tokio::test]
async fn a_page_asked_for_with_a_token_that_was_not_given_out_is_a_read() {
    let server = Server::start().await;
    server.record(30).await;
    let first = pb::HistoryRequest {
        page_size: 10,
        ..pb::HistoryRequest::default()
    };
    let page = server.history(first.clone()).await.unwrap();
    let second = pb::HistoryRequest {
        page_token: page.next_page_token,
        ..first
    };
    server.history(second.clone()).await.unwrap();
    server.history(second).await.unwrap();
    let place = server.stop().await;
    let reads = operations(&place.database()).await;
    let reads = reads.iter().filter(|one| one["operation"] == "read").count();
    assert_eq!(reads, 2, "the query, and the page that was read again");
}
