//! What the program tells whoever types its commands.

use std::{fs, path::Path, process::Output, thread};

use crate::support::{
    process::{Process, run, told},
    server::Place,
};

const REQUEST: &str = "examples/reimage-oem-windows-7-professional.json";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The error of a command, its exit code ahead of it.
fn failure(home: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let (code, _, error) = told(home, arguments);
    (code, error)
}

#[test]
fn commands_on_one_database_take_turns() {
    let place = Place::new();
    let database = place.database().display().to_string();
    let check = || run(place.path(), &["check", REQUEST, "--database", &database]);
    let outputs: Vec<Output> = thread::scope(|scope| {
        let running: Vec<_> = (0..6).map(|_| scope.spawn(check)).collect();
        running.into_iter().map(|command| command.join().unwrap()).collect()
    });
    for output in outputs {
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
}

#[tokio::test]
async fn a_served_database_is_not_opened_beside_its_server_but_the_server_is_named() {
    let place = Place::new();
    let database = place.database().display().to_string();
    let process = Process::serve(&place.database()).await;
    let (code, error) = failure(place.path(), &["check", REQUEST, "--database", &database]);
    let cure = format!("ask it with `--server {}`", process.owner.address.as_ref().unwrap());
    assert_eq!(code, Some(1));
    assert!(error.contains(&cure), "{error}");
}

#[tokio::test]
async fn keys_that_are_changed_beside_a_server_are_said_to_sign_only_once_it_is_started_again() {
    let place = Place::new();
    let database = place.database().display().to_string();
    let mut process = Process::serve(&place.database()).await;
    let rotate = ["key", "rotate", "--database", &database];
    let (code, _, noted) = told(place.path(), &rotate);
    assert_eq!(code, Some(0), "{noted}");
    let (pid, address) = (process.owner.pid.unwrap(), process.owner.address.clone().unwrap());
    assert!(
        noted.contains(&format!("process {pid}, serving `{address}`")) && noted.contains("the old keys"),
        "{noted}"
    );
    process.terminate();
    assert!(process.ended().await.success());
    let (code, _, noted) = told(place.path(), &rotate);
    assert_eq!(code, Some(0), "{noted}");
    assert!(!noted.contains("the old keys"), "{noted}");
}

#[test]
fn a_database_that_is_not_there_is_named_before_its_keys() {
    let place = Place::new();
    let missing = place.path().join("zzz.db").display().to_string();
    let (code, error) = failure(place.path(), &["verify", "--database", &missing]);
    assert_eq!(code, Some(1));
    assert!(
        error.contains(&format!("there is no database at `{missing}`")),
        "{error}"
    );
    fs::write(&missing, "no database").unwrap();
    let (_, error) = failure(place.path(), &["verify", "--database", &missing]);
    assert!(
        error.contains("zzz.db` is no SQLite database") || error.contains("zzz.db` is damaged"),
        "{error}"
    );
}

#[test]
fn what_is_no_database_gets_no_file_beside_it() {
    let place = Place::new();
    let text = place.path().join("read-me.md").display().to_string();
    fs::write(
        &text,
        "# No database, though long enough to be looked at as one\n".repeat(100),
    )
    .unwrap();
    let (code, error) = failure(place.path(), &["history", "--database", &text]);
    assert_eq!(code, Some(1));
    assert!(error.contains("read-me.md` is no SQLite database"), "{error}");
    assert!(!Path::new(&format!("{text}.lock")).exists());
}

#[test]
fn an_ending_that_speaks_of_another_format_is_no_bundle_by_chance() {
    let place = Place::new();
    let database = place.database().display().to_string();
    run(place.path(), &["check", REQUEST, "--database", &database]);
    let export = |name: &str, format: &[&str]| {
        let file = place.path().join(name).display().to_string();
        failure(
            place.path(),
            &[&["export", "-o", &file, "--database", &database], format].concat(),
        )
    };
    for (name, cure) in [
        ("x.csv", "csv"),
        ("x.CSV", "csv"),
        ("x.json", "ndjson"),
        ("x.ndjson", "ndjson"),
    ] {
        let (code, error) = export(name, &[]);
        assert_eq!(code, Some(2), "{name} {error}");
        assert!(error.contains(&format!("give `--format {cure}`")), "{error}");
        assert!(!place.path().join(name).exists());
        assert_eq!(export(name, &["--format", cure]).0, Some(0));
    }
    assert_eq!(export("x.evidence", &[]).0, Some(0));
    assert_eq!(export("y.csv", &["--format", "bundle"]).0, Some(0));
}

#[test]
fn a_command_that_writes_a_file_takes_no_flag_for_json() {
    let place = Place::new();
    for command in ["export", "report"] {
        let (code, error) = failure(place.path(), &[command, "-o", "x", "--json"]);
        assert_eq!(code, Some(2));
        assert!(error.contains("unexpected argument '--json'"), "{error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_bad_input_or_named_as_what_it_was_to_be() {
    let place = Place::new();
    let (server, nofile) = ("https://127.0.0.1:1", "nofile");
    let key = "imaging.example.com/rights/decisions+21417477+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    let https = |flag| failure(place.path(), &["history", "--server", server, flag, nofile]);
    for (code, error) in [
        https("--token-file"),
        https("--server-ca-file"),
        failure(place.path(), &["verify-bundle", nofile, "--key", key]),
    ] {
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains("`nofile` cannot be read: "), "{error}");
    }
    let (_, error) = failure(
        place.path(),
        &["history", "--server", server, "--server-ca-file", REQUEST],
    );
    assert!(error.contains(".json` holds no certificate in PEM"), "{error}");
    let (_, error) = failure(place.path(), &["restore", nofile]);
    assert!(error.contains("there is no backup at `"), "{error}");
}

#[test]
fn an_export_to_standard_output_is_the_bundle_and_no_file() {
    let place = Place::new();
    let database = place.database().display().to_string();
    run(place.path(), &["check", REQUEST, "--database", &database]);
    let output = run(
        place.path(),
        &["export", "-o", "-", "--format", "ndjson", "--database", &database],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        output.stdout.starts_with(b"{") && output.stdout.ends_with(b"}\n"),
        "{}",
        text(&output.stdout)
    );
    assert!(!Path::new("-").exists());
}

#[test]
fn a_file_of_no_decision_is_not_written_and_of_others_it_is_said_how_many_there_are() {
    let place = Place::new();
    let database = place.database().display().to_string();
    let file = place.path().join("written");
    let write = |command: &[&str], filter: &[&str]| {
        let output = ["-o", &file.display().to_string(), "--database", &database].map(str::to_owned);
        let output: Vec<&str> = output.iter().map(String::as_str).collect();
        failure(place.path(), &[command, filter, &output].concat())
    };
    let commands = [
        vec!["report"],
        vec!["export"],
        vec!["export", "--format", "ndjson"],
        vec!["export", "--format", "csv"],
    ];
    let none = |filter: &[&str]| {
        for command in &commands {
            let (code, error) = write(command, filter);
            assert_eq!(code, Some(2), "{command:?} {error}");
            assert!(error.contains("no decision found"), "{command:?} {error}");
            assert!(!file.exists(), "{command:?}");
        }
    };
    // A log that nothing was recorded in, without any filter.
    let refused = place.path().join("states-nothing.json");
    fs::write(&refused, "{}").unwrap();
    let refused = refused.display().to_string();
    run(place.path(), &["check", &refused, "--database", &database]);
    none(&[]);
    run(place.path(), &["check", REQUEST, "--database", &database]);
    none(&["--device", "PC-that-is-not"]);
    for command in &commands {
        let (code, error) = write(command, &[]);
        assert_eq!(code, Some(0), "{command:?} {error}");
        assert!(error.contains("wrote 1 decision, "), "{command:?} {error}");
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn a_file_that_is_no_bundle_is_bad_input_and_one_that_was_damaged_is_not_intact() {
    const KEY: &str = "imaging.example.com/rights/decisions+21417477+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    let place = Place::new();
    let whole = fs::read("tests/golden/bundle/1.zip").unwrap();
    let cut = &whole[..whole.len() / 2];
    let other = place.path().join("x.zip").display().to_string();
    let verify = |bytes: &[u8]| {
        fs::write(&other, bytes).unwrap();
        let output = run(place.path(), &["verify-bundle", &other, "--key", KEY]);
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    for bytes in [&b""[..], b"{}", &b"no zip archive\n".repeat(100), b"PK\x05\x06"] {
        let (code, told) = verify(bytes);
        assert_eq!(code, Some(2), "{told}");
        assert!(
            told.contains("this is no evidence bundle: it is no zip archive"),
            "{told}"
        );
    }
    let folder = place.path().display().to_string();
    let (code, told) = failure(place.path(), &["verify-bundle", &folder, "--key", KEY]);
    assert_eq!(code, Some(2), "{told}");
    let (code, told) = verify(cut);
    assert_eq!(code, Some(3), "{told}");
    assert!(
        told.starts_with("NOT INTACT: the bundle cannot be read as a zip archive"),
        "{told}"
    );
    let (code, told) = verify(&whole);
    assert!(code == Some(0) || code == Some(4), "{told}");
}
