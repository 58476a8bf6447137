//! Copies of a database: whole, of one moment, and put back only where there is none.

use std::fs;

use reimage_rights::{
    app::{self, Verifiable, Verification},
    service::Subject,
    store::backup,
    wire::pb,
};

use crate::support::{
    audit::audit,
    process::{Process, run, run_with_files_up_to},
    server::{Place, Server, typical},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_under_load_is_whole_and_has_all_that_was_acknowledged_before() {
    let server = Server::start().await;
    let before = server.record(200).await;
    let copy = server.place.path().join("copies").join("copy.db");
    let recording = async {
        for number in 0..200 {
            server.check(typical(&format!("PC-{number}"))).await.unwrap();
        }
    };
    let database = server.place.database();
    let (copied, ()) = tokio::join!(backup::copy(&database, &copy), recording);
    copied.unwrap();

    let held = audit(&copy).await;
    assert!(before.iter().all(|decision| held.contains_key(&decision.decision_id)));
    let verification = Verification {
        checkpoint_file: None,
        keys: app::keys(&server.place.key_file()).unwrap().trusted(),
        since: None,
    };
    let verifiable = Verifiable::open(&copy, Subject::Live).await.unwrap();
    let report = verifiable.verify(verification, |_| {}, |_| {}).await.unwrap();
    assert_eq!(report.fault, None);
    assert_eq!(report.decisions, held.len() as u64);
    let left = fs::read_dir(copy.parent().unwrap()).unwrap();
    let mut left = left.map(|entry| entry.unwrap().path());
    assert!(left.all(|path| path.extension().is_some_and(|extension| extension != "new")));
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let server = Server::start().await;
    server.record(3).await;
    let database = server.place.database();
    let error = backup::copy(&database, &database).await.unwrap_err().to_string();
    assert!(error.contains("nothing is ever overwritten"), "{error}");
    let copy = server.place.path().join("copy.db");
    backup::copy(&database, &copy).await.unwrap();
    // Whoever opened that copy would take this for a part of it.
    let stale = server.place.path().join("fresh.db-wal");
    fs::write(&stale, "of another").unwrap();
    let fresh = server.place.path().join("fresh.db");
    let error = backup::copy(&database, &fresh).await.unwrap_err().to_string();
    assert!(error.contains("fresh.db-wal` exists") && !fresh.exists(), "{error}");
    for to in [&database, &copy] {
        let error = backup::put_back(&copy, to).await.unwrap_err().to_string();
        assert!(error.contains("exists"), "{error}");
    }
    // Nor while the owner lives, though its file is gone.
    fs::remove_file(&database).unwrap();
    let error = backup::put_back(&copy, &database).await.unwrap_err().to_string();
    assert!(error.contains("stop it"), "{error}");
    let place = server.stop().await;
    assert_eq!(audit(&copy).await.len(), 3);
    assert!(!place.database().exists());
}

#[tokio::test]
async fn no_file_is_taken_for_scratch_whatever_it_is_called() {
    let server = Server::start().await;
    server.record(3).await;
    let place = server.stop().await;
    let (first, second) = (place.path().join("copy.db.new"), place.path().join("copy.db"));
    backup::copy(&place.database(), &first).await.unwrap();
    backup::copy(&place.database(), &second).await.unwrap();
    assert_eq!(audit(&first).await.len(), 3);
    fs::remove_file(&second).unwrap();
    backup::put_back(&first, &second).await.unwrap();
    assert_eq!(audit(&first).await.len(), 3);
    assert_eq!(audit(&second).await.len(), 3);
    // Nor is what is put back taken for a file of SQLite's.
    let to = place.path().join("restored.db");
    let copy = place.path().join("restored.db-shm");
    fs::copy(&second, &copy).unwrap();
    let error = backup::put_back(&copy, &to).await.unwrap_err().to_string();
    assert!(error.contains("exists"), "{error}");
    assert_eq!(fs::read(&copy).unwrap(), fs::read(&second).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_copies_made_at_once_to_one_name_one_is_there_and_whole() {
    let server = Server::start().await;
    server.record(200).await;
    let place = server.stop().await;
    let (database, copy) = (place.database(), place.path().join("copies").join("copy.db"));
    let making = || backup::copy(&database, &copy);
    let (a, b, c) = tokio::join!(making(), making(), making());
    let made = [a, b, c];
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1, "{made:?}");
    for error in made.into_iter().filter_map(Result::err) {
        assert!(error.to_string().contains("exists"), "{error}");
    }
    assert_eq!(audit(&copy).await.len(), 200);
    assert_eq!(fs::read_dir(place.path().join("copies")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_restored_database_goes_on_where_the_copy_was_made() {
    let server = Server::start().await;
    let decisions = server.record(5).await;
    let place = server.stop().await;
    let copy = place.path().join("copy.db");
    backup::copy(&place.database(), &copy).await.unwrap();
    fs::rename(place.database(), place.path().join("kept.db")).unwrap();
    backup::put_back(&copy, &place.database()).await.unwrap();

    let server = place.serve().await;
    assert_eq!(server.whole_history(pb::HistoryRequest::default()).await.len(), 5);
    let id = &decisions[0].decision_id;
    assert_eq!(server.reproduce(id).await.unwrap().result(), pb::ReproduceResult::Same);
    assert_eq!(server.check(typical("PC-6")).await.unwrap().log_index, 5);
}

#[tokio::test]
async fn what_is_no_database_or_damaged_is_not_put_back_and_leaves_nothing() {
    let server = Server::start().await;
    server.record(200).await;
    let place = server.stop().await;
    let to = place.path().join("restored.db");
    let text = place.path().join("text.db");
    fs::write(&text, "no database at all, but long enough to have been one".repeat(50)).unwrap();
    assert!(backup::put_back(&text, &to).await.is_err());
    assert!(backup::put_back(&place.path().join("missing.db"), &to).await.is_err());
    let copy = place.path().join("copy.db");
    backup::copy(&place.database(), &copy).await.unwrap();
    let mut bytes = fs::read(&copy).unwrap();
    let len = bytes.len();
    bytes[len / 2..].fill(0xa5);
    fs::write(&copy, bytes).unwrap();
    assert!(backup::put_back(&copy, &to).await.is_err());
    let left: Vec<String> = fs::read_dir(place.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("restored"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn where_there_is_no_room_for_a_copy_that_place_is_named_and_nothing_left_there() {
    let server = Server::start().await;
    server.record(200).await;
    let place = server.stop().await;
    let folder = place.path().join("copies");
    fs::create_dir(&folder).unwrap();
    let (database, copy) = (place.database(), folder.join("copy.db"));
    backup::copy(&database, &copy).await.unwrap();
    let (database, copy) = (database.display().to_string(), copy.display().to_string());
    let [second, restored] = ["second.db", "restored.db"].map(|name| folder.join(name).display().to_string());
    for (arguments, named) in [
        (["backup", &second, "--database", &database], &second),
        (["restore", &copy, "--database", &restored], &restored),
    ] {
        let output = run_with_files_up_to(256, place.path(), &arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(&format!("`{named}` cannot be copied to")), "{told}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "{told}");
    }
}

#[tokio::test]
async fn commands_copy_restore_and_ask_how_a_server_is() {
    let place = Place::new();
    let home = place.path();
    let mut process = Process::serve(&place.database()).await;
    crate::support::server::check(process.client(), typical("PC-1"))
        .await
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let named = place.database().display().to_string();
    let copy = home.join("copy.db").display().to_string();

    let address = process.owner.address.clone().unwrap();
    let output = run(home, &["health", "--server", &address]);
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(0), "serving\n".to_owned())
    );
    let output = run(home, &["backup", &copy, "--database", &named]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = run(home, &["backup", &copy, "--database", &named]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));

    process.terminate();
    assert!(process.ended().await.success());
    let output = run(home, &["health", "--server", &address]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("cannot be reached"),
        "{}",
        text(&output.stderr)
    );
    fs::remove_file(place.database()).unwrap();
    let output = run(home, &["restore", &copy, "--database", &named]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(audit(&place.database()).await.len(), 1);
}

#[test]
fn settings_are_shown_with_their_origins_and_checked() {
    let place = Place::new();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let output = run(place.path(), &["config", "show", "--log", "debug"]);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(shown.contains("log\tdebug\t`--log`"), "{shown}");
    assert!(shown.contains("queue_len_max\t1024\tdefault"), "{shown}");
    assert!(shown.contains("`REIMAGE_RIGHTS_KEY_FILE`"), "{shown}");
    assert!(run(place.path(), &["config", "check"]).status.success());

    let address = "127.0.0.1:50051";
    for wrong in [
        format!("http_listen = \"{address}\"\n"),
        format!("database = \"{}\"\n", place.path().display()),
    ] {
        let file = place.path().join("does-not-start.toml");
        fs::write(&file, wrong).unwrap();
        let file = file.to_str().unwrap();
        for command in [&["config", "check"][..], &["serve"]] {
            let output = run(place.path(), &[command, &["--config", file]].concat());
            assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        }
    }

    let file = place.path().join("wrong.toml");
    fs::write(&file, "listen = \"0.0.0.0:1\"\n").unwrap();
    let output = run(place.path(), &["config", "check", "--config", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--insecure"), "{}", text(&output.stderr));
}
