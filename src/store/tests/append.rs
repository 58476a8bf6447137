use super::*;
use crate::store::{Append, Stored};

async fn find(append: &mut Append<'_>, job: u64) -> Vec<Stored> {
    let mut found = append.find_requests([(key(job), 0)]).await.unwrap();
    found
        .remove(&key(job))
        .map_or_else(Vec::new, |under| under.unwrap().to_vec())
}

#[tokio::test]
async fn what_was_committed_reads_back_by_id_and_request() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    assert_eq!(store.size(Log::Decisions).await.unwrap(), 0);
    for count in [1, 2, 31, 70] {
        record(&mut writer, count).await.unwrap();
    }
    assert_holds(&store, 104).await;
    let stored = Stored {
        log_index: 77,
        record: text(77),
    };
    assert_eq!(store.by_id(id(104)).await.unwrap(), None);
    let mut append = writer.begin().await.unwrap();
    assert_eq!(find(&mut append, 77).await, [stored]);
    assert_eq!(find(&mut append, 104).await, []);
    assert_eq!(append.last_decided_at_us(), Some(103));
}

#[tokio::test]
async fn many_requests_are_found_at_once_each_with_all_of_its_decisions() {
    let place = Place::new();
    let (_store, mut writer) = place.open().await;
    record(&mut writer, 40).await.unwrap();
    let mut append = writer.begin().await.unwrap();
    let shared = Projection::new(id(40), 40, key(7));
    let again = NewDecision {
        log_index: 40,
        projection: &shared,
        record: "{}",
    };
    append.append(&[again]).await.unwrap();
    let asked = (0..300).map(|job| (key(job % 60), 0));
    let found = append.find_requests(asked).await.unwrap();
    for job in 0..60 {
        let stored = found.get(&key(job)).into_iter();
        let stored = stored.flat_map(|under| under.as_ref().unwrap().iter());
        let indices: Vec<u64> = stored.map(|stored| stored.log_index).collect();
        let expected: Vec<u64> = match job {
            7 => vec![7, 40],
            job if job < 40 => vec![job],
            _ => vec![],
        };
        assert_eq!(indices, expected, "{job}");
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_or_rolled_back_leaves_nothing() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 3).await.unwrap();
    for rolled_back in [false, true] {
        let mut append = writer.begin().await.unwrap();
        let (projection, record) = (projection(3), text(3));
        let row = NewDecision {
            log_index: 3,
            projection: &projection,
            record: &record,
        };
        append.append(&[row]).await.unwrap();
        append.put_catalogue("d1", b"c").unwrap();
        if rolled_back {
            append.rollback().await.unwrap();
        } else {
            drop(append);
        }
        let next = writer.begin().await.unwrap();
        assert_eq!(next.next_index(), 3);
        next.rollback().await.unwrap();
        assert_eq!(store.catalogue("d1").await.unwrap(), None);
    }
    record(&mut writer, 1).await.unwrap();
    assert_holds(&store, 4).await;
}

#[tokio::test]
async fn decisions_that_do_not_continue_the_log_are_refused_whole() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    record(&mut writer, 5).await.unwrap();
    let earlier = Projection::new(id(6), 3, []);
    for (indices, projections) in [
        ([6, 7], [projection(6), projection(7)]),
        ([4, 5], [projection(4), projection(5)]),
        ([5, 7], [projection(5), projection(7)]),
        ([5, 6], [projection(5), earlier]),
    ] {
        let rows = [0, 1].map(|place| NewDecision {
            log_index: indices[place],
            projection: &projections[place],
            record: "{}",
        });
        let mut append = writer.begin().await.unwrap();
        let refused = append.append(&rows).await;
        assert!(
            matches!(refused, Err(WriteError::OutOfOrder { .. })),
            "{indices:?} {refused:?}"
        );
        append.commit().await.unwrap();
    }
    assert_holds(&store, 5).await;
}

#[tokio::test]
async fn a_catalogue_stays_as_it_was_first_kept() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    for bytes in [b"first".as_slice(), b"second"] {
        let mut append = writer.begin().await.unwrap();
        append.put_catalogue("d1", bytes).unwrap();
        append.commit().await.unwrap();
    }
    assert_eq!(
        store.catalogue("d1").await.unwrap().as_deref(),
        Some(b"first".as_slice())
    );
    assert_eq!(store.catalogue("d2").await.unwrap(), None);
}

#[tokio::test]
async fn a_commit_is_in_the_next_read_of_every_connection() {
    let place = Place::new();
    let (store, mut writer) = place.open().await;
    let reader = Store::open_reading(&place.path()).await.unwrap();
    for count in 1..=20 {
        record(&mut writer, 1).await.unwrap();
        assert_eq!(store.size(Log::Decisions).await.unwrap(), count);
        assert_eq!(reader.size(Log::Decisions).await.unwrap(), count);
    }
}

#[tokio::test]
async fn a_request_id_that_many_callers_use_is_found_for_each_alone() {
    let place = Place::new();
    let (_store, mut writer) = place.open().await;
    let shared = |caller: u64| [Term::request("reimage"), Term::caller(&format!("PC-{caller}"))];
    let made = |index: u64| {
        let at = i64::try_from(index).unwrap();
        (Projection::new(id(index), at, shared(index % 3000)), text(index))
    };
    for _ in 0..8 {
        append_next(&mut writer, 500, made).await.unwrap();
    }
    let mut append = writer.begin().await.unwrap();
    for (caller, expected) in [
        (0, vec![0, 3000]),
        (999, vec![999, 3999]),
        (1000, vec![1000]),
        (3000, vec![]),
    ] {
        let found = append.find_requests([(shared(caller), 0)]).await.unwrap();
        let found = found[&shared(caller)].as_ref().unwrap().iter();
        let found: Vec<u64> = found.map(|stored| stored.log_index).collect();
        assert_eq!(found, expected, "{caller}");
    }
}
