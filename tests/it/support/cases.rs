//! The files under `tests/cases`, in which a report may name a sample under `tests/reports` instead of holding its text.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

use super::reports::sample;

const FOLDER: &str = "tests/cases";

/// Every case with its path, in the order of the paths.
pub fn read_cases<T: DeserializeOwned>() -> Vec<(PathBuf, T)> {
    let folders = fs::read_dir(FOLDER).unwrap().map(|folder| folder.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let case = read_case(&path);
        (path, case)
    };
    paths.into_iter().map(read).collect()
}

fn read_case<T: DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap();
    let case = serde_json::from_str(&text).and_then(|mut case| {
        put_in_samples(&mut case);
        serde_json::from_value(case)
    });
    case.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn put_in_samples(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(values) => values.iter_mut().for_each(put_in_samples),
        serde_json::Value::Object(object) => {
            if let Some(serde_json::Value::String(name)) = object.remove("sample") {
                object.insert("text".to_owned(), sample(&name).text.into());
            }
            object.values_mut().for_each(put_in_samples);
        }
        _ => {}
    }
}
