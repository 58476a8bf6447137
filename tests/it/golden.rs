//! Stored forms that must be read for ever: records as an earlier program wrote them, and what they are found by.
//!
//! A file under `tests/golden` is never changed. Where a new form comes, new files come.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use reimage_rights::{
    audit::{Kind, leaf_hash},
    catalogue::Catalogue,
    history::Projection,
    wire::{RECORD_FORMAT, decode, pb, projection},
};
use sqlx::{Connection as _, SqliteConnection};

use crate::support::{
    reports::sample,
    server::{Place, Server, example},
};

const FOLDER: &str = "tests/golden";
/// Set in the environment, it names a folder that records of the present program are written to.
const WRITE_TO: &str = "GOLDEN_WRITE_TO";

/// A name and the exact text of a record.
fn records() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 8, "{paths:?}");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// The numbers that a record is found by, as a person can compare them.
fn terms(projection: &Projection) -> String {
    let mut lines = format!(
        "decision_id {}\ndecided_at_us {}\n",
        projection.decision_id(),
        projection.decided_at_us()
    );
    for term in projection.terms() {
        let _ = writeln!(lines, "term {:016x}", term.stored());
    }
    lines
}

#[test]
fn golden_records_decode_and_encode_to_the_same_bytes() {
    for (path, text) in records() {
        let decision = decode(&text, 0).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_ne!(decision.verdict, 0, "{}", path.display());
        let record: pb::Record = serde_json::from_str(&text).unwrap();
        assert!((1..=RECORD_FORMAT).contains(&record.format));
        assert_eq!(record.salt.len(), 16);
        assert_eq!(serde_json::to_string(&record).unwrap(), text, "{}", path.display());
    }
}

#[test]
fn golden_records_show_each_verdict_and_an_image_of_two_products() {
    let decisions: Vec<pb::Decision> = records().iter().map(|(_, text)| decode(text, 0).unwrap()).collect();
    for verdict in [
        pb::Verdict::Permitted,
        pb::Verdict::NotPermitted,
        pb::Verdict::Indeterminate,
    ] {
        assert!(
            decisions.iter().any(|decision| decision.verdict() == verdict),
            "{verdict:?}"
        );
    }
    assert!(decisions.iter().any(|decision| decision.items.len() == 2));
}

#[test]
fn golden_records_of_one_request_are_read_alike_from_the_first_two_formats() {
    for (path, text) in records() {
        let (format, name) = path.file_name().unwrap().to_str().unwrap().split_once('-').unwrap();
        if format != "1" {
            continue;
        }
        // Format 3 is written by later rules and another catalogue: of it, only what it holds anew differs from format 2.
        let later = fs::read_to_string(path.with_file_name(format!("2-{name}"))).unwrap();
        assert_eq!(decode(&text, 0).unwrap(), decode(&later, 0).unwrap(), "{name}");
        assert!(later.len() < text.len(), "{name}");
    }
}

#[test]
fn golden_records_hold_nothing_that_is_derived() {
    for (path, text) in records() {
        let mut record: pb::Record = serde_json::from_str(&text).unwrap();
        // A report in the request has a text of its own.
        record.decision.as_mut().unwrap().request = None;
        let text = serde_json::to_string(&record).unwrap();
        for derived in [
            "\"logIndex\"",
            "\"explanation\"",
            "\"citation\"",
            "\"remedy\"",
            "\"text\"",
        ] {
            assert!(!text.contains(derived), "{}: {derived}", path.display());
        }
    }
}

#[test]
fn golden_records_are_found_by_the_same_numbers() {
    for (path, text) in records() {
        let projection = projection(&decode(&text, 0).unwrap()).unwrap();
        let expected = fs::read_to_string(path.with_extension("terms")).unwrap();
        assert_eq!(terms(&projection), expected, "{}", path.display());
    }
}

#[tokio::test]
async fn golden_records_reproduce_with_the_catalogue_that_was_recorded_with_them() {
    for format in 1..=RECORD_FORMAT {
        let prefix = format!("{format}-");
        let is_of = |path: &Path| path.file_name().unwrap().to_str().unwrap().starts_with(&prefix);
        let mut records: Vec<_> = records().into_iter().filter(|(path, _)| is_of(path)).collect();
        assert!(records.len() >= 4, "format {format}");
        // Times in a log never run backwards, so they go in as they were decided.
        records.sort_by_key(|(_, text)| decode(text, 0).unwrap().decision_id);
        reproduce(records).await;
    }
}

async fn reproduce(records: Vec<(PathBuf, String)>) {
    let server = Server::start().await;
    let mut database = server.place.sql().await;
    let (mut ids, mut leaves) = (Vec::new(), Vec::new());
    for (place, (path, text)) in records.into_iter().enumerate() {
        let decision = decode(&text, 0).unwrap();
        put_catalogue(&mut database, &decision.catalogue_digest).await;
        put_record(&mut database, i64::try_from(place).unwrap(), &decision, &text).await;
        leaves.extend(leaf_hash(Kind::Decision, text.as_bytes()).0);
        ids.push((path, decision));
    }
    put_leaves(&mut database, &leaves).await;
    database.close().await.unwrap();
    let rendered = server.whole_history(pb::HistoryRequest::default()).await;
    for (path, decision) in ids {
        let answer = server.reproduce(&decision.decision_id).await.unwrap();
        let path = path.display();
        assert_eq!(answer.result(), pb::ReproduceResult::Same, "{path}: {answer:?}");
        let rendered = rendered.iter().find(|one| one.decision_id == decision.decision_id);
        let findings = rendered.unwrap().items.iter().flat_map(|item| &item.findings);
        assert!(
            findings.into_iter().all(|finding| !finding.explanation.is_empty()),
            "{path}"
        );
    }
}

async fn put_catalogue(database: &mut SqliteConnection, digest: &str) {
    let bytes = fs::read(Path::new(FOLDER).join(format!("{digest}.catalogue"))).unwrap();
    assert_eq!(Catalogue::from_bytes(&bytes).unwrap().digest(), digest);
    sqlx::query("INSERT INTO catalogue (digest, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .bind(digest)
        .bind(bytes)
        .execute(database)
        .await
        .unwrap();
}

/// The one tile that the log of decisions has then.
async fn put_leaves(database: &mut SqliteConnection, leaves: &[u8]) {
    sqlx::query("INSERT INTO tile (place, hashes) VALUES (1 << 56, ?1)")
        .bind(leaves)
        .execute(database)
        .await
        .unwrap();
}

async fn put_record(database: &mut SqliteConnection, log_index: i64, decision: &pb::Decision, text: &str) {
    let projection = projection(decision).unwrap();
    sqlx::query("INSERT INTO decision (log_index, decision_id, decided_at, record) VALUES (?1, ?2, ?3, ?4)")
        .bind(log_index)
        .bind(projection.decision_id().as_bytes().to_vec())
        .bind(projection.decided_at_us())
        .bind(text)
        .execute(database)
        .await
        .unwrap();
}

#[tokio::test]
#[ignore = "writes golden files; run it when a new stored form comes"]
async fn write_golden_records() {
    let folder = PathBuf::from(env::var(WRITE_TO).unwrap());
    let requests = [
        ("permitted", example("reimage-oem-windows-7-professional")),
        ("not-permitted", example("home-premium-is-not-professional")),
        ("indeterminate", example("prior-version-terms-not-stated")),
        ("two-products", example("windows-and-office-in-one-image")),
        ("reported", reported("Windows 7 Professional")),
        ("contradicted", reported("Windows 7 Ultimate")),
        ("impossible", reported("Windows 7 Enterprise")),
    ];
    let server = Place::new().serve().await;
    for (_, request) in &requests {
        server.check(request.clone()).await.unwrap();
    }
    let mut database = server.place.sql().await;
    let rows = sqlx::query_scalar("SELECT record FROM decision ORDER BY log_index");
    let rows: Vec<String> = rows.fetch_all(&mut database).await.unwrap();
    for ((name, _), text) in requests.iter().zip(&rows) {
        let path = folder.join(format!("{RECORD_FORMAT}-{name}.json"));
        fs::write(&path, text).unwrap();
        let projection = projection(&decode(text, 0).unwrap()).unwrap();
        fs::write(path.with_extension("terms"), terms(&projection)).unwrap();
    }
    let catalogue = Catalogue::embedded();
    let path = folder.join(format!("{}.catalogue", catalogue.digest()));
    fs::write(path, catalogue.bytes()).unwrap();
}

/// A request whose license is what `name` says and a report of the running copy adds.
fn reported(name: &str) -> pb::CheckRequest {
    let mut request = example("reimage-oem-windows-7-professional");
    request.request_id = format!("reported {name}");
    let license = &mut request.device.as_mut().unwrap().licenses[0];
    license.coa = None;
    license.product = Some(pb::Product {
        name: name.to_owned(),
        ..pb::Product::default()
    });
    license.reports.push(pb::Report {
        tool: "wmi".to_owned(),
        text: sample("wmi/windows-7-professional-oem.txt").text,
        ..pb::Report::default()
    });
    let image = request.image.as_mut().unwrap();
    "Windows Vista Business".clone_into(&mut image.products[0].product.as_mut().unwrap().name);
    request
}
