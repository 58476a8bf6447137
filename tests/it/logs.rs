//! What the logs come to, and what the service itself did, as commands print them.

use std::fs;

use reimage_rights::{app, audit::Log, wire::pb};

use crate::{
    operations::operations,
    reading::taken_along,
    support::{process::told, server::Server},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_is_printed_as_it_was_signed_and_verified_from() {
    let (place, elsewhere) = taken_along().await;
    let keys = app::keys(&place.key_file()).unwrap();
    let database = place.database().display().to_string();
    let print = |log: &[&str]| told(place.path(), &[&["checkpoint", "--database", &database], log].concat());
    for (arguments, log) in [(&[][..], Log::Decisions), (&["operations"][..], Log::Operations)] {
        let (code, note, error) = print(arguments);
        assert_eq!(code, Some(0), "{error}");
        let checkpoint = keys.trusted().open(note.as_bytes()).unwrap();
        assert_eq!(checkpoint.origin.log(), log);
    }
    let (_, json, _) = print(&["--json"]);
    let answer: pb::GetCheckpointResponse = serde_json::from_str(&json).unwrap();
    assert_eq!(answer.verifier_key, keys.of(Log::Decisions).verifier().text());

    let file = place.path().join("since").display().to_string();
    fs::write(&file, print(&[]).1).unwrap();
    let (code, out, _) = told(place.path(), &["verify", "--database", &database, "--since", &file]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("was not read: the first 3 decisions"), "{out}");

    // Where nobody has the keys, and over the wire.
    let copy = elsewhere.database().display().to_string();
    let (code, note, _) = told(elsewhere.path(), &["checkpoint", "--database", &copy]);
    assert_eq!((code, note.as_str()), (Some(0), answer.checkpoint.as_str()));
    let server = place.serve().await;
    let address = format!("http://{}", server.serving.address);
    let (code, note, _) = told(elsewhere.path(), &["checkpoint", "--server", &address]);
    assert_eq!((code, note.as_str()), (Some(0), answer.checkpoint.as_str()));
}

#[tokio::test]
async fn operations_are_listed_beside_a_server_newest_first() {
    let server = Server::start().await;
    for device in 0..120 {
        let request = pb::HistoryRequest {
            device_id: format!("PC-{device}"),
            ..pb::HistoryRequest::default()
        };
        server.history(request).await.unwrap();
    }
    let place = server.stop().await;
    let server = place.serve().await;
    let place = &server.place;
    let database = place.database().display().to_string();
    let list = |more: &[&str]| told(place.path(), &[&["operations", "--database", &database], more].concat());
    let (code, out, error) = list(&[]);
    assert_eq!(code, Some(0), "{error}");
    assert!(error.contains("50 shown, there are more"), "{error}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 51);
    assert_eq!(lines[0], "log index\tat\toperation\tcaller\twhat");
    assert!(
        lines[1].starts_with("121\t2011-03-02T10:00:00Z\tstart\t\tprogram "),
        "{out}"
    );
    assert!(
        lines[2].ends_with("\tread\tlocal\tHistory {\"deviceId\":\"PC-119\"}"),
        "{out}"
    );

    let (_, all, _) = list(&["--all", "--json", "--oldest-first"]);
    let records = operations(&place.database()).await;
    assert_eq!(all.lines().count(), records.len());
    for (index, (line, record)) in all.lines().zip(&records).enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!((&line["logIndex"], &line["record"]), (&index.into(), record));
    }
    let (_, newest, _) = list(&["--limit", "2", "--json"]);
    assert!(
        newest.starts_with("{\"logIndex\":121,\"record\":{\"format\":1,"),
        "{newest}"
    );
    assert_eq!(newest.lines().count(), 2);

    // A filter looks through the whole log, and a limit counts what it finds.
    let indices = |more: &[&str]| {
        let (_, lines, error) = list(&[more, &["--json"]].concat());
        let index = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["logIndex"].as_u64();
        let found: Vec<u64> = lines.lines().filter_map(index).collect();
        (found, error.contains("there are more"))
    };
    assert_eq!(indices(&["--operation", "start"]), (vec![121, 0], false));
    assert_eq!(indices(&["--operation", "start", "--limit", "1"]), (vec![121], true));
    assert_eq!(
        indices(&["--operation", "start", "--limit", "2"]),
        (vec![121, 0], false)
    );
    assert_eq!(indices(&["--caller", "nobody"]), (vec![], false));
    assert_eq!(
        indices(&["--caller", "local", "--oldest-first", "--limit", "2"]),
        (vec![1, 2], true)
    );
    assert_eq!(indices(&["--before", "2011-03-02T10:00:00Z"]), (vec![], false));
    assert_eq!(
        indices(&["--after", "2011-03-02", "--operation", "start"]),
        (vec![121, 0], false)
    );
    let (_, _, error) = list(&["--caller", "nobody"]);
    assert!(error.contains("no operation found"), "{error}");
}
