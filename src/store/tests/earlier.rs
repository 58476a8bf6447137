use std::{
    collections::BTreeSet,
    fs,
    sync::{Arc, Once},
};

use super::*;
use crate::store::{Earlier, Keyed};

fn indices(found: &Keyed) -> Vec<u64> {
    let found = found.values().flat_map(|under| under.as_ref().unwrap().iter());
    found.map(|stored| stored.log_index).collect()
}

async fn look(store: &Store, job: u64) -> (Vec<u64>, u64) {
    let Earlier { found, log_end } = store.earlier(&[key(job)]).await.unwrap();
    (indices(&found), log_end)
}

async fn find_from(writer: &mut Writer, job: u64, from: u64) -> Vec<u64> {
    let mut append = writer.begin().await.unwrap();
    let found = append.find_requests([(key(job), from)]).await.unwrap();
    append.rollback().await.unwrap();
    indices(&found)
}

#[tokio::test]
async fn what_is_committed_is_found_beside_the_writer_who_has_to_look_only_at_what_came_since() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    assert_eq!(look(&store, 0).await, (vec![], 0));
    record(&mut writer, 40).await.unwrap();
    let asked: Vec<[Term; 2]> = (0..60).map(key).collect();
    let Earlier { found, log_end } = store.earlier(&asked).await.unwrap();
    let found: BTreeSet<u64> = indices(&found).into_iter().collect();
    assert_eq!((found, log_end), ((0..40).collect(), 40));

    record(&mut writer, 5).await.unwrap();
    for (job, from, expected) in [
        (42, 40, vec![42]),
        (42, 43, vec![]),
        (42, 45, vec![]),
        (7, 0, vec![7]),
        (7, 40, vec![]),
        (7, u64::MAX, vec![]),
    ] {
        assert_eq!(find_from(&mut writer, job, from).await, expected, "{job} from {from}");
    }
    // The same key, looked for from two places, is found from the first of them on.
    let mut append = writer.begin().await.unwrap();
    let found = append.find_requests([(key(42), 43), (key(42), 40)]).await.unwrap();
    assert_eq!(indices(&found), [42]);
}

#[tokio::test]
async fn it_is_looked_for_in_runs_as_in_the_tail_from_any_place_on() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let jobs = 50;
    let made = |index: u64| {
        let at = i64::try_from(index).unwrap();
        (Projection::new(id(index), at, key(index % jobs)), text(index))
    };
    for _ in 0..5 {
        append_next(&mut writer, 500, made).await.unwrap();
    }
    let every = |from: u64| -> Vec<u64> { (from..2500).filter(|index| index % jobs == 3).collect() };
    assert_eq!(look(&store, 3).await, (every(0), 2500));
    for from in [0, 3, 4, 1999, 2047, 2048, 2053, 2054, 2453, 2454] {
        assert_eq!(find_from(&mut writer, 3, from).await, every(from), "{from}");
    }
}

#[tokio::test]
async fn a_key_whose_transaction_is_under_way_is_left_to_the_writer() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 3).await.unwrap();
    let (projection, record) = (projection(3), text(3));
    let row = NewDecision {
        log_index: 3,
        projection: &projection,
        record: &record,
    };
    let mut append = writer.begin().await.unwrap();
    append.append(&[row]).await.unwrap();
    assert_eq!(look(&store, 3).await, (vec![], 3));
    append.commit().await.unwrap();
    assert_eq!(find_from(&mut writer, 3, 3).await, [3]);
    assert_eq!(look(&store, 3).await, (vec![3], 4));
}

#[tokio::test]
async fn a_key_whose_transaction_failed_is_found_where_it_is_recorded_at_last() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 3).await.unwrap();
    let limit = writer.page_limit();
    limit.set(Some(1));
    record(&mut writer, 50).await.unwrap_err();
    for job in [3, 52] {
        assert_eq!(look(&store, job).await, (vec![], 3));
        assert_eq!(find_from(&mut writer, job, 3).await, [0; 0]);
    }
    limit.set(None);
    record(&mut writer, 1).await.unwrap();
    assert_eq!(find_from(&mut writer, 3, 3).await, [3]);
    assert_eq!(look(&store, 3).await, (vec![3], 4));
}

#[tokio::test]
async fn what_was_committed_to_a_file_that_was_moved_is_not_given_before_the_file_is_back() {
    let place = Place::new();
    let away = place.beside(".away");
    let (store, mut writer) = place.open().await;
    record(&mut writer, 3).await.unwrap();
    // The decision is on its way when the file is moved.
    let moved = Arc::new(Once::new());
    let (once, from, to) = (Arc::clone(&moved), place.path(), away.clone());
    let mut handle = writer.connection_mut().lock_handle().await.unwrap();
    handle.set_update_hook(move |_| once.call_once(|| fs::rename(&from, &to).unwrap()));
    drop(handle);
    let error = record(&mut writer, 1).await.unwrap_err();
    assert!(matches!(error, WriteError::Moved { .. }), "{error:?}");
    assert!(moved.is_completed());
    assert_eq!(look(&store, 3).await, (vec![], 0));
    assert_eq!(look(&store, 0).await, (vec![], 0));

    fs::rename(&away, place.path()).unwrap();
    // How the transaction ended is found out by the next.
    assert_eq!(look(&store, 3).await, (vec![3], 3));
    assert_eq!(find_from(&mut writer, 3, 3).await, [3]);
    writer.probe().await.unwrap();
    assert_eq!(look(&store, 3).await, (vec![3], 4));
}

#[tokio::test]
async fn a_new_key_reads_nothing_and_a_key_that_cannot_be_read_is_an_error() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 3).await.unwrap();
    store.close().await;
    assert_eq!(look(&store, 3).await, (vec![], 3));
    store.earlier(&[key(3), key(2)]).await.unwrap_err();
}

#[tokio::test]
async fn without_a_writer_beside_it_a_store_looks_for_nothing() {
    let place = Place::new();
    place.closed(3).await;
    let reader = Store::open_reading(&place.path()).await.unwrap();
    assert_eq!(look(&reader, 2).await, (vec![], 0));
}
