//! The real program asked to stop, and commands beside a server that runs.

use std::{
    fs,
    net::SocketAddr,
    sync::Arc,
    sync::atomic::{AtomicBool, Ordering},
};

use reimage_rights::store::Owner;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};
use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::support::{
    audit::audit,
    http::get,
    process::{Process, begin, log, poll, poll_for, run, signal},
    server::{Place, all, check, keyed},
};

#[tokio::test]
async fn a_server_asked_to_stop_answers_or_refuses_and_leaves_one_clean_file() {
    let place = Place::new();
    let database = place.database();
    let mut process = Process::serve(&database).await;
    let stopping = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..16)
        .map(|caller| {
            let (client, stopping) = (process.client(), Arc::clone(&stopping));
            tokio::spawn(async move {
                let mut ids = Vec::new();
                for turn in 0.. {
                    let request = keyed(&format!("PC-{caller}-{turn}"), &format!("{caller}-{turn}"));
                    match check(client.clone(), request).await {
                        Ok(decision) => ids.push(decision.decision_id),
                        Err(status) => {
                            assert!(stopping.load(Ordering::SeqCst), "refused before the stop: {status:?}");
                            // Refused by the server, or by this side because the server took no new call.
                            let clean = [Code::Unavailable, Code::Unknown, Code::Cancelled];
                            assert!(clean.contains(&status.code()), "{status:?}");
                            break;
                        }
                    }
                    if turn == 10 && caller == 0 {
                        return (ids, true);
                    }
                }
                (ids, false)
            })
        })
        .collect();
    let mut callers = callers.into_iter();
    // The first caller ends when the load is on.
    let (mut acknowledged, done) = callers.next().unwrap().await.unwrap();
    assert!(done);
    stopping.store(true, Ordering::SeqCst);
    process.terminate();
    for caller in callers {
        acknowledged.extend(caller.await.unwrap().0);
    }
    let status = process.ended().await;
    assert!(status.success(), "{status:?}\n{}", log(&database));

    assert_eq!(Owner::of(&database), None, "the lock is free");
    for extension in ["-wal", "-shm"] {
        assert!(!place.beside(extension).exists(), "{extension} is left behind");
    }
    let recorded = audit(&database).await;
    assert!(acknowledged.iter().all(|id| recorded.contains_key(id)));
    let told = log(&database);
    assert!(told.contains("stopping") && told.contains("stopped"), "{told}");
    assert!(!told.contains("ERROR"), "{told}");
}

#[tokio::test]
async fn connections_that_have_begun_nothing_keep_no_server_from_stopping() {
    let place = Place::new();
    let database = place.database();
    let anywhere = "127.0.0.1:0";
    let listeners = ["--http-listen", anywhere, "--admin-listen", anywhere];
    let mut process = Process::serve_with(&database, &listeners).await;
    let rpc = process.owner.address.clone().unwrap();
    let rpc: SocketAddr = rpc.strip_prefix("http://").unwrap().parse().unwrap();
    // It is told of once all is served.
    poll(|| log(&database).contains("be watched over HTTP").then_some(())).await;
    let over_http = Process::listens(&database, "calls are taken over HTTP");
    let mut begun = Vec::new();
    for (address, said) in [
        (rpc, &b""[..]),
        (rpc, b"PRI * HTTP/2.0"),
        (rpc, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (over_http, b""),
        (over_http, b"GET /v1/deci"),
        (over_http, b"GET /v1/decisions HTTP/1.1\r\nHost: here\r\n"),
    ] {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(said).await.unwrap();
        begun.push(connection);
    }
    // Beside the client's own.
    let watched = Process::listens(&database, "be watched over HTTP");
    poll_for(async || {
        let (_, metrics) = get(watched, "/metrics").await;
        let metrics = String::from_utf8(metrics).unwrap();
        metrics.contains("reimage_rights_connections 7\n").then_some(())
    })
    .await;
    process.terminate();
    let status = process.ended().await;
    let told = log(&database);
    assert!(status.success(), "{status:?}\n{told}");
    assert!(told.contains("stopped") && !told.contains("cut off"), "{told}");
}

#[tokio::test]
async fn a_server_told_twice_to_stop_waits_for_nobody() {
    let place = Place::new();
    let database = place.database();
    let mut process = Process::serve(&database).await;
    let id = check(process.client(), keyed("PC-1", "job-1"))
        .await
        .unwrap()
        .decision_id;
    // A watch is a call without end.
    let mut watching = HealthClient::new(process.channel());
    let mut told = watching
        .watch(HealthCheckRequest::default())
        .await
        .unwrap()
        .into_inner();
    told.message().await.unwrap().unwrap();
    process.terminate();
    poll(|| log(&database).contains("stopping").then_some(())).await;
    process.signal("INT");
    let status = process.ended().await;
    assert_eq!(status.code(), Some(1), "{}", log(&database));
    let noted = log(&database);
    assert!(noted.contains("told twice") && !noted.contains("cut off"), "{noted}");
    assert!(audit(&database).await.contains_key(&id));
}

#[tokio::test]
async fn the_end_of_its_terminal_stops_a_server_in_good_order_unless_it_was_started_to_outlive_that() {
    for (heard, signals) in [
        ("--default-signal=HUP", &["HUP"][..]),
        // A second signal that is heard would end it at once, and not in good order.
        ("--ignore-signal=HUP", &["HUP", "TERM"]),
    ] {
        let place = Place::new();
        let database = place.database();
        let mut process = Process::serve_hearing(heard, &database).await;
        let id = check(process.client(), keyed("PC-1", "job-1"))
            .await
            .unwrap()
            .decision_id;
        for name in signals {
            process.signal(name);
        }
        let status = process.ended().await;
        let told = log(&database);
        assert!(status.success(), "{heard} {status:?}\n{told}");
        assert!(told.contains("stopping") && told.contains("stopped"), "{told}");
        assert!(audit(&database).await.contains_key(&id));
    }
}

#[tokio::test]
async fn a_command_that_is_ended_leaves_no_half_of_a_file() {
    // Accepts, and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", silent.local_addr().unwrap());
    for (command, name, code) in [("export", "INT", 130), ("export", "TERM", 143), ("report", "INT", 130)] {
        let place = Place::new();
        let folder = place.path().join("evidence");
        fs::create_dir(&folder).unwrap();
        let file = folder.join("of-today.zip").display().to_string();
        let mut child = begin(place.path(), &[command, "-o", &file, "--server", &server]);
        let names = || fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
        let half = poll(|| names().next()).await.into_string().unwrap();
        let parts: Vec<&str> = half.split('.').collect();
        assert!(matches!(parts[..], ["of-today", "zip", _, "new"]), "{half}");
        // Signals are heard from before the file is begun.
        signal(&child, name);
        let status = poll(|| child.try_wait().unwrap()).await;
        assert_eq!(status.code(), Some(code), "{command} {name}");
        assert_eq!(names().count(), 0, "{command} {name}");
    }
}

#[tokio::test]
async fn commands_beside_a_server_go_to_it_or_say_who_owns_the_database() {
    let place = Place::new();
    let home = place.path();
    // The default database of whoever's home this is, so that a command finds it unnamed.
    let folder = home.join("data/reimage-rights");
    fs::create_dir_all(&folder).unwrap();
    let database = folder.join("decisions.db");
    let mut process = Process::serve(&database).await;
    let client = process.client();
    all((0..3).map(|number| check(client.clone(), keyed("PC-1", &format!("job-{number}"))))).await;
    let address = process.owner.address.clone().unwrap();

    let output = run(home, &["history", "--json"]);
    let (told, noted) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{noted}");
    assert!(noted.contains(&address) && noted.contains("owns"), "{noted}");
    assert_eq!(told.matches("\"decisionId\"").count(), 3, "{told}");

    let named = database.to_str().unwrap();
    let output = run(home, &["history", "--database", named]);
    let noted = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{noted}");
    assert!(noted.contains(&address), "{noted}");
    assert!(
        noted.contains(&format!("process {}", process.owner.pid.unwrap())),
        "{noted}"
    );
    assert_eq!(text(&output.stdout), "");

    process.terminate();
    assert!(process.ended().await.success());
    let output = run(home, &["history", "--json"]);
    let (told, noted) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{noted}");
    assert!(noted.contains("in this process"), "{noted}");
    assert_eq!(told.matches("\"decisionId\"").count(), 3, "{told}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_named_and_the_database_left_alone() {
    let place = Place::new();
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let database = place.database();
    let output = run(
        place.path(),
        &["serve", "--listen", &address, "--database", database.to_str().unwrap()],
    );
    let noted = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{noted}");
    assert!(noted.contains(&address) && noted.contains("--listen"), "{noted}");
    assert!(!database.exists());
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
