//! The index while it is folded and merged, whatever the sizes of transactions.

use proptest::prelude::*;
use sqlx::Connection as _;

use super::*;
use crate::{
    history::{Cursor, Filter, Order, PageSize, TimeRange},
    store::{Migrated, migrate},
};

/// Decision n of a log in which one device comes back now and then, and every third has a label.
fn of(log_index: u64) -> Projection {
    let mut terms = Vec::from(key(log_index));
    terms.extend([
        Term::device(&format!("PC-{}", log_index % 997)),
        Term::verdict("PERMITTED"),
    ]);
    terms.extend(log_index.is_multiple_of(3).then(|| Term::label("site", "Oslo")));
    Projection::new(id(log_index), i64::try_from(log_index).unwrap(), terms)
}

async fn append(writer: &mut Writer, count: u64) {
    let appended = append_next(writer, count, |index| (of(index), "{}".to_owned()));
    appended.await.unwrap();
}

/// The first 20 decisions with the terms behind a cursor, in as many pages as it takes: a search that reads very much ends early.
async fn first_20(store: &Store, terms: &[Term], order: Order, mut cursor: Option<Cursor>) -> Vec<u64> {
    let filter = Filter::new(terms.iter().copied(), TimeRange::default());
    let mut found = Vec::new();
    loop {
        let size = PageSize::parse(20).unwrap();
        let page = store.page(&filter, order, cursor, size, |stored| Some(stored.log_index));
        let page = page.await.unwrap();
        found.extend(page.items);
        cursor = page.next;
        if found.len() >= 20 || cursor.is_none() {
            found.truncate(20);
            return found;
        }
    }
}

async fn count_by(store: &Store, sql: &'static str) -> i64 {
    let mut connection = store.connection().await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&mut *connection).await.unwrap()
}

async fn count_runs(store: &Store) -> i64 {
    count_by(store, "SELECT count(*) FROM posting_run").await
}

#[tokio::test]
async fn rows_that_somebody_put_into_the_index_stop_nothing_and_are_not_mixed_with_its_own() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    append(&mut writer, 10).await;
    let foreign = "INSERT INTO posting_run VALUES (9223372036854775807, 0, 300, 2), (-7, 0, 300, 2); \
        INSERT INTO posting_block SELECT value, 1, 1, x'00' FROM json_each('[1, 2, 3, 9, -1, 9223372036854775806]')";
    sqlx::raw_sql(foreign).execute(writer.connection_mut()).await.unwrap();
    close(store, writer).await;
    let (store, mut writer) = place.open().await;
    assert_eq!(count_by(&store, "SELECT count(*) FROM posting_block").await, 0);
    for _ in 0..300 {
        append(&mut writer, 1).await;
    }
    assert_whole(&store, 310).await;
    let strange = "SELECT count(*) FROM posting_run WHERE run NOT BETWEEN 1 AND 1000";
    assert_eq!(count_by(&store, strange).await, 0);
    assert_eq!(store.strays().await.unwrap(), None);
    close(store, writer).await;
}

/// That the index has exactly the postings of decisions 0 to `count`.
async fn assert_whole(store: &Store, count: u64) {
    let mut connection = store.connection().await.unwrap();
    let mut found = Vec::new();
    posting::walk(&mut connection, i64::MAX, |posting| found.push(posting))
        .await
        .unwrap();
    found.sort_unstable();
    let mut expected = Vec::new();
    for log_index in 0..count {
        let place = i64::try_from(log_index).unwrap();
        expected.extend(of(log_index).terms().iter().map(|term| (term.stored(), place)));
    }
    expected.sort_unstable();
    assert!(found == expected, "the index of {count} decisions is not what they say");
}

async fn assert_finds(store: &Store, count: u64) {
    let (device, label) = (Term::device("PC-5"), Term::label("site", "Oslo"));
    for terms in [
        vec![device],
        vec![label],
        vec![device, label],
        vec![Term::verdict("PERMITTED"), label, device],
    ] {
        let has = |index: &u64| terms.iter().all(|term| of(*index).terms().contains(term));
        let up: Vec<u64> = (0..count).filter(has).collect();
        let first: Vec<u64> = up.iter().copied().take(20).collect();
        assert_eq!(first_20(store, &terms, Order::OldestFirst, None).await, first);
        let middle: Vec<u64> = up
            .iter()
            .rev()
            .copied()
            .filter(|&index| index < count / 2)
            .take(20)
            .collect();
        let cursor = Some(Cursor::behind(count / 2));
        assert_eq!(first_20(store, &terms, Order::NewestFirst, cursor).await, middle);
        let last: Vec<u64> = up.iter().rev().copied().take(20).collect();
        assert_eq!(first_20(store, &terms, Order::NewestFirst, None).await, last);
    }
}

#[tokio::test]
async fn a_long_log_stays_searchable_while_runs_become_larger_ones() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let mut count = 0;
    for round in 0..140 {
        append(&mut writer, 256).await;
        count += 256;
        if round % 20 == 0 {
            assert_finds(&store, count).await;
        }
    }
    assert_whole(&store, count).await;
    // Seventeen folds of 2048, of which eight have become one, and what is being made of or left by the others.
    let runs = count_runs(&store).await;
    assert!((2..=19).contains(&runs), "{runs} runs");
    close(store, writer).await;

    let (store, mut writer) = place.open().await;
    assert_finds(&store, count).await;
    for _ in 0..300 {
        append(&mut writer, 1).await;
    }
    assert_whole(&store, count + 300).await;
    let mut again = writer.begin().await.unwrap();
    let found = again.find_requests([(key(4711), 0), (key(u64::MAX), 0)]).await.unwrap();
    assert_eq!(
        found[&key(4711)]
            .as_ref()
            .unwrap()
            .iter()
            .map(|stored| stored.log_index)
            .collect::<Vec<_>>(),
        [4711]
    );
}

/// Blocks of runs that are not in use.
async fn count_useless_blocks(store: &Store) -> i64 {
    let sql = "SELECT count(*) FROM posting_block WHERE run NOT IN (SELECT run FROM posting_run WHERE state = 1)";
    count_by(store, sql).await
}

#[tokio::test]
async fn what_a_larger_run_replaced_is_gone_after_some_transactions() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    for _ in 0..8 {
        append(&mut writer, 2048).await;
    }
    let mut useless = 0;
    for _ in 0..60 {
        append(&mut writer, 200).await;
        useless = useless.max(count_useless_blocks(&store).await);
    }
    assert!(useless > 0, "nothing was merged");
    assert_eq!((count_useless_blocks(&store).await, count_runs(&store).await), (0, 6));
}

#[tokio::test]
async fn a_run_whose_writing_was_cut_off_is_gone_after_some_transactions() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    for _ in 0..8 {
        append(&mut writer, 2048).await;
    }
    let being_written = "SELECT count(*) FROM posting_block JOIN posting_run USING (run) WHERE state = 0";
    while count_by(&store, being_written).await == 0 {
        append(&mut writer, 100).await;
    }
    close(store, writer).await;

    let (store, mut writer) = place.open().await;
    assert!(count_useless_blocks(&store).await > 0);
    for _ in 0..60 {
        append(&mut writer, 200).await;
    }
    assert_eq!(count_useless_blocks(&store).await, 0);
    assert_whole(&store, store.size(Log::Decisions).await.unwrap()).await;
}

#[tokio::test]
async fn transactions_that_fail_leave_the_index_whole_whatever_was_being_made_of_it() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let mut count = 0;
    for round in 0..80 {
        append(&mut writer, 500).await;
        count += 500;
        if round % 4 == 3 {
            let connection = writer.connection_mut();
            sqlx::raw_sql("PRAGMA query_only = ON")
                .execute(connection)
                .await
                .unwrap();
            let failed = append_next(&mut writer, 500, |index| (of(index), "{}".to_owned()));
            assert!(matches!(failed.await, Err(WriteError::ReadOnly { .. })));
        }
    }
    assert_whole(&store, count).await;
    assert_finds(&store, count).await;
}

#[tokio::test]
async fn a_block_that_cannot_be_read_keeps_no_decision_from_being_recorded() {
    for damage in [
        "UPDATE posting_block SET postings = x'ff'",
        "UPDATE posting_block SET postings = x''",
    ] {
        let place = Place::new();
        let (store, mut writer) = place.open().await;
        for _ in 0..7 {
            append(&mut writer, 2048).await;
        }
        sqlx::raw_sql(damage).execute(writer.connection_mut()).await.unwrap();
        for _ in 0..40 {
            append(&mut writer, 256).await;
        }
        assert_eq!(
            store.size(Log::Decisions).await.unwrap(),
            7 * 2048 + 40 * 256,
            "{damage}"
        );
        // Nothing was taken for whole that is not.
        assert_eq!(
            count_by(&store, "SELECT count(*) FROM posting_run WHERE state = 1").await,
            12,
            "{damage}"
        );
    }
}

#[tokio::test]
async fn runs_are_merged_also_where_each_transaction_is_one() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    for _ in 0..20 {
        append(&mut writer, 2048).await;
    }
    let runs = count_by(&store, "SELECT count(*) FROM posting_run WHERE state = 1").await;
    assert!(runs < 20, "{runs} runs");
    assert_whole(&store, 20 * 2048).await;
}

async fn transactions_of_any_size(sizes: &[u64]) {
    let place = Place::new();
    let mut count = 0;
    for part in sizes.chunks(40) {
        // Opened again and again: whatever was under way is begun anew.
        let (store, mut writer) = place.open().await;
        for &size in part {
            append(&mut writer, size).await;
            count += size;
        }
        assert_whole(&store, count).await;
        assert_finds(&store, count).await;
        close(store, writer).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    #[test]
    fn whatever_the_transactions_the_index_is_whole(
        sizes in prop::collection::vec(prop_oneof![4 => 1..4u64, 1 => 1..3000u64], 1..160),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(transactions_of_any_size(&sizes));
    }
}

/// An empty database as an earlier schema had it.
async fn earlier_schema(path: &std::path::Path, version: i64) -> sqlx::SqliteConnection {
    let mut steps = sqlx::migrate!();
    steps.migrations.to_mut().retain(|step| step.version <= version);
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::raw_sql("PRAGMA application_id = 1380543847")
        .execute(&mut connection)
        .await
        .unwrap();
    steps.run(&mut connection).await.unwrap();
    connection
}

/// A database as the first schema had it, with decisions 0 to `count` in it.
async fn first_schema(path: &std::path::Path, count: u64) {
    let mut connection = earlier_schema(path, 1).await;
    for log_index in 0..count {
        let place = i64::try_from(log_index).unwrap();
        let row =
            sqlx::query("INSERT INTO decision (log_index, decision_id, decided_at, record) VALUES (?1, ?2, ?1, '{}')");
        let row = row.bind(place).bind(id(log_index).as_bytes().to_vec());
        row.execute(&mut connection).await.unwrap();
        for term in of(log_index).terms() {
            let posting = sqlx::query("INSERT INTO posting (term, log_index) VALUES (?1, ?2)");
            posting
                .bind(term.stored())
                .bind(place)
                .execute(&mut connection)
                .await
                .unwrap();
        }
    }
    connection.close().await.unwrap();
}

async fn count(path: &std::path::Path) -> i64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    // The table of the first schema.
    let count = sqlx::query_scalar("SELECT count(DISTINCT log_index) FROM posting");
    count.fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn a_database_of_the_first_schema_is_brought_up_whole_when_asked_and_kept_as_it_was() {
    let place = Place::new();
    first_schema(&place.path(), 700).await;
    let refused = crate::store::Store::open_owned(&place.path(), None).await.unwrap_err();
    assert!(refused.to_string().contains("`reimage-rights migrate`"), "{refused}");
    let before = count(&place.path()).await;
    // What an attempt left behind that was cut off.
    let earlier = place.path().with_file_name("log.db.schema-1");
    std::fs::write(&earlier, "kept").unwrap();
    let Migrated::Kept(kept) = migrate(&place.path()).await.unwrap() else {
        panic!("nothing was done");
    };
    assert!(kept.to_string_lossy().ends_with(".schema-1-1"), "{}", kept.display());
    assert_eq!(std::fs::read(&earlier).unwrap(), b"kept");
    assert_eq!((before, count(&kept).await), (700, 700));
    assert_eq!(migrate(&place.path()).await.unwrap(), Migrated::Current);
    let (store, mut writer) = place.open().await;
    assert_eq!(store.size(Log::Decisions).await.unwrap(), 700);
    assert_whole(&store, 700).await;
    assert_finds(&store, 700).await;
    assert_eq!(store.by_id(id(699)).await.unwrap().unwrap().log_index, 699);
    append(&mut writer, 2000).await;
    assert_whole(&store, 2700).await;
    assert_finds(&store, 2700).await;
}

#[tokio::test]
async fn runs_of_an_earlier_schema_are_brought_up_whole() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    append(&mut writer, 5000).await;
    close(store, writer).await;
    let earlier = Place::new();
    let mut connection = earlier_schema(&earlier.path(), 3).await;
    let attach = sqlx::query("ATTACH ?1 AS now").bind(place.path().to_string_lossy().into_owned());
    attach.execute(&mut connection).await.unwrap();
    let copy = "INSERT INTO main.decision SELECT * FROM now.decision; INSERT INTO main.posting_tail SELECT * FROM now.posting_tail; \
        INSERT INTO main.posting_run SELECT * FROM now.posting_run; INSERT INTO main.posting_block SELECT * FROM now.posting_block; \
        INSERT INTO main.tile SELECT * FROM now.tile;";
    sqlx::raw_sql(copy).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    assert!(matches!(migrate(&earlier.path()).await.unwrap(), Migrated::Kept(_)));
    let (store, mut writer) = earlier.open().await;
    assert!(count_by(&store, "SELECT count(DISTINCT run) FROM posting_block").await > 0);
    assert_whole(&store, 5000).await;
    assert_finds(&store, 5000).await;
    append(&mut writer, 2000).await;
    assert_whole(&store, 7000).await;
}

#[tokio::test]
async fn a_long_tail_is_folded_when_a_database_is_opened() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    append(&mut writer, 300).await;
    let mut in_rows = sqlx::Connection::begin(writer.connection_mut()).await.unwrap();
    sqlx::raw_sql("DELETE FROM posting_tail")
        .execute(&mut *in_rows)
        .await
        .unwrap();
    for log_index in 0..300 {
        let terms = of(log_index);
        let mut terms: Vec<i64> = terms.terms().iter().map(|term| term.stored()).collect();
        terms.sort_unstable();
        let postings = terms
            .iter()
            .flat_map(|term| [&term.to_be_bytes()[..], &[0; 4]].concat());
        let row = sqlx::query("INSERT INTO posting_tail (first_index, length, postings) VALUES (?1, 1, ?2)");
        let row = row.bind(log_index.cast_signed()).bind(postings.collect::<Vec<u8>>());
        row.execute(&mut *in_rows).await.unwrap();
    }
    in_rows.commit().await.unwrap();
    close(store, writer).await;

    let (store, _writer) = place.open().await;
    assert_eq!(count_by(&store, "SELECT count(*) FROM posting_tail").await, 44);
    assert_whole(&store, 300).await;
    assert_finds(&store, 300).await;
}
