//! Nobody changes a database unseen: `verify` names whatever was altered, removed, added or swapped.

use std::{fs, ops::Range, path::PathBuf};

use reimage_rights::{
    app::{self, Verifiable, Verification, sources},
    audit::{KeyRing, Log, NoteLines, TrustedKeys, hexadecimal},
    service::{Report, Subject},
    wire::pb,
};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};
use tempfile::TempDir;

use crate::support::server::{Place, Server, sql, typical};

/// Decisions of the log that is tampered with: more than a tile, and more transactions than the tail of the index takes.
const DECISION_COUNT: usize = 600;
/// Of these the first, which are signed by themselves: the checkpoint falls within a tile.
const FIRST_COUNT: usize = 310;
/// When a step of the schema was taken, and how long it took: nobody can tell later, and nothing depends on it.
const OF_NO_CONSEQUENCE: [(&str, &str); 2] = [
    ("_sqlx_migrations", "installed_on"),
    ("_sqlx_migrations", "execution_time"),
];

/// A database that was closed in good order, with keys and checkpoints, to be copied and tampered with.
pub struct Pristine {
    place: Place,
}

/// Has the decisions of so many devices recorded, each in a transaction of its own.
async fn decide(server: &Server, devices: Range<usize>) {
    for device in devices {
        server.check(typical(&format!("PC-{device}"))).await.unwrap();
    }
}

/// A copy to tamper with.
pub struct Copy {
    folder: TempDir,
    keys: KeyRing,
}

impl Pristine {
    pub async fn make() -> Self {
        let server = Server::start().await;
        decide(&server, 0..FIRST_COUNT).await;
        let place = server.stop().await;
        // A second start: another operation, other checkpoints.
        let server = place.serve().await;
        decide(&server, FIRST_COUNT..DECISION_COUNT).await;
        for device in ["PC-1", "PC-2", "PC-3"] {
            let request = pb::HistoryRequest {
                device_id: device.to_owned(),
                ..pb::HistoryRequest::default()
            };
            server.history(request).await.unwrap();
        }
        server.check(typical("PC-last")).await.unwrap();
        Self {
            place: server.stop().await,
        }
    }

    pub fn copy(&self) -> Copy {
        let folder = TempDir::new().unwrap();
        let copy = Copy {
            keys: app::keys(&self.place.key_file()).unwrap(),
            folder,
        };
        fs::copy(self.place.database(), copy.database()).unwrap();
        fs::copy(self.place.checkpoint_file(), copy.checkpoint_file()).unwrap();
        copy
    }
}

impl Copy {
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("decisions.db")
    }

    pub fn checkpoint_file(&self) -> PathBuf {
        self.folder.path().join("checkpoints")
    }

    pub async fn sql(&self) -> SqliteConnection {
        sql(&self.database()).await
    }

    pub async fn run(&self, statement: &str) {
        let mut connection = self.sql().await;
        sqlx::raw_sql("PRAGMA ignore_check_constraints = ON")
            .execute(&mut connection)
            .await
            .unwrap();
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        assert!(done.rows_affected() > 0, "{statement}");
        connection.close().await.unwrap();
    }

    pub async fn verify(&self) -> Report {
        self.verify_by(self.keys.trusted()).await.unwrap()
    }

    async fn verify_by(&self, keys: TrustedKeys) -> anyhow::Result<Report> {
        let verification = Verification {
            checkpoint_file: Some(self.checkpoint_file()),
            keys,
            since: None,
        };
        let database = Verifiable::open(&self.database(), Subject::Live).await?;
        database.verify(verification, |_| {}, |_| {}).await
    }

    /// What `verify` names, be it that the database cannot even be opened.
    pub async fn named(&self) -> Option<String> {
        match self.verify_by(self.keys.trusted()).await {
            Ok(report) => report.fault.map(|fault| fault.to_string()),
            Err(error) => Some(format!("{error:#}")),
        }
    }

    pub async fn assert_named(&self, what: &str, expected: &str) {
        let named = self.named().await.unwrap_or_else(|| panic!("{what} is not named"));
        assert!(named.contains(expected), "{what}: {named}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_byte_of_whatever_column_is_flipped_is_named() {
    let pristine = Pristine::make().await;
    let report = pristine.copy().verify().await;
    assert_eq!(report.fault, None);
    assert_eq!((report.decisions, report.signed), (601, 601));
    assert_eq!(report.operations, 5, "two starts and three reads");
    assert_eq!((report.differ.1, report.cannot.1), (0, 0));

    let mut flipped = 0;
    for (table, columns) in tables(&pristine.copy()).await {
        for column in columns {
            if OF_NO_CONSEQUENCE.contains(&(&table, &column)) {
                continue;
            }
            let copy = pristine.copy();
            flip(&copy, &table, &column).await;
            assert!(
                copy.named().await.is_some(),
                "a byte of `{table}.{column}` is not named"
            );
            flipped += 1;
        }
    }
    assert!(flipped >= 25, "{flipped}");
}

/// Every table with its columns.
async fn tables(copy: &Copy) -> Vec<(String, Vec<String>)> {
    let mut connection = copy.sql().await;
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let names: Vec<String> = sqlx::query_scalar(names).fetch_all(&mut connection).await.unwrap();
    let mut tables = Vec::new();
    for table in names {
        let columns = AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')"));
        let columns = sqlx::query_scalar(columns).fetch_all(&mut connection).await.unwrap();
        tables.push((table, columns));
    }
    tables
}

/// Flips a byte in the middle of a column, in the middle row.
async fn flip(copy: &Copy, table: &str, column: &str) {
    let mut connection = copy.sql().await;
    let middle =
        format!("SELECT {column}, typeof({column}) FROM {table} LIMIT 1 OFFSET (SELECT count(*) / 2 FROM {table})");
    let row = sqlx::query(AssertSqlSafe(middle)).fetch_one(&mut connection).await;
    let row = row.unwrap_or_else(|error| panic!("`{table}` has no row to flip a byte in: {error}"));
    let changed = match row.get::<&str, _>(1) {
        "integer" => format!("{column} + 2097152"),
        "text" => {
            let text: String = row.get(0);
            let place = text.len() / 2;
            let place = (place..text.len())
                .find(|place| text.as_bytes()[*place].is_ascii_alphanumeric())
                .unwrap();
            let other = if text.as_bytes()[place] == b'7' { '5' } else { '7' };
            format!(
                "'{}'",
                (text[..place].to_owned() + &other.to_string() + &text[place + 1..]).replace('\'', "''")
            )
        }
        _ => {
            let mut bytes: Vec<u8> = row.get(0);
            let place = bytes.len() / 2;
            bytes[place] ^= 0x10;
            format!("x'{}'", hexadecimal(&bytes))
        }
    };
    connection.close().await.unwrap();
    let update = format!(
        "UPDATE {table} SET {column} = {changed} WHERE {column} IS (SELECT {column} FROM {table} LIMIT 1 OFFSET (SELECT count(*) / 2 FROM {table}))"
    );
    copy.run(&update).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_removed_added_or_swapped_is_named_by_its_place() {
    let pristine = Pristine::make().await;
    let last = DECISION_COUNT;
    let cases = [
        ("a row deleted", "DELETE FROM decision WHERE log_index = 300".to_owned(), "decisions 300 is missing"),
        ("the last row deleted", format!("DELETE FROM decision WHERE log_index = {last}"), "1 gone from its end"),
        (
            "two records swapped",
            swap("record", 300, 301),
            "decisions 300 was altered",
        ),
        (
            "two rows swapped",
            "UPDATE decision SET log_index = -1 WHERE log_index = 300; \
             UPDATE decision SET log_index = 300 WHERE log_index = 301; \
             UPDATE decision SET log_index = 301 WHERE log_index = -1"
                .to_owned(),
            "decisions 300 was altered",
        ),
        (
            "a forged row",
            format!(
                "INSERT INTO decision SELECT log_index + 1, decision_id, decided_at, record FROM decision WHERE log_index = {last}"
            ),
            "decisions 601 was added",
        ),
        (
            "a verdict changed",
            "UPDATE decision SET record = replace(record, 'VERDICT_PERMITTED', 'VERDICT_NOT_PERMITTED') WHERE log_index = 17"
                .to_owned(),
            "decisions 17 was altered",
        ),
        ("an id changed", "UPDATE decision SET decision_id = zeroblob(16) WHERE log_index = 5".to_owned(), "decision 5 has another `decision_id`"),
        ("a tile deleted", "DELETE FROM tile WHERE place = (1 << 56) + 1".to_owned(), "tile 1 of level 0 is missing"),
        ("a tile added", "INSERT INTO tile VALUES ((1 << 56) + 9, zeroblob(32))".to_owned(), "tiles where their tree has"),
        ("an operation deleted", "DELETE FROM operation WHERE log_index = 2".to_owned(), "operations 2 is missing"),
        ("the last operation deleted", "DELETE FROM operation WHERE log_index = 4".to_owned(), "operations end at 4"),
        ("a checkpoint deleted", "DELETE FROM checkpoint WHERE log = 1 AND size < 601".to_owned(), "the database does not have it"),
        (
            "the tail cut off, its checkpoints too",
            "DELETE FROM decision WHERE log_index >= 500; DELETE FROM checkpoint WHERE log = 1 AND size > 500".to_owned(),
            "101 gone from the end of this database",
        ),
        ("all checkpoints deleted", "DELETE FROM checkpoint".to_owned(), "the database does not have it"),
        ("the catalogue deleted", "DELETE FROM catalogue".to_owned(), "catalogue"),
        ("postings deleted", "DELETE FROM posting_tail".to_owned(), "the index"),
        ("a block of postings deleted", "DELETE FROM posting_block WHERE first_index = (SELECT max(first_index) FROM posting_block)".to_owned(), "the index"),
        (
            "a row before the beginning",
            "INSERT INTO decision SELECT -1, decision_id, decided_at, record FROM decision WHERE log_index = 3".to_owned(),
            "decision -1",
        ),
        (
            "a checkpoint of no log",
            "INSERT INTO checkpoint VALUES (3, 1, 'x')".to_owned(),
            "a checkpoint of log 3",
        ),
        ("a trigger", "CREATE TRIGGER quiet AFTER INSERT ON decision BEGIN DELETE FROM tile; END".to_owned(), "trigger quiet"),
        ("a table", "CREATE TABLE beside (x)".to_owned(), "table beside"),
    ];
    for (what, statement, expected) in cases {
        changed(&pristine, what, statement, expected).await;
    }
}

#[tokio::test]
async fn rows_where_no_log_can_have_them_are_named() {
    let pristine = Pristine::make().await;
    let cases = [
        (
            "every decision before the beginning",
            "UPDATE decision SET log_index = -1 - log_index",
            "decision -",
        ),
        (
            "every operation before the beginning",
            "UPDATE operation SET log_index = -1 - log_index",
            "operation -",
        ),
        (
            "a decision with the last number",
            "INSERT INTO decision SELECT 9223372036854775807, decision_id, decided_at, record FROM decision WHERE log_index = 3",
            "decisions 601 is missing",
        ),
        (
            "an operation with the last number",
            "INSERT INTO operation SELECT 9223372036854775807, record FROM operation WHERE log_index = 3",
            "operations 5 is missing",
        ),
    ];
    for (what, statement, expected) in cases {
        changed(&pristine, what, statement.to_owned(), expected).await;
    }
}

#[tokio::test]
async fn what_is_added_to_the_index_is_named() {
    let pristine = Pristine::make().await;
    let cases = [
        (
            "a part of the index with the last number",
            "INSERT INTO posting_run VALUES (9223372036854775807, 0, 300, 2)",
            "part 9223372036854775807",
        ),
        (
            "a part of the index of no decisions",
            "INSERT INTO posting_run VALUES (1000, 5, 5, 2)",
            "part 1000",
        ),
        (
            "a part of the index of what is not there",
            "INSERT INTO posting_run VALUES (1000, 0, 5000, 0)",
            "part 1000",
        ),
        (
            "a block of no part",
            "INSERT INTO posting_block VALUES (1000, 1, 1, x'00')",
            "a block of part 1000",
        ),
    ];
    for (what, statement, expected) in cases {
        changed(&pristine, what, statement.to_owned(), expected).await;
    }
}

pub async fn changed(pristine: &Pristine, what: &str, statement: String, expected: &str) {
    let copy = pristine.copy();
    let mut connection = copy.sql().await;
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    copy.assert_named(what, expected).await;
}

fn swap(column: &str, one: u64, other: u64) -> String {
    format!(
        "CREATE TEMP TABLE kept AS SELECT log_index, {column} FROM decision WHERE log_index IN ({one}, {other}); \
         UPDATE decision SET {column} = (SELECT {column} FROM kept WHERE log_index = {other}) WHERE log_index = {one}; \
         UPDATE decision SET {column} = (SELECT {column} FROM kept WHERE log_index = {one}) WHERE log_index = {other}"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_byte_of_the_checkpoint_file_is_flipped_is_named() {
    let pristine = Pristine::make().await;
    let copy = pristine.copy();
    let whole = fs::read(copy.checkpoint_file()).unwrap();
    // Without the empty line in it the last note is like one that was cut off.
    let behind_text = whole
        .windows(5)
        .rposition(|bytes| bytes == "\n\n\u{2014}".as_bytes())
        .unwrap();
    let is_in_doubt = |place: &usize| (behind_text..behind_text + 2).contains(place);
    for place in (0..whole.len() - 2).step_by(7).filter(|place| !is_in_doubt(place)) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        fs::write(copy.checkpoint_file(), &bytes).unwrap();
        copy.assert_named(&format!("byte {place}"), "the checkpoint").await;
    }
    let text = String::from_utf8(whole).unwrap();
    let mut lines = NoteLines::default();
    let notes: Vec<String> = text.lines().filter_map(|line| lines.push(line)).collect();
    assert!(notes.len() >= 4, "{text}");
    fs::write(copy.checkpoint_file(), notes[1..].join("\n") + "\n").unwrap();
    copy.assert_named("without the first note", "the checkpoint file does not have it")
        .await;

    // Cut off at its end it may have been by a crash, and the report says where it ends.
    fs::write(
        copy.checkpoint_file(),
        notes[..notes.len() - 2].join("\n") + "\nhalf a note",
    )
    .unwrap();
    let report = copy.verify().await;
    assert_eq!((report.fault.clone(), report.signed), (None, 601));
    assert!(report.outside[&Log::Decisions] < 601, "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_rebuilt_with_a_new_key_is_named_by_whoever_has_the_old_one() {
    let pristine = Pristine::make().await;
    // The forger has the program and the machine, and makes another history with keys of their own.
    let theirs = Place::new();
    app::generate_keys(&theirs.key_file(), Some("forger.example"), sources()).unwrap();
    let forged = theirs.serve().await;
    for number in 0..DECISION_COUNT {
        forged.check(typical(&format!("OTHER-{number}"))).await.unwrap();
    }
    let forged = forged.stop().await;
    let copy = pristine.copy();
    fs::copy(forged.database(), copy.database()).unwrap();
    fs::copy(forged.checkpoint_file(), copy.checkpoint_file()).unwrap();
    copy.assert_named("another history", "none of the keys given is that")
        .await;
    // Who was given keys one by one may lack some: the forger's could be a later one.
    let given = copy.keys.trusted().iter().cloned().collect();
    let report = copy.verify_by(given).await.unwrap();
    let signers: Vec<&str> = report
        .unchecked
        .iter()
        .map(|unchecked| unchecked.signers.as_str())
        .collect();
    assert_eq!((report.checkpoints, report.signed, signers.len()), (0, 0, 2));
    assert!(
        signers.iter().all(|signers| signers.starts_with("`forger.example/")),
        "{signers:?}"
    );

    // Even with the old key: the checkpoints that were kept elsewhere tell.
    let server = Place::with_keys(&pristine.place.key_file()).serve().await;
    for number in 0..DECISION_COUNT {
        server.check(typical(&format!("OTHER-{number}"))).await.unwrap();
    }
    let forged = server.stop().await;
    let copy = pristine.copy();
    fs::copy(forged.database(), copy.database()).unwrap();
    copy.assert_named("another history, signed by the old key", "the checkpoint file")
        .await;
}
