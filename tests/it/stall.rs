//! A disk that stalls: what cannot be synced is not acknowledged, those who come meanwhile are told at once, and nothing is lost.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use reimage_rights::wire::pb;
use tokio::{sync::mpsc, task::JoinSet};
use tonic::Code;
use tonic_health::pb::health_check_response::ServingStatus::{NotServing, Serving};

use crate::support::{
    audit::audit,
    process::{Process, poll},
    server::{Place, check, keyed, until},
};

const QUEUE_LEN_MAX: usize = 16;
const COUNT: usize = 200;
/// A refusal comes at once: what is far more than that on a busy machine.
const REFUSED_WITHIN: Duration = Duration::from_secs(2);

/// Builds the library that has every sync wait as long as a file is there.
fn stalling(folder: &Path) -> String {
    let library = folder.join("stall.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg("tests/it/support/stall.c")
        .arg("-ldl")
        .status()
        .unwrap();
    assert!(built.success());
    library.display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_disk_stalls_checks_are_refused_at_once_and_afterwards_nothing_is_lost() {
    let place = Place::new();
    let stall = place.path().join("stall");
    let library = stalling(place.path());
    let variables = [
        ("LD_PRELOAD", library.as_str()),
        ("STALL_FILE", stall.to_str().unwrap()),
    ];
    let most = QUEUE_LEN_MAX.to_string();
    let arguments = ["--queue-len-max", &most, "--batch-len-max", &most];
    let process = Process::serve_in(&place.database(), &variables, &arguments).await;
    check(process.client(), keyed("PC-0", "before")).await.unwrap();

    fs::write(&stall, "").unwrap();
    let begun = Instant::now();
    let (answered, mut answers) = mpsc::unbounded_channel();
    let mut callers = JoinSet::new();
    for number in 0..COUNT {
        let (client, answered) = (process.client(), answered.clone());
        callers.spawn(async move {
            let answer = check(client, keyed("PC-1", &format!("job-{number}"))).await;
            answered.send((answer, begun.elapsed())).unwrap();
        });
    }
    // All but those in the queue, and those in the batch that stalls, are told meanwhile.
    for _ in 0..COUNT - 2 * QUEUE_LEN_MAX {
        let (answer, after) = answers.recv().await.unwrap();
        assert_eq!(answer.unwrap_err().code(), Code::ResourceExhausted);
        assert!(after < REFUSED_WITHIN, "{after:?}");
    }
    until(process.channel(), NotServing).await;
    // The disk is only written to; what is there is read.
    let history = process.client().history(pb::HistoryRequest::default()).await.unwrap();
    assert_eq!(history.into_inner().decisions.len(), 1);

    let stalled = begun.elapsed();
    fs::remove_file(&stall).unwrap();
    callers.join_all().await;
    until(process.channel(), Serving).await;
    let mut acknowledged = 0;
    while let Ok((answer, after)) = answers.try_recv() {
        if answer.is_ok() {
            assert!(after >= stalled, "acknowledged before the disk had it");
            acknowledged += 1;
        }
    }
    assert!(acknowledged >= QUEUE_LEN_MAX, "{acknowledged}");
    assert_eq!(audit(&place.database()).await.len(), acknowledged + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stall_of_the_disk_that_checkpoints_are_on_is_told_too() {
    let place = Place::new();
    let stall = place.path().join("stall");
    let library = stalling(place.path());
    let checkpoint_file = place.checkpoint_file().display().to_string();
    let variables = [
        ("LD_PRELOAD", library.as_str()),
        ("STALL_FILE", stall.to_str().unwrap()),
        ("STALL_ONLY", &checkpoint_file),
    ];
    let process = Process::serve_in(&place.database(), &variables, &[]).await;
    until(process.channel(), Serving).await;
    // The start is signed before the first decision can be: that is not to stall.
    poll(|| {
        fs::metadata(place.checkpoint_file())
            .is_ok_and(|file| file.len() > 0)
            .then_some(())
    })
    .await;
    fs::write(&stall, "").unwrap();
    // Recorded, and then signed: the first of all are at once.
    check(process.client(), keyed("PC-1", "first")).await.unwrap();
    until(process.channel(), NotServing).await;
    fs::remove_file(&stall).unwrap();
    until(process.channel(), Serving).await;
    check(process.client(), keyed("PC-1", "second")).await.unwrap();
}
