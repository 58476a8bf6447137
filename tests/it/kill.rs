//! A server killed in the middle of its work: what it acknowledged is in the log, and the log is whole.

use std::{
    collections::{BTreeMap, hash_map::RandomState},
    env,
    hash::{BuildHasher as _, Hasher as _},
    sync::{Arc, Mutex},
    time::Instant,
};

use reimage_rights::wire::pb;
use tokio::{sync::mpsc, task::JoinSet};

use crate::support::{
    audit::audit,
    process::Process,
    server::{Client, Place, all, check, keyed},
};

/// How many times the server is killed, in the environment; not named as a setting of the program, which refuses unknown ones.
const ROUNDS: &str = "KILL_ROUNDS";
const ROUND_COUNT: u64 = 5;
const CALLER_COUNT: u64 = 16;
const ACKNOWLEDGED_MAX: u64 = 400;

/// What the callers of all rounds know: decisions by request id, and the request ids that got no answer.
#[derive(Default)]
struct Known {
    acknowledged: BTreeMap<String, pb::Decision>,
    open: Vec<String>,
}

#[tokio::test]
async fn a_killed_server_has_lost_nothing_that_it_acknowledged() {
    let rounds = env::var(ROUNDS).map_or(ROUND_COUNT, |rounds| rounds.parse().unwrap());
    let place = Place::new();
    let database = place.database();
    let mut known = Known::default();
    let begun = Instant::now();
    for round in 0..rounds {
        let mut process = Process::serve(&database).await;
        retry(&process, &mut known).await;
        kill_under_load(round, &mut process, &mut known).await;

        let recorded = audit(&database).await;
        for decision in known.acknowledged.values() {
            let found = recorded.get(&decision.decision_id);
            let found = found.unwrap_or_else(|| panic!("round {round}: {} is lost", decision.decision_id));
            assert_eq!(found.log_index, decision.log_index, "round {round}");
            assert_eq!(found.request, decision.request, "round {round}");
            assert_eq!(found.verdict, decision.verdict, "round {round}");
        }
    }
    let mut process = Process::serve(&database).await;
    retry(&process, &mut known).await;
    process.terminate();
    assert!(process.ended().await.success());
    assert!(known.open.is_empty());
    // Every request that was ever made is there, and each of them once.
    let recorded = audit(&database).await;
    assert_eq!(recorded.len(), known.acknowledged.len());
    println!(
        "killed {rounds} times in {:.1?}: {} decisions acknowledged, none lost",
        begun.elapsed(),
        known.acknowledged.len()
    );
}

/// Retries what got no answer, and some of what did: the same request ids give the same decisions.
async fn retry(process: &Process, known: &mut Known) {
    let some = known.acknowledged.keys().rev().take(50).cloned();
    let retried: Vec<String> = known.open.drain(..).chain(some).collect();
    let asked = retried.into_iter().map(|id| {
        let client = process.client();
        async move { (id.clone(), check(client, request(&id)).await.unwrap()) }
    });
    for (id, decision) in all(asked).await {
        if let Some(earlier) = known.acknowledged.get(&id) {
            assert_eq!(&decision, earlier);
        }
        known.acknowledged.insert(id, decision);
    }
}

/// Lets callers ask as fast as they can, and kills the server after a random number of answers, with more under way.
async fn kill_under_load(round: u64, process: &mut Process, known: &mut Known) {
    let (answered, mut answers) = mpsc::unbounded_channel();
    let open = Arc::new(Mutex::new(Vec::new()));
    let mut callers = JoinSet::new();
    for caller in 0..CALLER_COUNT {
        let (client, answered, open) = (process.client(), answered.clone(), Arc::clone(&open));
        callers.spawn(call(client, format!("{round}-{caller}"), answered, open));
    }
    drop(answered);
    let wanted = random() % ACKNOWLEDGED_MAX;
    let mut counted = 0;
    while counted < wanted {
        let (id, decision) = answers.recv().await.unwrap();
        known.acknowledged.insert(id, decision);
        counted += 1;
    }
    process.kill();
    while let Some((id, decision)) = answers.recv().await {
        known.acknowledged.insert(id, decision);
    }
    callers.join_all().await;
    known.open.append(&mut open.lock().unwrap());
}

/// One caller, until the server is gone; the request that got no answer is left open.
async fn call(
    client: Client,
    caller: String,
    answered: mpsc::UnboundedSender<(String, pb::Decision)>,
    open: Arc<Mutex<Vec<String>>>,
) {
    loop {
        let id = format!("{caller}-{:016x}", random());
        match check(client.clone(), request(&id)).await {
            Ok(decision) => answered.send((id, decision)).unwrap(),
            Err(_) => return open.lock().unwrap().push(id),
        }
    }
}

fn request(id: &str) -> pb::CheckRequest {
    keyed(&format!("PC-{id}"), id)
}

/// A number that differs in every run.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
