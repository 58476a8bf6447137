//! Evidence bundles as earlier programs wrote them are read for ever.

use std::{
    convert::Infallible,
    fs,
    io::{Cursor, Read as _, Write as _},
};

use reimage_rights::audit::{
    Checkpoint, Hash, Inclusion, Kind, Log, Origin, SigningKey, Tiles, Tree, TrustedKeys,
    bundle::{Bundle, BundleHead, BundleWriter, Report},
    leaf_hash,
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::support::{process::told, server::Place};

const FOLDER: &str = "tests/golden";
const BUNDLE: &str = "tests/golden/bundle/1.zip";
/// What checks the golden bundle. Its signing key is made of 32 sevens, and signs nothing else.
const KEY: &str = "imaging.example.com/rights/decisions+21417477+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
const CATALOGUE: &str = "5b4f0418b4d30de7ecb493233d52c08b1d564dadce982dbea1fe1ed122b814c8";
/// SHA-256 of a file that is a catalogue by its name only.
const OTHER_CATALOGUE: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
/// Where the golden records stand in the log of the golden bundle.
const RECORDS: [(usize, &str); 4] = [
    (0, "1-permitted"),
    (100, "1-not-permitted"),
    (101, "1-indeterminate"),
    (299, "1-two-products"),
];
/// Set in the environment, it names a file that the bundle of the present program is written to.
const WRITE_TO: &str = "GOLDEN_BUNDLE_WRITE_TO";

fn trusted() -> TrustedKeys {
    [KEY.parse().unwrap()].into_iter().collect()
}

fn golden(name: &str) -> Vec<u8> {
    fs::read(format!("{FOLDER}/{name}")).unwrap()
}

#[test]
fn the_golden_bundle_opens_and_holds_the_golden_records() {
    let mut bundle = Bundle::open(Cursor::new(fs::read(BUNDLE).unwrap()), &trusted()).unwrap();
    let mut records = Vec::new();
    let report = bundle.records(|record| {
        records.push((record.log_index, record.record.to_vec()));
        Ok::<_, Infallible>(())
    });
    assert_eq!(
        report.unwrap(),
        Report {
            records: 4,
            range: Some((0, 299))
        }
    );
    let expected = RECORDS.map(|(index, name)| (index as u64, golden(&format!("{name}.json"))));
    assert!(records == expected);
    assert_eq!(bundle.checkpoint().size, 300);
    assert_eq!(bundle.catalogues().keys().collect::<Vec<_>>(), [CATALOGUE]);
}

/// Run when a new form of bundles comes; the old file stays as it is.
#[test]
#[ignore = "writes the golden bundle of a new form"]
fn write_golden_bundle() {
    let mut records: Vec<Vec<u8>> = (0..300)
        .map(|number| format!("{{\"number\":{number}}}").into())
        .collect();
    for (index, name) in RECORDS {
        records[index] = golden(&format!("{name}.json"));
    }
    let leaves: Vec<Hash> = records.iter().map(|record| leaf_hash(Kind::Decision, record)).collect();
    let (tree, stored) = Tree::new().appended(&leaves);
    let mut tiles = Tiles::new();
    for tile in &stored {
        tiles.insert(tile);
    }

    let origin = Origin::new("imaging.example.com/rights", Log::Decisions).unwrap();
    let key = SigningKey::generate(&origin, [7; 32]).unwrap();
    assert_eq!(key.verifier().text(), KEY);
    let checkpoint = Checkpoint {
        origin,
        size: tree.size(),
        root: tree.root(),
        extensions: vec![],
    };
    let head = BundleHead {
        note: &checkpoint.sign(&key).unwrap(),
        conditions: b"[]\n",
        selection: "",
        program: "reimage-rights 0.1.0",
    };
    let mut writer = BundleWriter::begin(Vec::new(), &head, &trusted()).unwrap();
    for (index, _) in RECORDS {
        let claim = Inclusion::new(index as u64, tree.size()).unwrap();
        let proof = claim.prove(&tiles).unwrap();
        writer
            .record(index as u64, Kind::Decision, &records[index], proof)
            .unwrap();
    }
    writer.catalogue(&golden(&format!("{CATALOGUE}.catalogue"))).unwrap();
    let path = std::env::var_os(WRITE_TO).expect("the environment names the file to write");
    fs::write(path, writer.finish().unwrap()).unwrap();
}

/// The records stay proven: only what was decided with the catalogue cannot be looked at any more.
#[test]
fn a_catalogue_that_was_taken_out_or_exchanged_is_named_and_not_laid_on_the_program() {
    let place = Place::new();
    let file = place.path().join("without.zip").display().to_string();
    let other: (&str, &[u8]) = (OTHER_CATALOGUE, b"{}");
    for catalogue in [None, Some(other)] {
        fs::write(&file, exchanged(catalogue)).unwrap();
        let (code, text, error) = told(place.path(), &["verify-bundle", &file, "--key", KEY]);
        assert_eq!(code, Some(4), "{text} {error}");
        assert!(text.starts_with("intact\n4 records"), "{text}");
        let words = format!("4 decisions name the catalogue `{CATALOGUE}`, which is not in the bundle");
        assert!(
            text.contains(&words) && text.contains("log index 0, 100, 101, 299\n"),
            "{text}"
        );
        assert!(!text.contains("by this program"), "{text}");
        let (_, json, _) = told(place.path(), &["verify-bundle", &file, "--json", "--key", KEY]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            json["catalogueMissing"][CATALOGUE],
            serde_json::json!([0, 100, 101, 299])
        );
        assert_eq!(json["cannotEvaluate"], serde_json::json!([]));
    }
}

/// The golden bundle with another catalogue in place of its own, or none, and a manifest that says so.
fn exchanged(catalogue: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut whole = ZipArchive::new(Cursor::new(fs::read(BUNDLE).unwrap())).unwrap();
    let mut changed = ZipWriter::new(Cursor::new(Vec::new()));
    let mut write = |name: &str, bytes: &[u8]| {
        changed.start_file(name, SimpleFileOptions::default()).unwrap();
        changed.write_all(bytes).unwrap();
    };
    for place in 0..whole.len() {
        let mut file = whole.by_index(place).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        if name == "manifest.json" {
            let mut manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            manifest["catalogues"] = catalogue.iter().map(|(digest, _)| *digest).collect();
            bytes = serde_json::to_vec(&manifest).unwrap();
        }
        if !name.starts_with("catalogues/") {
            write(&name, &bytes);
        }
    }
    if let Some((digest, bytes)) = catalogue {
        write(&format!("catalogues/{digest}.json"), bytes);
    }
    changed.finish().unwrap().into_inner()
}
