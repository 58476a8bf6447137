use std::{fs, path::Path};

use super::*;
use crate::config::Origin;

fn load(flags: &Flags, variables: &[(&str, &str)], folder: &Path) -> Result<Settings, String> {
    let folders = Folders {
        config: Some(folder.to_owned()),
        data: Some(folder.join("data")),
        state: Some(folder.join("state")),
    };
    let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
    Settings::load(flags, variables, &folders).map_err(|error| error.to_string())
}

fn listen(settings: &Settings) -> (String, String) {
    (settings.listen.value.to_string(), settings.listen.origin.to_string())
}

#[test]
fn with_nothing_set_the_defaults_hold() {
    let folder = tempfile::tempdir().unwrap();
    let settings = load(&Flags::default(), &[], folder.path()).unwrap();
    assert_eq!(listen(&settings), ("127.0.0.1:50051".into(), "default".into()));
    assert_eq!(
        settings.database.value.path(),
        folder.path().join("data").join("decisions.db")
    );
    let label = settings.database.value.label();
    assert_eq!(
        settings.key_path().unwrap(),
        folder.path().join("keys").join(format!("{label}.keys"))
    );
    assert_eq!(
        settings.checkpoint_path().unwrap(),
        folder
            .path()
            .join("state")
            .join("checkpoints")
            .join(format!("{label}.checkpoints"))
    );
    assert_eq!(settings.tiles_listen.value, None);
    assert_eq!(settings.server.value, None);
    assert!(!settings.insecure.value);
    assert_eq!(settings.log.value, "info");
    assert_eq!(settings.log_format.value, LogFormat::Pretty);
    assert_eq!(settings.queue_len_max.value.get(), 1024);
    assert_eq!(settings.batch_len_max.value.get(), 256);
    assert_eq!(settings.batch_call_count_max.value.get(), 4);
    assert_eq!(settings.stream_call_count_max.value.get(), 32);
    assert_eq!(settings.stream_in_flight_max.value.get(), 256);
}

#[test]
fn flag_wins_over_environment_over_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.toml"), "listen = \"127.0.0.1:1\"\n").unwrap();
    let variable = [("REIMAGE_RIGHTS_LISTEN", "127.0.0.1:2")];
    let flag = Flags::default().with(Key::Listen, Some("127.0.0.1:3"));

    let settings = load(&flag, &variable, folder.path()).unwrap();
    assert_eq!(listen(&settings), ("127.0.0.1:3".into(), "`--listen`".into()));

    let settings = load(&Flags::default(), &variable, folder.path()).unwrap();
    assert_eq!(
        listen(&settings),
        ("127.0.0.1:2".into(), "`REIMAGE_RIGHTS_LISTEN`".into())
    );

    let settings = load(&Flags::default(), &[], folder.path()).unwrap();
    assert_eq!(listen(&settings).0, "127.0.0.1:1");
    assert!(matches!(settings.listen.origin, Origin::File { line: 1, .. }));
}

#[test]
fn the_file_named_by_flag_wins_over_the_one_named_by_variable() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("flag.toml"), "listen = \"127.0.0.1:1\"\n").unwrap();
    fs::write(path("variable.toml"), "listen = \"127.0.0.1:2\"\n").unwrap();
    let variable = path("variable.toml").display().to_string();
    let variable = [("REIMAGE_RIGHTS_CONFIG", variable.as_str())];

    let settings = load(&Flags::new(Some(path("flag.toml"))), &variable, folder.path()).unwrap();
    assert_eq!(listen(&settings).0, "127.0.0.1:1");
    let settings = load(&Flags::default(), &variable, folder.path()).unwrap();
    assert_eq!(listen(&settings).0, "127.0.0.1:2");
}

#[test]
fn a_named_file_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.toml");
    let error = load(&Flags::new(Some(missing)), &[], folder.path()).unwrap_err();
    assert!(
        error.contains("missing.toml") && error.contains("`--config`"),
        "{error}"
    );
}

#[test]
fn a_wrong_value_names_its_origin_and_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [
        (Key::Listen, "localhost:1", "an IP address and port"),
        (Key::Database, "postgres://h/d", "the path of a file"),
        (Key::Server, "ftp://h:1", "`http://127.0.0.1:50051`"),
        (Key::Server, "h:1", "`http://127.0.0.1:50051`"),
        (Key::Insecure, "maybe", "`true` or `false`"),
        (Key::Log, "info=loud=very", "a filter"),
        (Key::LogFormat, "xml", "`pretty` or `json`"),
        (Key::KeyFile, " ", "the path of a file"),
        (Key::TilesListen, "on", "or `off`"),
        (Key::QueueLenMax, "0", "from 1 to 1000000"),
        (Key::BatchLenMax, "1000001", "from 1 to 1000000"),
        (Key::BatchCallCountMax, "0", "from 1 to 1000000"),
        (Key::StreamCallCountMax, "-1", "from 1 to 1000000"),
        (Key::StreamInFlightMax, "many", "from 1 to 1000000"),
        (Key::RateMax, "fast", "or `off`"),
        (Key::OtlpEndpoint, "https://h:4317", "`http://127.0.0.1:4317`"),
        (Key::AdminListen, "9090", "or `off`"),
    ];
    for (key, text, right) in wrong {
        let error = load(&Flags::default(), &[(&key.variable(), text)], folder.path()).unwrap_err();
        let told = [key.variable(), format!("`{text}`"), right.to_owned()];
        assert!(told.iter().all(|part| error.contains(part)), "{error}");
    }
}

#[test]
fn a_token_is_shown_neither_in_settings_nor_in_errors() {
    let folder = tempfile::tempdir().unwrap();
    let variable = Key::Token.variable();
    let settings = load(&Flags::default(), &[(&variable, "rr_hidden")], folder.path()).unwrap();
    let shown = settings
        .values()
        .into_iter()
        .find(|value| value.key == Key::Token)
        .unwrap();
    assert_eq!(shown.text, "(secret)");
    assert!(!format!("{settings:?}").contains("hidden"));
    let error = load(&Flags::default(), &[(&variable, "rr hidden")], folder.path()).unwrap_err();
    assert!(error.contains("`token create`") && !error.contains("hidden"), "{error}");
}

#[test]
fn without_a_home_the_database_must_be_named() {
    let error = Settings::load(&Flags::default(), [], &Folders::default()).unwrap_err();
    assert!(error.to_string().contains("`--database PATH`"), "{error}");
    let flags = Flags::default().with(Key::Database, Some("d.db"));
    let settings = Settings::load(&flags, [], &Folders::default()).unwrap();
    // Whoever only asks a server needs no keys.
    let error = settings.key_path().unwrap_err().to_string();
    assert!(error.contains("`--key-file`"), "{error}");
    let error = settings.checkpoint_path().unwrap_err().to_string();
    assert!(error.contains("`--checkpoint-file`"), "{error}");
}

#[test]
fn a_url_with_a_user_is_refused_and_its_password_shown_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    for (key, text, shown) in [
        (Key::Server, "https://ann:secret@h:1", "`https://***@h:1`"),
        (Key::Server, "https://ann@h:1", "`https://***@h:1`"),
        (Key::Server, "ann:secret@h:1", "`***@h:1`"),
        (Key::Server, "htps://ann:se@cret@h:1", "`htps://***@h:1`"),
        (Key::OtlpEndpoint, "http://ann:secret@h:1", "`http://***@h:1`"),
        (Key::Database, "postgres://ann:secret@h/d", "`postgres://***@h/d`"),
        (Key::Listen, "http://ann:secret@h:1", "`http://***@h:1`"),
    ] {
        let told = load(&Flags::default(), &[(&key.variable(), text)], folder.path()).unwrap_err();
        assert!(told.contains(shown) && !told.contains("secret"), "{told}");
    }
}

#[test]
fn two_configurations_that_differ_have_two_digests() {
    let folder = tempfile::tempdir().unwrap();
    let digest = |variables: &[(&str, &str)]| load(&Flags::default(), variables, folder.path()).unwrap().digest();
    assert_eq!(digest(&[]), digest(&[]));
    for key in Key::ALL {
        let other = match key {
            Key::Insecure => "true",
            Key::LogFormat => "json",
            Key::Log => "debug",
            Key::Server | Key::OtlpEndpoint => "http://h:1",
            Key::Listen | Key::HttpListen | Key::TilesListen | Key::AdminListen => "127.0.0.1:9",
            Key::Database | Key::KeyFile | Key::CheckpointFile => "other",
            _ => "7",
        };
        assert_ne!(digest(&[(&key.variable(), other)]), digest(&[]), "{key:?}");
    }
}
