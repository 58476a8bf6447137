//! The house: imports run downward only, files stay small, and each floor keeps away from what it must not know.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Every room of the house: its floor, and what must not be named in it. Rooms of one floor do not know each other.
const ROOMS: [(&str, u8, &[&str]); 22] = [
    ("domain", 0, PURE),
    ("verdict", 1, PURE),
    ("catalogue", 1, PURE),
    ("rules", 2, PURE),
    ("report", 2, PURE),
    ("history", 3, OPAQUE),
    ("audit", 3, PURE),
    ("completion", 3, PURE),
    ("wire", 4, &["sqlx::", "tokio::", "SystemTime", "getrandom::"]),
    (
        "store",
        4,
        &["tonic::", "prost::", "pbjson", "SystemTime", "getrandom::"],
    ),
    (
        "access",
        4,
        &["tokio::", "tonic::", "prost::", "sqlx::", "SystemTime", "getrandom::"],
    ),
    ("config", 4, &["prost::", "sqlx::", "SystemTime"]),
    ("tls", 5, &["prost::", "sqlx::", "SystemTime"]),
    ("telemetry", 5, &["tonic::", "prost::", "sqlx::", "SystemTime"]),
    ("service", 5, &["tonic::", "sqlx::", "SystemTime", "getrandom::"]),
    ("door", 6, &["sqlx::", "SystemTime", "getrandom::"]),
    ("rpc", 7, &["sqlx::", "SystemTime", "getrandom::"]),
    ("web", 7, &["tonic::", "sqlx::", "SystemTime", "getrandom::"]),
    ("app", 8, &[]),
    ("cli", 9, &["sqlx::", "SystemTime", "getrandom::"]),
    ("main", 10, &[]),
    ("lib", 10, &[]),
];
/// No input, no output, no clock, no randomness, no waiting.
const PURE: &[&str] = &[
    "tokio::",
    "tonic::",
    "prost::",
    "pbjson",
    "sqlx::",
    "std::fs",
    "std::net",
    "SystemTime",
    "Instant",
    "getrandom::",
    "async fn",
];
const OPAQUE: &[&str] = &[
    "tokio::",
    "tonic::",
    "prost::",
    "pbjson",
    "sqlx::",
    "SystemTime",
    "getrandom::",
];
/// Lines of a file, its tests not counted.
const FILE_LEN_MAX: usize = 500;

#[test]
fn imports_run_downward_only() {
    for file in sources() {
        let floor = room(&file).1;
        let text = code(&file);
        for import in imports(&text) {
            let Some((_, below, _)) = ROOMS.iter().find(|(name, _, _)| *name == import) else {
                continue;
            };
            let own = room(&file).0 == import;
            assert!(
                own || *below < floor,
                "{} (floor {floor}) imports `{import}` (floor {below})",
                file.display()
            );
        }
    }
}

#[test]
fn every_module_has_a_room() {
    let rooms: BTreeSet<String> = sources().iter().map(|file| room_name(file)).collect();
    let unknown: Vec<&String> = rooms
        .iter()
        .filter(|name| !ROOMS.iter().any(|(room, _, _)| room == name))
        .collect();
    assert!(
        unknown.is_empty(),
        "add these modules to the table of rooms: {unknown:?}"
    );
}

#[test]
fn rooms_keep_away_from_what_they_must_not_know() {
    for file in sources() {
        let text = code(&file);
        for forbidden in room(&file).2 {
            assert!(!text.contains(forbidden), "{} names `{forbidden}`", file.display());
        }
    }
}

#[test]
fn files_stay_small() {
    for file in sources() {
        let lines = code(&file).lines().count();
        assert!(
            lines <= FILE_LEN_MAX,
            "{} has {lines} lines without its tests; split it",
            file.display()
        );
    }
    let main = fs::read_to_string("src/main.rs").unwrap();
    assert!(main.lines().count() <= 25, "main only parses arguments, runs and exits");
}

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files);
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn room_name(file: &Path) -> String {
    let first = file.strip_prefix("src").unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn room(file: &Path) -> (&'static str, u8, &'static [&'static str]) {
    let name = room_name(file);
    ROOMS
        .into_iter()
        .find(|(room, _, _)| *room == name)
        .unwrap_or_else(|| panic!("{name} has no room"))
}

/// The code of a file: without comments and without its test module.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines: Vec<&str> = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    lines.join(
        "
",
    )
}

/// The rooms that a file names after `crate::`, in one import or in a group of several.
fn imports(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (position, marker) in text.match_indices("crate::") {
        let rest = &text[position + marker.len()..];
        match rest.strip_prefix('{') {
            None => rooms.extend(word(rest)),
            Some(group) => rooms.extend(members(group).into_iter().filter_map(word)),
        }
    }
    rooms
}

/// The members of a group of imports, split at the commas of its own level.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut members) = (0_usize, 0, Vec::new());
    for (position, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => {
                members.push(&group[start..position]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                members.push(&group[start..position]);
                start = position + 1;
            }
            _ => {}
        }
    }
    members
}

fn word(text: &str) -> Option<String> {
    let word: String = text
        .trim_start()
        .chars()
        .take_while(|sign| sign.is_alphanumeric() || *sign == '_')
        .collect();
    (!word.is_empty()).then_some(word)
}

#[test]
fn imports_are_read_from_single_and_grouped_lines() {
    let text = "use crate::rules::x;\nuse crate::{\n    domain::{A, B},\n    store,\n};\nfn f() { crate::wire::g() }";
    assert_eq!(
        imports(text).into_iter().collect::<Vec<_>>(),
        ["domain", "rules", "store", "wire"]
    );
}
