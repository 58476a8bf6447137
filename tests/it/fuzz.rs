//! Bytes from outside, wrong in every way: whatever parses them says so, and neither panics, hangs nor takes memory without end.
//!
//! Each parser is given every file of its corpus under `tests/corpus`, and then as many changed ones as `FUZZ_CASES` says: bytes flipped, cut out,
//! repeated, put together from two files, or none of them at all. A file that ever broke a parser is added to its corpus.

use std::{
    convert::Infallible,
    env, fs,
    io::Cursor,
    path::Path,
    sync::LazyLock,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use prost::Message as _;
use reimage_rights::{
    access::{Credentials, Gate},
    audit::{KeyRing, NoteLines, TilePath, TrustedKeys, VerifierKey, bundle::Bundle},
    catalogue::Catalogue,
    config::{Flags, Folders, Settings, TlsFiles},
    rules::evaluate,
    tls::Identity,
    wire::{parse_check, parse_history, pb},
};

/// How many changed inputs each parser is given, in the environment.
const CASES: &str = "FUZZ_CASES";
const CASE_COUNT: u32 = 2000;
/// No input may take longer, on the slowest machine; most take microseconds.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Most bytes of an input. What is larger is refused before it is parsed.
const LEN_MAX: usize = 64 * 1024;

/// Parses what may be anything.
type Parser = fn(&[u8]);

fn check_message(bytes: &[u8]) {
    if let Ok(request) = pb::CheckRequest::decode(bytes) {
        check(request);
    }
}

fn check_json(bytes: &[u8]) {
    if let Ok(request) = serde_json::from_slice(bytes) {
        check(request);
    }
}

/// As a request is taken: what is valid is decided too.
fn check(request: pb::CheckRequest) {
    let catalogue = Catalogue::embedded();
    if let Ok(check) = parse_check(request, catalogue) {
        let _ = evaluate(&check.facts, catalogue);
    }
}

fn history_message(bytes: &[u8]) {
    if let Ok(request) = pb::HistoryRequest::decode(bytes) {
        let _ = parse_history(request, Catalogue::embedded());
    }
}

/// A name as free text, in the field that the catalogue reads.
fn product_name(bytes: &[u8]) {
    let mut request = crate::support::server::typical("PC-1");
    let image = request.image.as_mut().unwrap();
    let product = image.products[0].product.as_mut().unwrap();
    *product = pb::Product {
        name: String::from_utf8_lossy(bytes).into_owned(),
        ..pb::Product::default()
    };
    check(request);
}

fn page_token(bytes: &[u8]) {
    let request = pb::HistoryRequest {
        page_token: String::from_utf8_lossy(bytes).into_owned(),
        ..pb::HistoryRequest::default()
    };
    let _ = parse_history(request, Catalogue::embedded());
}

/// A gate with an issuer, a token and a certificate.
static GATE: LazyLock<Gate> = LazyLock::new(|| {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("access.toml");
    fs::copy("tests/corpus/access.toml/whole", &path).unwrap();
    fs::copy("tests/corpus/jwks.json", folder.path().join("jwks.json")).unwrap();
    Gate::load(&path).unwrap()
});

fn authorization(bytes: &[u8]) {
    let credentials = Credentials {
        authorization: Some(bytes),
        certificate: None,
    };
    // Nothing that is made up lets anybody in.
    assert!(GATE.identify(credentials, Timestamp::UNIX_EPOCH).is_err());
}

fn access_file(bytes: &[u8]) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("access.toml");
    fs::write(&path, bytes).unwrap();
    fs::copy("tests/corpus/jwks.json", folder.path().join("jwks.json")).unwrap();
    let _ = Gate::load(&path);
}

fn config_file(bytes: &[u8]) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, bytes).unwrap();
    let _ = Settings::load(&Flags::new(Some(path)), [], &Folders::default());
}

/// The keys of the golden bundle.
static KEYS: LazyLock<TrustedKeys> = LazyLock::new(|| {
    let text = fs::read_to_string("tests/corpus/verifier-keys").unwrap();
    let keys: Vec<VerifierKey> = text.lines().map(|line| line.parse().unwrap()).collect();
    keys.into_iter().collect()
});

fn bundle(bytes: &[u8]) {
    if let Ok(mut bundle) = Bundle::open(Cursor::new(bytes), &KEYS) {
        let _ = bundle.records(|_| Ok::<_, Infallible>(()));
    }
}

fn checkpoints(bytes: &[u8]) {
    let mut lines = NoteLines::default();
    for line in String::from_utf8_lossy(bytes).lines() {
        if let Some(note) = lines.push(line) {
            let _ = KEYS.open(note.as_bytes());
        }
    }
}

fn key_file(bytes: &[u8]) {
    let _ = String::from_utf8_lossy(bytes).parse::<KeyRing>();
}

fn tile_path(bytes: &[u8]) {
    let _ = String::from_utf8_lossy(bytes).parse::<TilePath>();
}

fn certificate(bytes: &[u8]) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("any.pem");
    fs::write(&path, bytes).unwrap();
    let files = TlsFiles {
        certificate: path.clone(),
        key: path.clone(),
        client_ca: Some(path),
    };
    let _ = Identity::load(&files);
}

/// One change of an input.
#[derive(Clone, Debug)]
enum Change {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index, prop::sample::Index),
    Repeat(prop::sample::Index, prop::sample::Index, u8),
    Put(prop::sample::Index, Vec<u8>),
    /// Goes on as another file from here.
    Splice(prop::sample::Index, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), any::<u8>()).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (index(), index()).prop_map(|(from, to)| Change::Cut(from, to)),
        (index(), index(), 2_u8..40).prop_map(|(from, to, times)| Change::Repeat(from, to, times)),
        (index(), prop::collection::vec(any::<u8>(), 1..16)).prop_map(|(at, bytes)| Change::Put(at, bytes)),
        (index(), index()).prop_map(|(at, other)| Change::Splice(at, other)),
    ]
}

impl Change {
    fn of(&self, bytes: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let len = bytes.len() + 1;
        let range = |from: &prop::sample::Index, to: &prop::sample::Index| {
            let (from, to) = (from.index(len), to.index(len));
            from.min(to)..from.max(to)
        };
        match self {
            Self::Flip(at, bits) => {
                if let Some(byte) = bytes.get_mut(at.index(len)) {
                    *byte ^= bits;
                }
            }
            Self::Cut(from, to) => drop(bytes.drain(range(from, to))),
            Self::Repeat(from, to, times) => {
                let range = range(from, to);
                let part = bytes[range.clone()].repeat(usize::from(*times));
                bytes.splice(range, part);
            }
            Self::Put(at, more) => {
                let at = at.index(len);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Splice(at, other) => {
                let other = other.get(corpus);
                bytes.truncate(at.index(len));
                bytes.extend(other.iter().skip(bytes.len()));
            }
        }
        bytes.truncate(LEN_MAX);
    }
}

fn corpus(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn run(name: &str, parser: Parser) {
    let inputs = corpus(&Path::new("tests/corpus").join(name));
    assert!(!inputs.is_empty(), "{name} has no corpus");
    let timed = |bytes: &[u8]| {
        let begun = Instant::now();
        parser(bytes);
        assert!(
            begun.elapsed() < TIME_MAX,
            "{} bytes took {:?}",
            bytes.len(),
            begun.elapsed()
        );
    };
    for input in &inputs {
        timed(input);
    }
    let cases = env::var(CASES).map_or(CASE_COUNT, |cases| cases.parse().unwrap());
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let changed = (any::<prop::sample::Index>(), prop::collection::vec(change(), 1..6));
    let made_up = prop::collection::vec(any::<u8>(), 0..300);
    let input = prop_oneof![
        9 => changed.prop_map(|(at, changes)| {
            let mut bytes = at.get(&inputs).clone();
            for change in &changes {
                change.of(&mut bytes, &inputs);
            }
            bytes
        }),
        1 => made_up,
    ];
    let tried = runner.run(&input, |bytes| {
        timed(&bytes);
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{name}: {error}"));
}

#[test]
fn any_bytes_as_a_check() {
    run("check.pb", check_message);
}

#[test]
fn any_bytes_as_a_question_to_the_history() {
    run("history.pb", history_message);
}

#[test]
fn any_text_as_a_check_in_json() {
    run("check.json", check_json);
}

#[test]
fn any_text_as_the_name_of_a_product() {
    run("product", product_name);
}

#[test]
fn any_text_as_a_page_token() {
    run("page-token", page_token);
}

#[test]
fn any_bytes_as_a_credential() {
    run("authorization", authorization);
}

#[test]
fn any_text_as_an_access_file() {
    run("access.toml", access_file);
}

#[test]
fn any_text_as_a_configuration() {
    run("config.toml", config_file);
}

#[test]
fn any_bytes_as_a_bundle() {
    run("bundle", bundle);
}

#[test]
fn any_text_as_a_file_of_checkpoints() {
    run("checkpoints", checkpoints);
}

#[test]
fn any_text_as_a_key_file() {
    run("key-file", key_file);
}

#[test]
fn any_text_as_the_path_of_a_tile() {
    run("tile-path", tile_path);
}

#[test]
fn any_bytes_as_a_certificate() {
    run("certificate", certificate);
}
