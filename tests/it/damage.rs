//! Files whose bytes were changed below the rows: what SQLite would not say by itself, `verify` does.

use std::fs;

use sqlx::{Connection as _, SqliteConnection};

use crate::{
    support::{
        process::told,
        server::{Place, Server},
    },
    tamper::{Copy, Pristine},
};

/// Bytes of a page, as the program sets it.
const PAGE_LEN: usize = 32_768;
/// The first byte of a page that leads to other pages of a table.
const INTERIOR: u8 = 5;

/// The place of a pointer to a page in the middle of the page that `decision` begins with, and of the last byte of the key behind it: up to that key
/// the log goes one way, behind it another.
async fn middle(copy: &Copy, file: &[u8]) -> (usize, usize) {
    let mut connection = copy.sql().await;
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'decision'";
    let root: i64 = sqlx::query_scalar(root).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let page = (usize::try_from(root).unwrap() - 1) * PAGE_LEN;
    assert_eq!(file[page], INTERIOR, "the log has more than a page");
    let number = |place: usize| usize::from(file[place]) << 8 | usize::from(file[place + 1]);
    // Behind the head the places of the cells; in a cell four bytes for a page, and the key, seven bits to a byte.
    let cells = number(page + 3);
    let cell = |cell: usize| {
        let pointer = page + number(page + 12 + 2 * cell);
        let key = (pointer + 4..file.len()).find(|place| file[*place] < 0x80);
        (pointer, key.unwrap())
    };
    (cells / 2..cells).map(cell).find(|(_, key)| file[*key] > 0).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_leads_past_a_decision_is_named_though_every_row_is_there() {
    let pristine = Pristine::make().await;
    let copy = pristine.copy();
    let mut file = fs::read(copy.database()).unwrap();
    let (_, key) = middle(&copy, &file).await;
    file[key] -= 1;
    fs::write(copy.database(), &file).unwrap();

    let mut connection = copy.sql().await;
    let count = |statement: &'static str| sqlx::query_scalar::<_, i64>(statement);
    let all = "SELECT count(*) FROM (SELECT log_index, record FROM decision WHERE log_index >= 0)";
    assert_eq!(count(all).fetch_one(&mut connection).await.unwrap(), 601);
    let hidden = "SELECT count(*) FROM decision \
        WHERE NOT EXISTS (SELECT 1 FROM decision AS same WHERE same.log_index = decision.log_index)";
    assert_eq!(count(hidden).fetch_one(&mut connection).await.unwrap(), 1);
    drop(connection);
    let named = copy.named().await.unwrap();
    assert!(
        named.contains("damaged: in `decision`") && named.contains("out of order"),
        "{named}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_cannot_be_read_is_named_and_no_failure_of_the_program() {
    let pristine = Pristine::make().await;
    let copy = pristine.copy();
    let mut file = fs::read(copy.database()).unwrap();
    let (pointer, _) = middle(&copy, &file).await;
    let child = u32::from_be_bytes(file[pointer..pointer + 4].try_into().unwrap());
    file[(child as usize - 1) * PAGE_LEN] = 0;
    fs::write(copy.database(), &file).unwrap();
    let fault = copy.verify().await.fault.unwrap().to_string();
    assert!(fault.contains("damaged: in `decision`"), "{fault}");
}

/// What `verify` says, and what code it ends with, of a database with three signed decisions that something was done to.
async fn after(place: &Place, whole: &[u8], change: &Change) -> (Option<i32>, String, String) {
    fs::write(place.database(), whole).unwrap();
    match change {
        Change::Bytes(bytes) => fs::write(place.database(), bytes).unwrap(),
        Change::Sql(statement) => {
            let mut connection: SqliteConnection = place.sql().await;
            sqlx::raw_sql(*statement).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
    let database = place.database().display().to_string();
    told(place.path(), &["verify", "--json", "--database", &database])
}

enum Change {
    Bytes(Vec<u8>),
    Sql(&'static str),
}

#[tokio::test]
async fn what_took_the_place_of_a_signed_database_is_not_intact_and_without_signatures_tells_nothing() {
    let server = Server::start().await;
    server.record(3).await;
    let place = server.stop().await;
    let whole = fs::read(place.database()).unwrap();
    let mut headless = whole.clone();
    headless[..16].fill(b'x');
    let changes = [
        (Change::Bytes(Vec::new()), "has nothing in it"),
        (
            Change::Bytes(b"minutes of the meeting\n".repeat(100)),
            "is no SQLite database",
        ),
        (Change::Bytes(headless), "is no SQLite database"),
        (
            Change::Bytes(whole[..PAGE_LEN + 100].to_owned()),
            "is damaged or incomplete",
        ),
        (Change::Sql("DROP TABLE posting_block"), "is damaged or incomplete"),
        (
            Change::Sql("PRAGMA application_id = 9"),
            "is marked as the database of another program",
        ),
    ];
    for (change, expected) in &changes {
        let (code, text, error) = after(&place, &whole, change).await;
        assert_eq!(code, Some(3), "{expected}: {text} {error}");
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&report["verdict"], &report["intact"]),
            (&"NOT_INTACT".into(), &false.into())
        );
        let fault = report["fault"].as_str().unwrap();
        assert!(fault.contains(expected), "{fault}");
        assert!(
            fault.contains("has signed checkpoints of decisions up to 3 and of operations up to 1"),
            "{fault}"
        );
    }
    fs::write(place.checkpoint_file(), "").unwrap();
    for (change, _) in &changes {
        let (code, text, error) = after(&place, &whole, change).await;
        assert_eq!((code, text.as_str()), (Some(1), ""), "{error}");
    }
}
