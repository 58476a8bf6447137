//! Copies of the files of a running server: as they are at one moment, they hold everything that was acknowledged before.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use tokio::task::JoinSet;

use crate::support::{
    audit::audit,
    process::{Process, poll},
    server::{Place, check, typical},
};

const CALLER_COUNT: u64 = 8;
const COPY_COUNT: u64 = 12;
/// Decisions between two copies: never the same number, so that no copy meets the same step of the work.
const DECISIONS_BETWEEN: u64 = 37;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_at_any_moment_opens_with_everything_acknowledged_before() {
    let place = Place::new();
    let process = Process::serve(&place.database()).await;
    let acknowledged = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let mut callers = JoinSet::new();
    for caller in 0..CALLER_COUNT {
        let (client, acknowledged, stop) = (process.client(), Arc::clone(&acknowledged), Arc::clone(&stop));
        callers.spawn(async move {
            for number in 0.. {
                if stop.load(Relaxed) {
                    return;
                }
                check(client.clone(), typical(&format!("PC-{caller}-{number}")))
                    .await
                    .unwrap();
                acknowledged.fetch_add(1, Relaxed);
            }
        });
    }
    for copy in 1..=COPY_COUNT {
        let wanted = copy * DECISIONS_BETWEEN;
        poll(|| (acknowledged.load(Relaxed) >= wanted).then_some(())).await;
        // Stopped where it stands, as a snapshot of the disk would find it.
        process.signal("STOP");
        let before = acknowledged.load(Relaxed);
        let folder = tempfile::TempDir::new().unwrap();
        let copied = folder.path().join("decisions.db");
        fs::copy(place.database(), &copied).unwrap();
        fs::copy(place.beside("-wal"), folder.path().join("decisions.db-wal")).unwrap();
        process.signal("CONT");
        let found = audit(&copied).await;
        assert!(found.len() as u64 >= before, "{} of {before}", found.len());
    }
    stop.store(true, Relaxed);
    callers.join_all().await;
    println!(
        "{COPY_COUNT} copies while {} decisions were acknowledged, none lost",
        acknowledged.load(Relaxed)
    );
}
