//! Reading without owning: a copy on another machine.

use std::{collections::BTreeSet, fs, path::Path};

use reimage_rights::{app, audit::Log, store::backup, wire::pb};

use crate::{
    operations::operations,
    support::{
        process::{Process, told},
        server::{Place, Server},
    },
};

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Three decisions, and a copy of them on a machine that has nothing else.
pub async fn taken_along() -> (Place, Place) {
    let server = Server::start().await;
    server.record(3).await;
    server.checkpoint(Log::Decisions).await;
    let elsewhere = Place::new();
    backup::copy(&server.place.database(), &elsewhere.database())
        .await
        .unwrap();
    (server.stop().await, elsewhere)
}

#[tokio::test]
async fn a_copy_is_read_without_keys_and_stays_as_it_was() {
    let (place, elsewhere) = taken_along().await;
    let (home, copy) = (elsewhere.path(), elsewhere.database().display().to_string());
    let before = (fs::read(&copy).unwrap(), names(home));
    let ask = |arguments: &[&str]| told(home, &[arguments, &["--copy", "--database", &copy]].concat());

    let (code, out, error) = ask(&["history", "--json"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(error.contains("asking the copy `"), "{error}");
    let history: pb::HistoryResponse = serde_json::from_str(&out).unwrap();
    assert_eq!(history.decisions.len(), 3);
    let id = &history.decisions[0].decision_id;
    for arguments in [
        vec!["show", id],
        vec!["reproduce", id],
        vec!["reproduce", "--all"],
        vec!["export", "--format", "ndjson", "-o", "-"],
        vec!["export", "--format", "csv", "-o", "-"],
    ] {
        let (code, out, error) = ask(&arguments);
        assert_eq!((code, out.is_empty()), (Some(0), false), "{arguments:?} {error}");
    }
    assert_eq!((fs::read(&copy).unwrap(), names(home)), before);

    // Nor is anything left beside a copy of the file itself, which a backup differs from in how it was written.
    fs::copy(place.database(), &copy).unwrap();
    for arguments in [vec!["history"], vec!["reproduce", "--all"]] {
        assert_eq!(ask(&arguments).0, Some(0));
        assert_eq!(names(home), before.1);
    }

    let key = app::keys(&place.key_file())
        .unwrap()
        .of(Log::Decisions)
        .verifier()
        .clone();
    let bundle = home.join("evidence.zip").display().to_string();
    let page = home.join("evidence.html").display().to_string();
    let (code, _, error) = ask(&["export", "-o", &bundle]);
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("give the verifier keys with `--key`"), "{error}");
    for arguments in [["export", "-o", &bundle], ["report", "-o", &page]] {
        let (code, _, error) = ask(&[&arguments[..], &["--key", key.text()]].concat());
        assert_eq!(code, Some(0), "{error}");
    }
    let (code, out, _) = told(home, &["verify-bundle", &bundle, "--key", key.text()]);
    assert_eq!(code, Some(0), "{out}");

    // Without saying that it is a copy it would be owned, and the way out is named.
    let (code, _, error) = told(home, &["history", "--database", &copy]);
    assert_eq!(code, Some(1), "{error}");
    assert!(
        error.contains("Where this is a copy, `--copy` reads it without"),
        "{error}"
    );
}

#[tokio::test]
async fn a_database_in_use_is_no_copy_and_reads_of_it_are_noted() {
    let place = Place::new();
    let database = place.database().display().to_string();
    let mut process = Process::serve(&place.database()).await;
    let (code, _, error) = told(place.path(), &["history", "--copy", "--database", &database]);
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("is no copy: it is held by process"), "{error}");
    process.terminate();
    assert!(process.ended().await.success());
    let (code, ..) = told(place.path(), &["history", "--database", &database]);
    assert_eq!(code, Some(0));
    let operations = operations(&place.database()).await;
    assert_eq!(operations.last().unwrap()["rpc"], "History", "{operations:?}");

    // Also while nobody serves it, and with its keys in a place of their own, where the settings name it.
    let file = place.path().join("settings.toml");
    std::fs::write(&file, format!("database = {database:?}\n")).unwrap();
    let file = file.display().to_string();
    let copy = ["history", "--copy", "--database", &database];
    let (code, _, error) = told(place.path(), &[&copy[..], &["--config", &file]].concat());
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("is no copy: the keys that sign it"), "{error}");
    let (code, _, error) = told(place.path(), &["history", "--config", &file]);
    assert_eq!(code, Some(0), "{error}");
}
