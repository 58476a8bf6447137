//! The store's promises, each against real files in a folder of its own.

mod append;
mod earlier;
mod faults;
mod index;
mod large;
mod open;
mod owner;
mod search;

use std::path::PathBuf;

use tempfile::TempDir;
use uuid::Uuid;

use super::{NewDecision, Store, WriteError, Writer, posting};
use crate::{
    audit::Log,
    history::{Projection, Term, decision_id},
};

/// A folder with room for a database, gone when dropped.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("log.db")
    }

    fn beside(&self, extension: &str) -> PathBuf {
        self.folder.path().join(format!("log.db{extension}"))
    }

    async fn open(&self) -> (Store, Writer) {
        Store::open_owned(&self.path(), None).await.unwrap()
    }

    /// A database with decisions 0 to `count`, closed in good order.
    async fn closed(&self, count: u64) {
        let (store, mut writer) = self.open().await;
        record(&mut writer, count).await.unwrap();
        close(store, writer).await;
    }
}

async fn close(store: Store, writer: Writer) {
    store.close().await;
    writer.close().await.unwrap();
}

fn id(log_index: u64) -> Uuid {
    decision_id(i64::try_from(log_index).unwrap(), [0; 10])
}

/// The terms of a key: one caller's request `job-n`.
fn key(job: u64) -> [Term; 2] {
    [Term::request(&format!("job-{job}")), Term::caller("local")]
}

/// Decision n is made at microsecond n, on request `job-n`, on one of ten devices.
fn projection(log_index: u64) -> Projection {
    let [request, caller] = key(log_index);
    let terms = [
        request,
        caller,
        Term::device(&format!("PC-{}", log_index % 10)),
        Term::edition("2011-02"),
    ];
    Projection::new(id(log_index), i64::try_from(log_index).unwrap(), terms)
}

fn text(log_index: u64) -> String {
    format!(
        "{{\"decisionId\":\"{}\",\"text\":\"{}\"}}",
        id(log_index),
        "é".repeat(1000)
    )
}

/// Appends so many decisions in one transaction and commits it.
async fn record(writer: &mut Writer, count: u64) -> Result<(), WriteError> {
    append_next(writer, count, |index| (projection(index), text(index))).await
}

/// Appends the next so many decisions, made from their log indices, in one transaction and commits it.
async fn append_next(
    writer: &mut Writer,
    count: u64,
    made: impl Fn(u64) -> (Projection, String),
) -> Result<(), WriteError> {
    let mut append = writer.begin().await?;
    let first = append.next_index();
    let decisions: Vec<_> = (first..first + count).map(|index| (index, made(index))).collect();
    let rows: Vec<_> = decisions
        .iter()
        .map(|(log_index, (projection, record))| NewDecision {
            log_index: *log_index,
            projection,
            record,
        })
        .collect();
    append.append(&rows).await?;
    append.commit().await
}

/// That the database holds exactly decisions 0 to `count`, each whole and found by its terms.
async fn assert_holds(store: &Store, count: u64) {
    assert_eq!(store.size(Log::Decisions).await.unwrap(), count);
    for log_index in 0..count {
        let stored = store.by_id(id(log_index)).await.unwrap().unwrap();
        assert_eq!((stored.log_index, stored.record), (log_index, text(log_index)));
    }
    let mut connection = store.connection().await.unwrap();
    let mut found = Vec::new();
    let give = |posting| found.push(posting);
    posting::walk(&mut connection, i64::MAX, give).await.unwrap();
    found.sort_unstable();
    let mut expected: Vec<(i64, i64)> = (0..count).flat_map(postings).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

fn postings(log_index: u64) -> Vec<(i64, i64)> {
    let terms = projection(log_index).terms().to_vec();
    let posting = |term: Term| (term.stored(), i64::try_from(log_index).unwrap());
    terms.into_iter().map(posting).collect()
}
