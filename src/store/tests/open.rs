use std::fs;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use super::*;
use crate::store::OpenError;

/// Runs statements on a database from outside.
async fn outside(place: &Place, sql: &str) {
    let options = SqliteConnectOptions::new()
        .filename(place.path())
        .create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn owned_error(place: &Place) -> OpenError {
    Store::open_owned(&place.path(), None).await.map(drop).unwrap_err()
}

async fn reading_error(place: &Place) -> OpenError {
    Store::open_reading(&place.path()).await.map(drop).unwrap_err()
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_and_its_folders_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let inner = place.folder.path().join("a/b");
    let (_store, mut writer) = Store::open_owned(&inner.join("log.db"), None).await.unwrap();
    record(&mut writer, 1).await.unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(place.folder.path().join("a")), 0o700);
    assert_eq!(mode(inner.clone()), 0o700);
    for name in ["log.db", "log.db-wal", "log.db-shm", "log.db.lock"] {
        assert_eq!(mode(inner.join(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_database_opens_again_with_what_it_had() {
    let place = Place::new();
    for count in 1..=3 {
        place.closed(1).await;
        assert!(!place.beside("-wal").exists());
        assert_holds(&Store::open_reading(&place.path()).await.unwrap(), count).await;
    }
}

#[tokio::test]
async fn the_settings_that_make_a_commit_durable_are_in_force() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let mut append = writer.begin().await.unwrap();
    for (pragma, value) in [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("page_size", 32_768),
        ("busy_timeout", 5000),
        // In memory, so that no other disk can fail it.
        ("temp_store", 2),
    ] {
        let sql = AssertSqlSafe(format!("PRAGMA {pragma}"));
        let found: i64 = sqlx::query_scalar(sql)
            .fetch_one(append.transaction.reading().await.unwrap())
            .await
            .unwrap();
        assert_eq!(found, value, "{pragma}");
    }
    let mut connection = store.connection().await.unwrap();
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
    let refused = sqlx::query("DELETE FROM decision").execute(&mut *connection).await;
    assert!(refused.unwrap_err().to_string().contains("readonly"));
}

#[tokio::test]
async fn the_database_of_another_program_is_refused_and_left_as_it_was() {
    for sql in [
        "CREATE TABLE t (a)",
        "PRAGMA application_id = 7",
        "CREATE TABLE decision (a); PRAGMA journal_mode = WAL",
    ] {
        let place = Place::new();
        outside(&place, sql).await;
        let before = fs::read(place.path()).unwrap();
        assert!(matches!(owned_error(&place).await, OpenError::Foreign { .. }), "{sql}");
        assert!(
            matches!(reading_error(&place).await, OpenError::Foreign { .. }),
            "{sql}"
        );
        assert_eq!(fs::read(place.path()).unwrap(), before, "{sql}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_was() {
    let place = Place::new();
    for text in [&b"hello"[..], &vec![7; 100_000], b"SQLite format 3"] {
        fs::write(place.path(), text).unwrap();
        let error = owned_error(&place).await;
        assert!(matches!(error, OpenError::NotADatabase { .. }), "{error:?}");
        assert_eq!(fs::read(place.path()).unwrap(), text);
    }
}

#[tokio::test]
async fn a_file_cut_short_is_damaged() {
    let whole = Place::new();
    whole.closed(100).await;
    let bytes = fs::read(whole.path()).unwrap();
    for kept in [bytes.len() / 2, 32_768, 100] {
        let place = Place::new();
        fs::write(place.path(), &bytes[..kept]).unwrap();
        let error = owned_error(&place).await;
        assert!(matches!(error, OpenError::Corrupt { .. }), "{kept} {error:?}");
        let error = reading_error(&place).await;
        assert!(matches!(error, OpenError::Corrupt { .. }), "{kept} {error:?}");
    }
}

#[tokio::test]
async fn a_database_emptied_beside_its_write_ahead_log_is_damaged_not_new() {
    let place = Place::new();
    fs::write(place.path(), b"").unwrap();
    fs::write(place.beside("-wal"), b"what was committed last").unwrap();
    assert!(matches!(owned_error(&place).await, OpenError::Corrupt { .. }));
    assert!(place.beside("-wal").exists());
}

#[tokio::test]
async fn a_database_whose_tables_are_gone_is_damaged() {
    let place = Place::new();
    place.closed(1).await;
    outside(&place, "DROP TABLE posting_run").await;
    assert!(matches!(owned_error(&place).await, OpenError::Corrupt { .. }));
}

#[tokio::test]
async fn a_database_whose_tables_begin_with_garbage_is_damaged() {
    let place = Place::new();
    place.closed(100).await;
    let mut bytes = fs::read(place.path()).unwrap();
    bytes[2 * 32_768..].fill(0xa5);
    fs::write(place.path(), &bytes).unwrap();
    assert!(matches!(owned_error(&place).await, OpenError::Corrupt { .. }));
    assert!(matches!(reading_error(&place).await, OpenError::Corrupt { .. }));
}

#[tokio::test]
async fn a_newer_or_altered_schema_is_refused() {
    let place = Place::new();
    place.closed(1).await;
    outside(&place, "UPDATE _sqlx_migrations SET checksum = x'00'").await;
    assert!(matches!(
        owned_error(&place).await,
        OpenError::Altered { version: 1, .. }
    ));
    outside(&place, "INSERT INTO _sqlx_migrations VALUES (99, 'x', 0, 1, x'00', 0)").await;
    let error = owned_error(&place).await;
    assert!(
        matches!(
            error,
            OpenError::Newer {
                found: 99,
                known: 4,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(matches!(reading_error(&place).await, OpenError::Newer { .. }));
}

#[tokio::test]
async fn a_creation_that_was_cut_off_is_finished_by_the_next_owner() {
    let mark = "PRAGMA application_id = 0x52496d67;";
    let steps = "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP \
        NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);";
    for done in ["", "PRAGMA journal_mode = WAL", mark, &format!("{mark} {steps}")] {
        let place = Place::new();
        fs::write(place.path(), b"").unwrap();
        outside(&place, done).await;
        assert!(matches!(reading_error(&place).await, OpenError::Begun { .. }), "{done}");
        let (store, mut writer) = place.open().await;
        record(&mut writer, 2).await.unwrap();
        assert_holds(&store, 2).await;
    }
}

#[tokio::test]
async fn reading_makes_no_database() {
    let place = Place::new();
    assert!(matches!(reading_error(&place).await, OpenError::Missing { .. }));
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_is_no_database() {
    let place = Place::new();
    fs::create_dir(place.path()).unwrap();
    assert!(matches!(owned_error(&place).await, OpenError::NotAFile { .. }));
    assert!(matches!(reading_error(&place).await, OpenError::NotAFile { .. }));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let place = Place::new();
    fs::write(place.folder.path().join("file"), b"").unwrap();
    let below = place.folder.path().join("file/folder");
    let location = below.join("log.db");
    let error = Store::open_owned(&location, None).await.map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot reach `{}`: ", below.display())),
        "{error}"
    );
}

/// `SQLite` writes no file whose format's write version, byte 18, it does not know. That binds the administrator too.
#[tokio::test]
async fn a_database_that_can_only_be_read_says_so_at_once_and_can_be_read() {
    let place = Place::new();
    place.closed(2).await;
    let mut bytes = fs::read(place.path()).unwrap();
    bytes[18] = 3;
    fs::write(place.path(), &bytes).unwrap();
    let error = owned_error(&place).await;
    assert!(
        matches!(error, OpenError::NotWritable(WriteError::ReadOnly { .. })),
        "{error:?}"
    );
    assert_holds(&Store::open_reading(&place.path()).await.unwrap(), 2).await;
}

/// A link to nowhere in the place of a file that `SQLite` makes keeps it from being made, as read-only media do, whoever runs the test.
#[cfg(unix)]
fn keep_from_being_made(place: &Place) {
    std::os::unix::fs::symlink(place.folder.path().join("no/folder"), place.beside("-shm")).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn where_no_file_can_be_made_beside_it_a_database_is_read_as_it_lies() {
    let place = Place::new();
    place.closed(2).await;
    keep_from_being_made(&place);
    assert_holds(&Store::open_reading(&place.path()).await.unwrap(), 2).await;

    let copy = place.folder.path().join("copy.db");
    crate::store::backup::copy(&place.path(), &copy).await.unwrap();
    assert_holds(&Store::open_reading(&copy).await.unwrap(), 2).await;
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_not_all_there_is_is_not_read_without_its_log() {
    let place = Place::new();
    place.closed(2).await;
    let (store, mut writer) = place.open().await;
    record(&mut writer, 1).await.unwrap();
    let log = fs::read(place.beside("-wal")).unwrap();
    close(store, writer).await;
    fs::write(place.beside("-wal"), log).unwrap();
    keep_from_being_made(&place);
    let error = reading_error(&place).await;
    assert!(matches!(error, OpenError::LogBeside { .. }), "{error:?}");
    assert!(
        error.to_string().contains("copy both files into a folder of your own"),
        "{error}"
    );
}

#[tokio::test]
async fn a_copy_is_read_without_a_file_made_beside_it_and_with_the_log_that_is() {
    let place = Place::new();
    place.closed(2).await;
    let store = Store::open_copy(&place.path()).await.unwrap();
    assert_holds(&store, 2).await;
    assert!(!place.beside("-wal").exists() && !place.beside("-shm").exists());
    store.close().await;

    let (store, mut writer) = place.open().await;
    record(&mut writer, 1).await.unwrap();
    let copy = Place::new();
    for extension in ["", "-wal"] {
        fs::copy(place.beside(extension), copy.beside(extension)).unwrap();
    }
    assert_holds(&Store::open_copy(&copy.path()).await.unwrap(), 3).await;
    // Whoever is told that a database in use is a copy reads all that was committed.
    assert_holds(&Store::open_copy(&place.path()).await.unwrap(), 3).await;
    close(store, writer).await;
}

/// The names of what lies in the folder, with what each file holds.
fn folder(place: &Place) -> Vec<(PathBuf, Vec<u8>)> {
    let mut names: Vec<PathBuf> = fs::read_dir(place.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_database_at_rest_is_read_without_a_trace() {
    let place = Place::new();
    place.closed(2).await;
    let before = folder(&place);
    let store = Store::open_reading(&place.path()).await.unwrap();
    assert_holds(&store, 2).await;
    store.close().await;
    assert_eq!(folder(&place), before);

    let copies = Place::new();
    crate::store::backup::copy(&place.path(), &copies.path()).await.unwrap();
    assert_eq!(folder(&place), before, "it was copied");
}

#[tokio::test]
async fn whoever_reads_leaves_their_files_to_those_who_still_use_them() {
    let place = Place::new();
    place.closed(2).await;
    let [early, late] = [
        Store::open_reading(&place.path()).await.unwrap(),
        Store::open_reading(&place.path()).await.unwrap(),
    ];
    early.close().await;
    assert_holds(&late, 2).await;
    assert!(place.beside("-shm").exists(), "the other still reads by it");

    // A writer that came meanwhile goes on, and who reads beside it sees what it writes.
    let (store, mut writer) = place.open().await;
    late.close().await;
    record(&mut writer, 1).await.unwrap();
    let beside = Store::open_reading(&place.path()).await.unwrap();
    assert_holds(&beside, 3).await;
    beside.close().await;
    record(&mut writer, 1).await.unwrap();
    assert_holds(&store, 4).await;
    close(store, writer).await;
    assert!(!place.beside("-wal").exists() && !place.beside("-shm").exists());
}

#[tokio::test]
async fn a_log_that_was_left_beside_it_is_read_and_stays_as_it_is() {
    let place = Place::new();
    place.closed(2).await;
    let (store, mut writer) = place.open().await;
    record(&mut writer, 1).await.unwrap();
    let left = Place::new();
    for extension in ["", "-wal"] {
        fs::copy(place.beside(extension), left.beside(extension)).unwrap();
    }
    close(store, writer).await;
    let before = folder(&left);
    let reading = Store::open_reading(&left.path()).await.unwrap();
    assert_holds(&reading, 3).await;
    reading.close().await;
    let after: Vec<_> = folder(&left).into_iter().filter(|file| before.contains(file)).collect();
    assert_eq!(after, before);
}
