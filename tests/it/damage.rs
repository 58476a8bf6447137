//! Files whose bytes were changed below the rows: what SQLite would not say by itself, `verify` does.

use std::fs;

use crate::tamper::Pristine;

/// Bytes of a page, as the program sets it.
const PAGE_LEN: usize = 32_768;
/// The first byte of a page that leads to other pages of a table.
const INTERIOR: u8 = 5;

/// The place of the last byte of a key in the middle of the page that `decision` begins with: up to that key the log goes one way, behind it another.
fn middle_key(file: &[u8], root: usize) -> usize {
    let page = (root - 1) * PAGE_LEN;
    assert_eq!(file[page], INTERIOR, "the log has more than a page");
    let number = |place: usize| usize::from(file[place]) << 8 | usize::from(file[place + 1]);
    // Behind the head the places of the cells; in a cell four bytes for a page, and the key, seven bits to a byte.
    let cells = number(page + 3);
    let key_of = |cell: usize| {
        let key = page + number(page + 12 + 2 * cell) + 4;
        (key..).find(|place| file[*place] < 0x80).unwrap()
    };
    (cells / 2..cells).map(key_of).find(|key| file[*key] > 0).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_leads_past_a_decision_is_named_though_every_row_is_there() {
    let pristine = Pristine::make().await;
    let copy = pristine.copy();
    let mut connection = copy.sql().await;
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'decision'";
    let root: i64 = sqlx::query_scalar(root).fetch_one(&mut connection).await.unwrap();
    drop(connection);
    let mut file = fs::read(copy.database()).unwrap();
    let key = middle_key(&file, usize::try_from(root).unwrap());
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
