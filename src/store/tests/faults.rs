use std::fs;

use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use super::*;
use crate::store::{ReadError, StoredError, Unread};

/// Sets something on the connection that writes, which a new connection will not have.
async fn set(writer: &mut Writer, pragma: &'static str) {
    let append = writer.begin().await.unwrap();
    append.rollback().await.unwrap();
    sqlx::raw_sql(pragma).execute(writer.connection_mut()).await.unwrap();
}

#[tokio::test]
async fn a_full_database_records_nothing_half_and_resumes_when_there_is_room() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 5).await.unwrap();
    let limit = writer.page_limit();
    for pages in [0, 1, 2] {
        limit.set(Some(pages));
        let error = record(&mut writer, 50).await.unwrap_err();
        assert!(matches!(error, WriteError::Full { .. }), "{error:?}");
        let error = writer.probe().await.unwrap_err();
        assert!(matches!(error, WriteError::Full { .. }), "{error:?}");
        assert_holds(&store, 5).await;
    }
    limit.set(None);
    writer.probe().await.unwrap();
    record(&mut writer, 50).await.unwrap();
    assert_holds(&store, 55).await;
}

#[tokio::test]
async fn a_probe_leaves_nothing_behind() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 1).await.unwrap();
    for _ in 0..10 {
        writer.probe().await.unwrap();
    }
    assert_holds(&store, 1).await;
    close(store, writer).await;
    let pages = fs::metadata(place.path()).unwrap().len() / 32_768;
    assert!(pages < 16, "{pages}");
}

#[tokio::test]
async fn an_idle_service_keeps_its_write_ahead_log_short() {
    let place = Place::new();
    let (_store, mut writer) = place.open().await;
    record(&mut writer, 1).await.unwrap();
    for _ in 0..1500 {
        writer.probe().await.unwrap();
    }
    let log = fs::metadata(place.beside("-wal")).unwrap().len();
    assert!(log < 40 << 20, "{log}");
}

#[tokio::test]
async fn a_connection_that_may_not_write_records_nothing_and_the_next_one_does() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 5).await.unwrap();
    set(&mut writer, "PRAGMA query_only = ON").await;
    let error = record(&mut writer, 1).await.unwrap_err();
    assert!(matches!(error, WriteError::ReadOnly { .. }), "{error:?}");
    assert_holds(&store, 5).await;
    writer.probe().await.unwrap();
    record(&mut writer, 1).await.unwrap();
    assert_holds(&store, 6).await;
}

#[tokio::test]
async fn a_lock_of_another_program_is_busy_until_it_ends() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 1).await.unwrap();
    let mut other = SqliteConnectOptions::new()
        .filename(place.path())
        .connect()
        .await
        .unwrap();
    set(&mut writer, "PRAGMA busy_timeout = 0").await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let error = record(&mut writer, 1).await.unwrap_err();
    assert!(matches!(error, WriteError::Busy { .. }), "{error:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    record(&mut writer, 1).await.unwrap();
    assert_holds(&store, 2).await;
    other.close().await.unwrap();
}

#[tokio::test]
async fn a_deleted_database_records_nothing_and_is_still_read() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 5).await.unwrap();
    fs::remove_file(place.path()).unwrap();
    for _ in 0..2 {
        let error = record(&mut writer, 1).await.unwrap_err();
        assert!(
            matches!(&error, WriteError::Moved { path } if *path == place.path()),
            "{error:?}"
        );
        assert!(matches!(writer.probe().await, Err(WriteError::Moved { .. })));
    }
    assert_holds(&store, 5).await;
    assert!(!place.path().exists());
}

#[tokio::test]
async fn a_database_replaced_during_a_transaction_is_not_committed_to() {
    let place = Place::new();
    let away = place.beside(".away");
    let (store, mut writer) = place.open().await;
    record(&mut writer, 5).await.unwrap();
    let mut append = writer.begin().await.unwrap();
    append.put_catalogue("d1", b"c").unwrap();
    fs::rename(place.path(), &away).unwrap();
    fs::copy(&away, place.path()).unwrap();
    assert!(matches!(append.commit().await, Err(WriteError::Moved { .. })));
    assert!(matches!(record(&mut writer, 1).await, Err(WriteError::Moved { .. })));
    assert_eq!(store.catalogue("d1").await.unwrap(), None);
    assert_holds(&store, 5).await;

    fs::rename(&away, place.path()).unwrap();
    writer.probe().await.unwrap();
    record(&mut writer, 1).await.unwrap();
    assert_holds(&store, 6).await;
    assert_eq!(store.catalogue("d1").await.unwrap(), None);
}

#[tokio::test]
async fn a_database_moved_away_is_whole_there_and_what_takes_its_place_stays_clean() {
    let place = Place::new();
    let elsewhere = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 5).await.unwrap();
    fs::rename(place.path(), elsewhere.path()).unwrap();
    assert!(matches!(record(&mut writer, 1).await, Err(WriteError::Moved { .. })));
    assert_eq!(fs::metadata(place.beside("-wal")).unwrap().len(), 0);
    assert_holds(&Store::open_reading(&elsewhere.path()).await.unwrap(), 5).await;
    drop((store, writer));
}

#[tokio::test]
async fn losing_the_write_ahead_log_stops_recording_and_loses_no_decision() {
    for extension in ["-wal", "-shm"] {
        let place = Place::new();
        let elsewhere = Place::new();
        let (store, mut writer) = place.open().await;
        record(&mut writer, 5).await.unwrap();
        fs::remove_file(place.beside(extension)).unwrap();
        let error = record(&mut writer, 1).await.unwrap_err();
        assert!(
            matches!(&error, WriteError::Moved { path } if path.ends_with(format!("log.db{extension}"))),
            "{error:?}"
        );
        fs::copy(place.path(), elsewhere.path()).unwrap();
        assert_holds(&Store::open_reading(&elsewhere.path()).await.unwrap(), 5).await;
        drop((store, writer));
    }
}

#[tokio::test]
async fn a_record_that_is_no_text_is_named_by_its_log_index() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 3).await.unwrap();
    set(
        &mut writer,
        "UPDATE decision SET record = CAST(x'ff' AS TEXT) WHERE log_index = 1",
    )
    .await;
    let malformed = StoredError {
        log_index: 1,
        problem: "its record is no UTF-8 text",
    };
    let error = store.by_id(id(1)).await.unwrap_err();
    assert!(
        matches!(&error, ReadError::Malformed(found) if *found == malformed),
        "{error:?}"
    );
    // Requests beside it are none the worse for it.
    let mut append = writer.begin().await.unwrap();
    let found = append.find_requests([(key(0), 0), (key(1), 0)]).await.unwrap();
    assert!(found[&key(0)].is_ok());
    let error = found[&key(1)].clone().unwrap_err();
    assert_eq!(error, Unread::Malformed(malformed));
    assert_eq!(
        error.to_string(),
        "decision 1 in the database is malformed: its record is no UTF-8 text"
    );
}

#[tokio::test]
async fn damaged_pages_are_seen_as_damage_when_they_are_read() {
    let place = Place::new();
    place.closed(100).await;
    let mut bytes = fs::read(place.path()).unwrap();
    // The first page, with the schema, stays; so do the roots of tables, which are small numbers of pages behind it.
    bytes[16 * 32_768..].fill(0xa5);
    fs::write(place.path(), &bytes).unwrap();
    let store = Store::open_reading(&place.path()).await.unwrap();
    let mut damaged = 0;
    for log_index in 0..100 {
        match store.by_id(id(log_index)).await {
            Err(ReadError::Corrupt { .. }) => damaged += 1,
            other => assert!(other.is_ok(), "{other:?}"),
        }
    }
    assert!(damaged > 0);
}
