use proptest::prelude::*;
use sqlx::{AssertSqlSafe, Row as _};

use super::*;
use crate::{
    history::{Cursor, Filter, Order, Page, PageSize, TimeRange},
    store::{Stored, decision, moment, posting, search},
};

const ORDERS: [Order; 2] = [Order::NewestFirst, Order::OldestFirst];

/// A decision's facts, small numbers each, so that they often meet.
#[derive(Clone, Debug)]
struct Facts {
    /// One for each kind of term but the product's levels.
    of_kind: [u8; 9],
    product: [u8; 3],
    since_last_us: i64,
}

fn facts() -> impl Strategy<Value = Facts> {
    let parts = (prop::array::uniform9(0..3u8), prop::array::uniform3(0..2u8), 0..3i64);
    parts.prop_map(|(of_kind, product, since_last_us)| Facts {
        of_kind,
        product,
        since_last_us,
    })
}

/// The term of the given kind with the given fact.
fn term(kind: usize, fact: u8) -> Term {
    let fact = fact.to_string();
    match kind {
        0 => Term::request(&fact),
        1 => Term::device(&fact),
        2 => Term::label("site", &fact),
        3 => Term::image(&fact),
        4 => Term::condition(&fact),
        5 => Term::basis(&fact),
        6 => Term::verdict(&fact),
        7 => Term::caller(&fact),
        _ => Term::edition(&fact),
    }
}

fn products(facts: &Facts) -> Vec<Term> {
    let [family, version, edition] = facts.product.map(|fact| fact.to_string());
    Term::product_levels(&family, Some(&version), Some(&edition))
}

fn terms(facts: &Facts) -> Vec<Term> {
    let of_kind = facts.of_kind.iter().enumerate().map(|(kind, &fact)| term(kind, fact));
    of_kind.chain(products(facts)).collect()
}

/// Records decisions with these facts and gives the naive model: when each was made, and its terms.
async fn recorded(writer: &mut Writer, all: &[Facts]) -> Vec<(i64, Vec<Term>)> {
    let mut now_us = 100;
    let mut model = Vec::new();
    for facts in all {
        now_us += facts.since_last_us;
        model.push((now_us, terms(facts)));
    }
    let made = |index: u64| {
        let (at, terms) = &model[usize::try_from(index).unwrap()];
        (Projection::new(id(index), *at, terms.clone()), "{}".to_owned())
    };
    append_next(writer, model.len() as u64, made).await.unwrap();
    model
}

/// Holds its start, and not its end.
fn holds(range: TimeRange, at_us: i64) -> bool {
    range.after_us.is_none_or(|after| after <= at_us) && range.before_us.is_none_or(|before| at_us < before)
}

fn expected(model: &[(i64, Vec<Term>)], filter: &Filter, order: Order) -> Vec<u64> {
    let matches = |(at, terms): &(i64, Vec<Term>)| {
        holds(filter.within(), *at) && filter.terms().iter().all(|term| terms.contains(term))
    };
    let mut found: Vec<u64> = (0..)
        .zip(model)
        .filter(|(_, decision)| matches(decision))
        .map(|(index, _)| index)
        .collect();
    if order == Order::NewestFirst {
        found.reverse();
    }
    found
}

async fn page(store: &Store, filter: &Filter, order: Order, cursor: Option<Cursor>, size: u32) -> Page<u64> {
    let size = PageSize::parse(size).unwrap();
    store
        .page(filter, order, cursor, size, |stored| Some(stored.log_index))
        .await
        .unwrap()
}

/// Every page of a filter, one after another.
async fn all_pages(store: &Store, filter: &Filter, order: Order, size: u32) -> Vec<u64> {
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = page(store, filter, order, cursor, size).await;
        assert!(page.items.len() <= usize::try_from(size).unwrap());
        found.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return found;
        }
    }
}

/// Every single term there is, every pair of kinds, all of one decision's, and terms that nothing has.
fn term_sets(all: &[Facts]) -> Vec<Vec<Term>> {
    let mut sets = vec![vec![], vec![Term::device("nobody's")]];
    for kind in 0..9 {
        sets.extend((0..3).map(|fact| vec![term(kind, fact)]));
    }
    for facts in all.iter().take(1) {
        let terms = terms(facts);
        for (place, &first) in terms.iter().enumerate() {
            sets.extend(terms.iter().skip(place).map(|&second| vec![second, first]));
        }
        sets.push(terms);
    }
    sets
}

async fn filters_agree_with_the_model(all: &[Facts], range: TimeRange, size: u32) {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let model = recorded(&mut writer, all).await;
    for terms in term_sets(all) {
        for within in [TimeRange::default(), range] {
            let filter = Filter::new(terms.iter().copied(), within);
            for order in ORDERS {
                let found = all_pages(&store, &filter, order, size).await;
                assert_eq!(found, expected(&model, &filter, order), "{filter:?} {order:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn every_filter_alone_and_in_pairs_finds_what_a_naive_search_finds(
        all in prop::collection::vec(facts(), 0..25),
        after_us in prop::option::of(98..140i64),
        before_us in prop::option::of(98..140i64),
        size in 2..8u32,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(filters_agree_with_the_model(&all, TimeRange { after_us, before_us }, size));
    }
}

#[tokio::test]
async fn pages_stay_as_they_were_while_decisions_arrive() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 20).await.unwrap();
    let filter = Filter::new([Term::edition("2011-02")], TimeRange::default());
    let (mut newest, mut oldest) = (vec![], vec![]);
    let (mut newest_at, mut oldest_at) = (None, None);
    for _ in 0..5 {
        let back = page(&store, &filter, Order::NewestFirst, newest_at, 4).await;
        let forth = page(&store, &filter, Order::OldestFirst, oldest_at, 4).await;
        record(&mut writer, 3).await.unwrap();
        newest.extend(back.items);
        oldest.extend(forth.items);
        (newest_at, oldest_at) = (back.next, forth.next);
    }
    assert_eq!(newest, (0..20).rev().collect::<Vec<_>>());
    assert_eq!(newest_at, None);
    assert_eq!(oldest, (0..20).collect::<Vec<_>>());
    let rest = page(&store, &filter, Order::OldestFirst, oldest_at, 50).await;
    assert_eq!(rest.items, (20..35).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_last_page_has_no_next_even_when_it_is_full() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 8).await.unwrap();
    let first = page(&store, &Filter::default(), Order::OldestFirst, None, 4).await;
    assert_eq!(first.next, Some(Cursor::behind(3)));
    let last = page(&store, &Filter::default(), Order::OldestFirst, first.next, 4).await;
    assert_eq!((last.items, last.next), (vec![4, 5, 6, 7], None));
    for (order, cursor) in [
        (Order::OldestFirst, u64::MAX),
        (Order::OldestFirst, 7),
        (Order::NewestFirst, 0),
    ] {
        let behind = page(&store, &Filter::default(), order, Some(Cursor::behind(cursor)), 4).await;
        assert_eq!((behind.items, behind.next), (vec![], None), "{order:?} {cursor}");
    }
}

#[tokio::test]
async fn decisions_that_only_share_a_number_with_the_term_are_left_out() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 40).await.unwrap();
    let even = |stored: Stored| stored.log_index.is_multiple_of(2).then_some(stored.log_index);
    let size = PageSize::parse(7).unwrap();
    for order in ORDERS {
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = store.page(&Filter::default(), order, cursor, size, even).await.unwrap();
            assert!(page.items.len() == 7 || page.next.is_none());
            found.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        found.sort_unstable();
        assert_eq!(found, (0..40).step_by(2).collect::<Vec<_>>(), "{order:?}");
    }
}

#[tokio::test]
async fn a_page_that_refuses_very_many_ends_early_and_says_where_to_go_on() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let plain = |index: u64| {
        let at = i64::try_from(index).unwrap();
        (Projection::new(id(index), at, []), "{}".to_owned())
    };
    append_next(&mut writer, 10_100, plain).await.unwrap();
    let last = |stored: Stored| (stored.log_index >= 10_090).then_some(stored.log_index);
    let mut cursor = None;
    let mut found = Vec::new();
    let mut pages = 0;
    while pages == 0 || cursor.is_some() {
        let size = PageSize::MAX;
        let page = store
            .page(&Filter::default(), Order::OldestFirst, cursor, size, last)
            .await
            .unwrap();
        found.extend(page.items);
        cursor = page.next;
        pages += 1;
    }
    assert_eq!((pages, found), (2, (10_090..10_100).collect()));
}

#[tokio::test]
async fn a_page_of_large_records_ends_early_and_says_where_to_go_on() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let large = |index: u64| {
        let at = i64::try_from(index).unwrap();
        let terms = [Term::edition("2011-02")];
        (Projection::new(id(index), at, terms), "x".repeat(1 << 20))
    };
    append_next(&mut writer, 10, large).await.unwrap();
    for terms in [vec![], vec![Term::edition("2011-02")]] {
        let filter = Filter::new(terms, TimeRange::default());
        let first = page(&store, &filter, Order::OldestFirst, None, 50).await;
        assert_eq!((first.items, first.next), (vec![0, 1, 2, 3], Some(Cursor::behind(3))));
        let all = all_pages(&store, &filter, Order::NewestFirst, 50).await;
        assert_eq!(all, (0..10).rev().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_page_is_read_in_parts_of_any_size() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 200).await.unwrap();
    for terms in [vec![], vec![Term::edition("2011-02")]] {
        let filter = Filter::new(terms, TimeRange::default());
        for size in [63, 64, 65, 127, 128, 199, 200] {
            let expected: Vec<u64> = (0..200).collect();
            assert_eq!(
                all_pages(&store, &filter, Order::OldestFirst, size).await,
                expected,
                "{size}"
            );
            let newest = all_pages(&store, &filter, Order::NewestFirst, size).await;
            assert_eq!(newest, (0..200).rev().collect::<Vec<_>>(), "{size}");
        }
    }
}

/// Every statement that a search is made of, and the index that serves it. None reads a table from one end to the other, but for the
/// few rows that say which runs there are and the short tail that no run holds yet.
#[tokio::test]
async fn every_statement_of_a_search_is_served_by_a_key() {
    const RUNS: &str = "SCAN posting_run";
    const IN_ORDER: &str = "USE TEMP B-TREE FOR ORDER BY";
    const BLOCK: &str =
        "SEARCH posting_block USING INDEX sqlite_autoindex_posting_block_1 (run=? AND (first_term,first_index)";
    const PART: &str = "SEARCH decision USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)";
    let place = Place::new();
    let (store, _writer) = place.open().await;
    let mut connection = store.connection().await.unwrap();
    let expected: [(&str, &[&str]); 10] = [
        (posting::IN_USE_SQL, &[RUNS, IN_ORDER]),
        (posting::TAIL_SQL, &["SCAN posting_tail"]),
        (posting::FLOOR_SQL, &[&format!("{BLOCK}<(?,?))")]),
        (
            posting::FLOORS_SQL,
            &[
                "SCAN asked VIRTUAL TABLE INDEX 1:",
                "CORRELATED SCALAR SUBQUERY 1",
                &format!("{BLOCK}<(?,?))"),
                IN_ORDER,
            ],
        ),
        (posting::CEILING_SQL, &[&format!("{BLOCK}>(?,?))")]),
        (posting::BLOCKS_SQL, &[&format!("{BLOCK}>(?,?))")]),
        (search::UP_SQL, &[PART]),
        (search::DOWN_SQL, &[PART]),
        (
            search::LISTED_SQL,
            &[
                "SCAN listed VIRTUAL TABLE INDEX 1:",
                "SEARCH d USING INTEGER PRIMARY KEY (rowid=?)",
                IN_ORDER,
            ],
        ),
        (
            decision::BY_ID_SQL,
            &[
                PART,
                "SCALAR SUBQUERY 1",
                "SEARCH decision USING INTEGER PRIMARY KEY (rowid>?)",
            ],
        ),
    ];
    for (sql, expected) in expected {
        assert_eq!(plan(&mut connection, sql).await, expected, "{sql}");
    }
    // `SCAN decision` is for the last row only.
    let halving = plan(&mut connection, moment::FIRST_AT_SQL).await;
    let table = halving
        .iter()
        .filter(|step| step.contains("decision") || step.contains(" d "));
    let table: Vec<&str> = table.map(String::as_str).collect();
    assert_eq!(table, ["SCAN decision", "SEARCH d USING INTEGER PRIMARY KEY (rowid=?)"]);
}

async fn plan(connection: &mut sqlx::SqliteConnection, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = sqlx::query(sql).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| row.get("detail")).collect()
}
