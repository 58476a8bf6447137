//! Samples of every tool, and the facts that they must give.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use reimage_rights::report::Tool;

use crate::support::reports::{FOLDER, reading, sample, shown};

#[test]
fn every_sample_gives_the_facts_beside_it() {
    for file in samples() {
        let found = shown(&reading(&sample(&file)));
        let expected = fs::read_to_string(beside(&file)).unwrap_or_default();
        assert_eq!(found, expected, "{file}: see `write_report_facts` in {}", file!());
    }
}

#[test]
fn every_tool_has_samples() {
    let tools: BTreeSet<String> = samples()
        .iter()
        .map(|file| file.split_once('/').unwrap().0.to_owned())
        .collect();
    for tool in Tool::ALL {
        assert!(tools.contains(tool.as_str()), "{}", tool.as_str());
    }
}

/// Writes what samples give beside them, for review: `cargo test --test it write_report_facts -- --ignored`
#[test]
#[ignore = "writes into the source tree"]
fn write_report_facts() {
    for file in samples() {
        fs::write(beside(&file), shown(&reading(&sample(&file)))).unwrap();
    }
}

fn beside(file: &str) -> PathBuf {
    Path::new(FOLDER).join(format!("{file}.facts"))
}

fn samples() -> Vec<String> {
    let mut files = Vec::new();
    for tool in fs::read_dir(FOLDER).unwrap() {
        let tool = tool.unwrap();
        for file in fs::read_dir(tool.path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "facts") {
                let path = path.strip_prefix(FOLDER).unwrap();
                files.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}
