//! What `verify` says to an auditor of a copy, and with too few keys.

use std::path::Path;

use reimage_rights::{
    app::{self, sources},
    audit::{Log, NoteLines},
    store::backup,
};
use sqlx::Connection as _;

use crate::support::{
    process,
    server::{Place, Server, sql},
};

/// The exit code of a command, and what it printed, or said where that is nothing.
fn told(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let (code, text, error) = process::told(place.path(), arguments);
    (code, if text.is_empty() { error } else { text })
}

/// A database of eight decisions that was closed, and a copy from when it had five.
async fn copied_at_five() -> (Place, String) {
    let server = Server::start().await;
    server.record(5).await;
    server.checkpoint(Log::Decisions).await;
    let copy = server.place.path().join("copy.db");
    backup::copy(&server.place.database(), &copy).await.unwrap();
    server.record(3).await;
    (server.stop().await, copy.display().to_string())
}

async fn change(database: &str, statement: &'static str) {
    let mut connection = sql(Path::new(database)).await;
    sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_copy_that_the_log_went_on_behind_is_no_fault_where_it_is_said_to_be_one() {
    let (place, copy) = copied_at_five().await;
    let (code, text) = told(&place, &["verify", "--database", &copy]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.starts_with("NOT INTACT: decisions end at 5"), "{text}");
    assert!(
        text.contains("3 gone from the end of this database") && text.contains("`--copy`"),
        "{text}"
    );

    let (code, text) = told(&place, &["verify", "--copy", "--database", &copy]);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.starts_with("EARLIER COPY\n5 decisions, 5 of them under"), "{text}");
    assert!(
        text.contains("tells of 8 decisions, 3 more than this copy has"),
        "{text}"
    );
    assert!(text.contains("made at 2011-03-02T10:00:00.000004Z"), "{text}");
    let (_, json) = told(&place, &["verify", "--copy", "--json", "--database", &copy]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], "EARLIER_COPY");
    assert_eq!(json["intact"], false);
    assert_eq!(json["later"]["decisions"], 8);

    // What was not cut off is intact, copy or not.
    let whole = place.database().display().to_string();
    for flags in [vec!["verify"], vec!["verify", "--copy"]] {
        let (code, text) = told(&place, &[flags, vec!["--database", &whole]].concat());
        assert_eq!(code, Some(0), "{text}");
        assert!(text.starts_with("intact\n"), "{text}");
    }
}

/// Else whoever removed the end of a database would only have to empty the file as well.
#[tokio::test]
async fn a_database_that_nothing_outside_is_held_against_is_not_all_proven_and_a_copy_is_what_it_was() {
    let server = Server::start().await;
    server.record(3).await;
    let place = server.stop().await;
    let database = place.database().display().to_string();
    std::fs::write(place.checkpoint_file(), "").unwrap();
    let verify = |flags: &[&str]| told(&place, &[&["verify", "--database", &database], flags].concat());
    let alone = "no checkpoint outside the database was there";
    let (code, text) = verify(&[]);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.starts_with("intact\n") && text.contains(alone), "{text}");
    let (_, json) = verify(&["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], "INTACT");
    assert!(json["open"][0].as_str().unwrap().starts_with(alone), "{json}");
    let (code, text) = verify(&["--copy"]);
    assert_eq!(code, Some(0), "{text}");
}

/// Both logs are signed from the start: where the file has one of them, it had the other.
#[tokio::test]
async fn a_checkpoint_file_that_lost_all_of_one_log_is_not_all_there_is_to_hold_a_database_against() {
    let server = Server::start().await;
    server.record(3).await;
    let place = server.stop().await;
    let database = place.database().display().to_string();
    let whole = std::fs::read_to_string(place.checkpoint_file()).unwrap();
    let mut lines = NoteLines::default();
    let notes: Vec<String> = whole.lines().filter_map(|line| lines.push(line)).collect();
    for (kept, lost, size) in [("operations", "decisions", 3), ("decisions", "operations", 1)] {
        let of = |note: &&String| note.lines().next().unwrap().ends_with(kept);
        let of: Vec<&str> = notes.iter().filter(of).map(String::as_str).collect();
        assert!(!of.is_empty());
        std::fs::write(place.checkpoint_file(), of.join("\n") + "\n").unwrap();
        let (code, text) = told(&place, &["verify", "--database", &database]);
        assert_eq!(code, Some(4), "{text}");
        let words =
            format!("the checkpoint file has no checkpoint of the {lost}, and the database was signed at {size}");
        assert!(text.starts_with("intact\n") && text.contains(&words), "{text}");
        let (_, json) = told(&place, &["verify", "--json", "--database", &database]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["open"][0], words);
        let held = ["checkpointFile", "checkpointFileOperations"].map(|name| json[name].is_null());
        assert_eq!(held, [lost == "decisions", lost == "operations"]);
    }
}

#[tokio::test]
async fn what_was_changed_in_a_copy_is_named_all_the_same() {
    let (place, copy) = copied_at_five().await;
    let verify = ["verify", "--copy", "--database", &copy];
    change(
        &copy,
        "UPDATE decision SET record = replace(record, 'VERDICT_PERMITTED', 'VERDICT_NOT_PERMITTED') WHERE log_index = 4",
    )
    .await;
    let (code, text) = told(&place, &verify);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.starts_with("NOT INTACT: decisions 4 was altered"), "{text}");
    assert!(!text.contains("agree"), "{text}");

    let (place, copy) = copied_at_five().await;
    change(&copy, "DELETE FROM checkpoint").await;
    let (code, text) = told(&place, &["verify", "--copy", "--database", &copy]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("the database does not have it"), "{text}");
}

/// Beside a copy whose last decisions nothing in it vouches for, the file may.
#[tokio::test]
async fn a_copy_ahead_of_its_own_checkpoints_is_checked_by_those_outside() {
    let (place, copy) = copied_at_five().await;
    change(&copy, "DELETE FROM checkpoint WHERE log = 1 AND size = 5").await;
    let (code, text) = told(&place, &["verify", "--copy", "--database", &copy]);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.starts_with("EARLIER COPY\n5 decisions, 5 of them under"), "{text}");
}

#[tokio::test]
async fn a_key_that_is_lacking_is_named_and_neither_intact_nor_tampering() {
    let server = Server::start().await;
    server.record(3).await;
    let place = server.stop().await;
    let old = app::keys(&place.key_file()).unwrap();
    app::rotate_keys(&place.key_file(), sources()).unwrap();
    let server = place.serve().await;
    server.record(3).await;
    let place = server.stop().await;
    let new = app::keys(&place.key_file()).unwrap();
    let database = place.database().display().to_string();
    let key = |ring: &reimage_rights::audit::KeyRing, log| ring.of(log).verifier().clone();
    let both = [&old, &new].map(|ring| Log::ALL.map(|log| key(ring, log)));
    for (given, lacking) in [(&both[0], &both[1]), (&both[1], &both[0])] {
        let mut arguments = vec!["verify", "--database", &database];
        for key in given {
            arguments.extend(["--key", key.text()]);
        }
        let (code, text) = told(&place, &arguments);
        assert_eq!(code, Some(4), "{text}");
        assert!(text.starts_with("CANNOT TELL\n6 decisions"), "{text}");
        for key in lacking {
            assert!(text.contains(&format!("signed by `{}`", key.name())), "{text}");
        }
        assert!(text.contains("each with `--key` beside the others"), "{text}");
        assert!(!text.contains("a server signs them within seconds"), "{text}");
        arguments.push("--json");
        let (_, json) = told(&place, &arguments);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (&json["verdict"], &json["intact"]),
            (&"CANNOT_TELL".into(), &false.into())
        );
    }

    let mut arguments = vec!["verify", "--database", &database];
    for key in both.iter().flatten() {
        arguments.extend(["--key", key.text()]);
    }
    let (code, text) = told(&place, &arguments);
    assert_eq!((code, text.starts_with("intact\n")), (Some(0), true), "{text}");

    // What is wrong is named whatever keys there are.
    change(
        &database,
        "UPDATE decision SET decision_id = zeroblob(16) WHERE log_index = 1",
    )
    .await;
    let newest = ["verify", "--database", &database, "--key", both[1][0].text()];
    let (code, text) = told(&place, &newest);
    assert_eq!(code, Some(3), "{text}");
}

#[tokio::test]
async fn looking_at_a_database_at_rest_leaves_its_folder_as_it_was() {
    let server = Server::start().await;
    server.record(3).await;
    let place = server.stop().await;
    let database = place.database();
    let list = || {
        let entries = std::fs::read_dir(database.parent().unwrap()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        (names, std::fs::read(&database).unwrap())
    };
    let before = list();
    let named = database.display().to_string();
    for (arguments, expected) in [
        (&["verify"][..], 0),
        (&["verify", "--since", "no-such-file"], 2),
        (&["operations"], 0),
        (&["checkpoint"], 0),
    ] {
        let (code, text) = told(&place, &[arguments, &["--database", &named]].concat());
        assert_eq!(code, Some(expected), "{arguments:?}: {text}");
        assert!(list() == before, "{arguments:?}");
    }
}
