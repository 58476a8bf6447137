//! Records far larger than usual, which are read by themselves.

use std::collections::BTreeSet;

use super::*;
use crate::{
    history::{Cursor, Filter, Order, PageSize, TimeRange},
    store::{Stored, Unread},
};

/// Decisions of which every third has a record of 20 KB, and every tenth one of 700.
fn large(log_index: u64) -> String {
    let len = match log_index {
        index if index.is_multiple_of(10) => 700_000,
        index if index.is_multiple_of(3) => 20_000,
        _ => 100,
    };
    format!("{log_index}{}", "x".repeat(len))
}

async fn recorded(place: &Place) -> (Store, Writer) {
    let (store, mut writer) = place.open().await;
    append_next(&mut writer, 40, |index| (projection(index), large(index)))
        .await
        .unwrap();
    (store, writer)
}

/// All decisions with the filter, whole, and of how many the pages were.
async fn pages(store: &Store, filter: &Filter, order: Order) -> (Vec<Stored>, Vec<usize>) {
    let (mut found, mut counts) = (Vec::new(), Vec::new());
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = store
            .page(filter, order, cursor, PageSize::DEFAULT, Some)
            .await
            .unwrap();
        counts.push(page.items.len());
        found.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return (found, counts);
        }
    }
}

fn expected(having: impl Fn(&u64) -> bool) -> Vec<Stored> {
    let having = (0..40).filter(having);
    having
        .map(|log_index| Stored {
            log_index,
            record: large(log_index),
        })
        .collect()
}

#[tokio::test]
async fn large_records_are_found_whole_and_in_order_among_small_ones() {
    let place = Place::new();
    let (store, _writer) = recorded(&place).await;
    let everything = (Filter::default(), expected(|_| true));
    let device = Filter::new(vec![Term::device("PC-0")], TimeRange::default());
    let device = (device, expected(|index| index.is_multiple_of(10)));
    for (filter, mut expected) in [everything, device] {
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let (found, counts) = pages(&store, &filter, order).await;
            assert_eq!(found, expected, "{order:?}");
            // Four of 700 KB are above what a page has.
            assert!(counts.len() == 1 || counts.iter().all(|&count| count > 0), "{counts:?}");
            expected.reverse();
        }
    }
}

#[tokio::test]
async fn an_earlier_request_with_a_large_record_is_found_whole() {
    let place = Place::new();
    let (_store, mut writer) = recorded(&place).await;
    let mut append = writer.begin().await.unwrap();
    let found = append.find_requests([(key(10), 0), (key(11), 0)]).await.unwrap();
    let records = found.values().flat_map(|under| under.as_ref().unwrap().iter());
    let records: Vec<&str> = records.map(|stored| stored.record.as_str()).collect();
    assert_eq!(found.len(), 2);
    assert!(records.contains(&large(10).as_str()) && records.contains(&large(11).as_str()));
}

#[tokio::test]
async fn earlier_requests_with_large_records_are_found_as_many_at_a_time_as_there_is_room_for() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let count = 11;
    let made = |index| (projection(index), "x".repeat(3_000_000));
    append_next(&mut writer, count, made).await.unwrap();
    let mut keys: Vec<[Term; 2]> = (0..count).map(key).collect();
    let (mut looks, mut found) = (Vec::new(), Vec::new());
    while !keys.is_empty() {
        let earlier = store.earlier(&keys).await.unwrap();
        let (read, left): (Vec<_>, Vec<_>) = earlier.found.into_iter().partition(|(_, under)| under.is_ok());
        looks.push(read.len());
        found.extend(read.into_iter().flat_map(|(_, under)| under.unwrap().to_vec()));
        assert!(left.iter().all(|(_, under)| *under == Err(Unread::TooMuch)));
        keys = left.into_iter().map(|(key, _)| key).collect();
    }
    assert_eq!(looks, [6, 5]);
    let found: BTreeSet<u64> = found.iter().map(|stored| stored.log_index).collect();
    assert_eq!(found, (0..count).collect());
}

#[tokio::test]
async fn rows_that_are_not_believed_come_in_parts_where_they_are_large() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    for _ in 0..4 {
        let made = |index| (projection(index), "x".repeat(3_000_000));
        append_next(&mut writer, 1, made).await.unwrap();
    }
    let mut lens = Vec::new();
    let mut from = 0;
    while from < 4 {
        let rows = store.raw_decisions(from, 1024).await.unwrap();
        assert!(rows.iter().all(|row| row.record.len() == 3_000_000));
        lens.push(rows.len());
        from += rows.len() as u64;
    }
    assert_eq!(lens, [3, 1]);
}
