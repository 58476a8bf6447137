use std::{
    convert::Infallible,
    io::{Cursor, Read as _, Write as _},
};

use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    super::{Checkpoint, CheckpointError, Hash, Inclusion, Kind, Log, Origin, Proof, SigningKey, Tiles, TrustedKeys},
    super::{forest::Shelf, leaf_hash},
    *,
};

const CATALOGUE: &[u8] = br#"{"format":1,"families":[]}"#;
const SELECTION: &str = "image_id = \"office\"";

fn key(random: u8) -> SigningKey {
    let origin = Origin::new("imaging.example.com/rights", Log::Decisions).unwrap();
    SigningKey::generate(&origin, [random; 32]).unwrap()
}

fn trusted() -> TrustedKeys {
    [key(7).verifier().clone()].into_iter().collect()
}

/// A log, and what a bundle needs of it.
struct Sample {
    records: Vec<Vec<u8>>,
    note: String,
    shelf: Shelf,
    size: u64,
}

impl Sample {
    fn new(records: Vec<Vec<u8>>) -> Self {
        let leaves: Vec<Hash> = records.iter().map(|record| leaf_hash(Kind::Decision, record)).collect();
        let (tree, shelf) = Shelf::grown(&leaves, 1000);
        let checkpoint = Checkpoint {
            origin: key(7).origin().clone(),
            size: tree.size(),
            root: tree.root(),
            extensions: vec![],
        };
        Self {
            records,
            note: checkpoint.sign(&key(7)).unwrap(),
            shelf,
            size: tree.size(),
        }
    }

    fn of(count: u64) -> Self {
        let record = |number| format!(r#"{{"format":1,"decision":{{"number":"{number}"}}}}"#).into_bytes();
        Self::new((0..count).map(record).collect())
    }

    fn proof(&self, index: u64) -> Proof {
        let claim = Inclusion::new(index, self.size).unwrap();
        let mut tiles = Tiles::new();
        for tile in self.shelf.get(&claim.tiles()) {
            tiles.insert(&tile);
        }
        claim.prove(&tiles).unwrap()
    }

    fn begin(&self, conditions: &[u8]) -> BundleWriter<Vec<u8>> {
        let head = BundleHead {
            note: &self.note,
            conditions,
            selection: SELECTION,
            program: "reimage-rights 0.1.0",
        };
        BundleWriter::begin(Vec::new(), &head, &trusted()).unwrap()
    }

    fn add(&self, writer: &mut BundleWriter<Vec<u8>>, index: u64) -> Result<(), WriteError> {
        let record = &self.records[usize::try_from(index).unwrap()];
        writer.record(index, Kind::Decision, record, self.proof(index))
    }

    fn bundle(&self, indexes: &[u64]) -> Vec<u8> {
        let mut writer = self.begin(b"[]");
        for index in indexes {
            self.add(&mut writer, *index).unwrap();
        }
        writer.catalogue(CATALOGUE).unwrap();
        writer.catalogue(CATALOGUE).unwrap();
        writer.finish().unwrap()
    }
}

/// What there is to learn from a bundle: what was checked, each record with its place, the catalogues.
type Reading = (Report, Vec<(u64, Vec<u8>)>, Vec<u8>);

fn read(bundle: &[u8]) -> Result<Reading, RecordsError<Infallible>> {
    let mut bundle = Bundle::open(Cursor::new(bundle), &trusted())?;
    let mut records = Vec::new();
    let report = bundle.records(|record| {
        records.push((record.log_index, record.record.to_vec()));
        Ok(())
    })?;
    let catalogues = bundle.catalogues().values().flatten().copied().collect();
    Ok((report, records, catalogues))
}

fn refusal(bundle: &[u8]) -> BundleError {
    match read(bundle) {
        Err(RecordsError::Bundle(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// The bundle with its files changed and packed again, as a forger would.
fn repacked(bundle: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bundle)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let name = String::from_utf8(member.name_raw().to_vec()).unwrap();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&name, bytes) {
            out.start_file(name, SimpleFileOptions::default()).unwrap();
            out.write_all(&bytes).unwrap();
        }
    }
    out.finish().unwrap().into_inner()
}

fn with_text(bundle: &[u8], file: &str, from: &str, to: &str) -> Vec<u8> {
    repacked(bundle, |name, bytes| {
        if name != file {
            return Some(bytes);
        }
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(from), "{text}");
        Some(text.replacen(from, to, 1).into_bytes())
    })
}

#[test]
fn a_bundle_gives_back_what_was_put_in_and_checks() {
    let sample = Sample::of(1000);
    let indexes = [0, 3, 255, 256, 999];
    let (report, records, catalogues) = read(&sample.bundle(&indexes)).unwrap();
    assert_eq!(report.records, 5);
    assert_eq!(report.range, Some((0, 999)));
    assert!(!report.is_gapless());
    for ((index, record), expected) in records.iter().zip(indexes) {
        assert_eq!(*index, expected);
        assert_eq!(*record, sample.records[usize::try_from(expected).unwrap()]);
    }
    assert_eq!(catalogues, CATALOGUE);

    let (report, ..) = read(&sample.bundle(&[5, 6, 7])).unwrap();
    assert!(report.is_gapless());
    let (report, ..) = read(&sample.bundle(&[])).unwrap();
    assert_eq!(report, Report::default());
}

#[test]
fn the_same_calls_write_the_same_bytes() {
    let sample = Sample::of(300);
    assert_eq!(sample.bundle(&[1, 2, 299]), sample.bundle(&[1, 2, 299]));
}

#[test]
fn what_would_not_verify_is_not_written() {
    let sample = Sample::of(10);
    let mut writer = sample.begin(b"[]");
    let altered = writer.record(3, Kind::Decision, b"{}", sample.proof(3));
    assert!(matches!(
        altered,
        Err(WriteError::Proof {
            log_index: 3,
            source: super::super::ProofError::Wrong
        })
    ));
    let operation = writer.record(3, Kind::Operation, &sample.records[3], sample.proof(3));
    assert!(matches!(operation, Err(WriteError::Proof { .. })));
    let beyond = writer.record(10, Kind::Decision, b"{}", Proof::default());
    assert!(matches!(beyond, Err(WriteError::Proof { .. })));

    sample.add(&mut writer, 3).unwrap();
    assert!(matches!(sample.add(&mut writer, 3), Err(WriteError::Order(3))));
    assert!(matches!(sample.add(&mut writer, 2), Err(WriteError::Order(2))));
    writer.catalogue(CATALOGUE).unwrap();
    assert!(matches!(sample.add(&mut writer, 4), Err(WriteError::Order(4))));

    let broken = Sample::new(vec![b"{\n}".to_vec()]);
    let mut writer = broken.begin(b"[]");
    assert!(matches!(broken.add(&mut writer, 0), Err(WriteError::LineBreak(0))));
}

#[test]
fn a_flipped_byte_is_refused_or_changes_nothing_that_is_believed() {
    let bundle = Sample::of(3).bundle(&[0, 2]);
    let (report, records, catalogues) = read(&bundle).unwrap();
    for place in 0..bundle.len() {
        let mut other = bundle.clone();
        other[place] ^= 0x10;
        if let Ok(read) = read(&other) {
            assert_eq!(read, (report, records.clone(), catalogues.clone()), "byte {place}");
        }
    }
}

#[test]
fn what_was_altered_is_named_by_its_place_in_the_log() {
    let bundle = Sample::of(300).bundle(&[7, 8, 299]);
    let records = |from, to| refusal(&with_text(&bundle, name::RECORDS, from, to));
    let fault = |error| match error {
        BundleError::Record { log_index, line, fault } => (log_index, line, fault),
        other => panic!("{other:?}"),
    };
    let altered = records(r#""number":"8""#, r#""number":"9""#);
    assert_eq!(fault(altered), (8, 2, RecordFault::Record));
    let kind = records(r#""log_index":8,"kind":1"#, r#""log_index":8,"kind":2"#);
    assert_eq!(fault(kind), (8, 2, RecordFault::Record));
    let moved = records(r#""log_index":8"#, r#""log_index":9"#);
    assert_eq!(fault(moved), (9, 2, RecordFault::Proof));
    let beyond = records(r#""log_index":299"#, r#""log_index":300"#);
    assert_eq!(fault(beyond), (300, 3, RecordFault::Beyond { size: 300 }));
    let before = records(r#""log_index":8"#, r#""log_index":6"#);
    assert_eq!(fault(before), (6, 2, RecordFault::Order { before: 7 }));
    let unread = records(r#"{"log_index":8"#, r#"{"log_index":"8""#);
    assert!(matches!(unread, BundleError::Line { line: 2, .. }), "{unread:?}");

    let end = repacked(&bundle, |name, mut bytes| {
        bytes.truncate(bytes.len() - usize::from(name == name::RECORDS));
        Some(bytes)
    });
    let end = refusal(&end);
    assert!(matches!(end, BundleError::Line { line: 3, .. }), "{end:?}");
}

#[test]
fn a_forged_record_with_a_leaf_of_its_own_hangs_on_nothing() {
    let sample = Sample::of(300);
    let forged = br#"{"format":1,"decision":{"number":"8","verdict":"PERMITTED"}}"#;
    let genuine = BundledRecord {
        log_index: 8,
        kind: Kind::Decision,
        leaf: leaf_hash(Kind::Decision, &sample.records[8]),
        proof: sample.proof(8),
        record: &sample.records[8],
    };
    let leaf = leaf_hash(Kind::Decision, forged);
    let record = forged.as_slice();
    let line = BundledRecord {
        leaf,
        record,
        ..genuine.clone()
    }
    .write()
    .unwrap();
    let (from, to) = (genuine.write().unwrap(), line);
    let bundle = with_text(
        &sample.bundle(&[7, 8, 9]),
        name::RECORDS,
        str::from_utf8(&from).unwrap(),
        str::from_utf8(&to).unwrap(),
    );
    let error = refusal(&bundle);
    assert_eq!(
        error.to_string(),
        "record 8 (line 2 of `records.ndjson`): the proof does not lead from its leaf to the checkpoint: \
         leaf, index or proof was altered, or the log never held it"
    );
}

#[test]
fn a_record_left_out_is_missed_by_the_manifest() {
    let bundle = Sample::of(300).bundle(&[7, 8, 299]);
    let cut = repacked(&bundle, |name, bytes| {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        Some(if name == name::RECORDS {
            lines[..2].concat()
        } else {
            bytes
        })
    });
    assert_eq!(
        refusal(&cut).to_string(),
        "`manifest.json` gives the number of records as `3`, and the bundle has `2`"
    );
}

#[test]
fn a_checkpoint_changed_or_of_another_key_is_refused() {
    let sample = Sample::of(300);
    let bundle = sample.bundle(&[7]);
    let larger = refusal(&with_text(&bundle, name::CHECKPOINT, "\n300\n", "\n301\n"));
    assert!(matches!(
        larger,
        BundleError::Checkpoint(CheckpointError::Signature { .. })
    ));

    let strangers = [key(8).verifier().clone()].into_iter().collect();
    let unknown = Bundle::open(Cursor::new(&bundle), &strangers).unwrap_err();
    assert!(matches!(
        unknown,
        BundleError::Checkpoint(CheckpointError::UnknownKey { .. })
    ));
}

#[test]
fn a_catalogue_changed_is_refused() {
    let bundle = Sample::of(3).bundle(&[0]);
    let digest = hexadecimal_digest(CATALOGUE);
    let changed = refusal(&with_text(&bundle, &name::catalogue(&digest), "1", "2"));
    assert!(matches!(changed, BundleError::Catalogue { digest: named, .. } if named == digest));
}

#[test]
fn files_missing_foreign_or_twice_are_named() {
    let bundle = Sample::of(3).bundle(&[0]);
    let catalogue = name::catalogue(&hexadecimal_digest(CATALOGUE));
    for missing in [
        name::README,
        name::CHECKPOINT,
        name::CONDITIONS,
        name::RECORDS,
        name::MANIFEST,
    ] {
        let without = repacked(&bundle, |name, bytes| (name != missing).then_some(bytes));
        assert!(matches!(refusal(&without), BundleError::Missing(name) if name == missing));
    }
    let without = repacked(&bundle, |name, bytes| (name != catalogue).then_some(bytes));
    assert!(matches!(
        refusal(&without),
        BundleError::Stated {
            what: "the catalogues",
            ..
        }
    ));

    let mut archive = ZipWriter::new_append(Cursor::new(bundle)).unwrap();
    archive.start_file("more.txt", SimpleFileOptions::default()).unwrap();
    let more = archive.finish().unwrap().into_inner();
    assert!(matches!(refusal(&more), BundleError::Unexpected(name) if name == "more.txt"));
    assert!(matches!(refusal(b"no archive"), BundleError::NoBundle(_)));
    assert!(matches!(refusal(b""), BundleError::NoBundle(_)));
}

#[test]
fn a_bundle_that_was_not_finished_is_refused() {
    let sample = Sample::of(3);
    let bundle = sample.bundle(&[0, 1, 2]);
    for len in (0..bundle.len()).step_by(7) {
        assert!(read(&bundle[..len]).is_err(), "{len}");
    }
}

#[test]
fn a_later_form_is_refused_by_its_number() {
    let bundle = Sample::of(3).bundle(&[0]);
    let later = refusal(&with_text(
        &bundle,
        name::MANIFEST,
        "\"format\": 1,",
        "\"format\": 2, \"more\": [],",
    ));
    assert_eq!(
        later.to_string(),
        "`manifest.json` is not what a bundle of format 1 has: its format is 2; use the program version that wrote it"
    );
}

#[test]
fn whoever_is_given_the_records_can_end_it() {
    let bundle = Sample::of(3).bundle(&[0, 1]);
    let mut bundle = Bundle::open(Cursor::new(bundle), &trusted()).unwrap();
    let stopped = bundle.records(|record| if record.log_index == 1 { Err("no") } else { Ok(()) });
    assert_eq!(stopped.unwrap_err().to_string(), "record 1: no");
}
