//! Reports as tools print them, and what is made of them as text.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use reimage_rights::{
    catalogue::Catalogue,
    domain::{Field, ImageProduct, Media, Name, Product},
    report::{Meant, Reading, Report, Tool, Weight, image_facts, read},
};

pub const FOLDER: &str = "tests/reports";

/// A report of text.
pub fn text(tool: Tool, text: &str) -> Report {
    Report {
        tool,
        values: BTreeMap::new(),
        text: text.to_owned(),
    }
}

/// A report of values.
pub fn values(tool: Tool, values: &[(&str, &str)]) -> Report {
    Report {
        tool,
        values: values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
        text: String::new(),
    }
}

pub fn reading(report: &Report) -> Reading {
    read(report, Catalogue::embedded())
}

/// A sample under [`FOLDER`], such as `wmi/vista-business.txt`, whose folder names the tool.
pub fn sample(file: &str) -> Report {
    let (tool, _) = file.split_once('/').unwrap();
    text(Tool::parse(tool).unwrap(), &decoded(&Path::new(FOLDER).join(file)))
}

/// UTF-16 and UTF-8, as pipes of Windows write them.
pub fn decoded(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    match bytes.strip_prefix(b"\xff\xfe") {
        Some(rest) => {
            let units: Vec<u16> = rest
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8(bytes).unwrap(),
    }
}

/// A product of an image.
pub fn product(family: &str, version: &str, edition: &str) -> ImageProduct {
    ImageProduct {
        product: Product {
            family: Name::parse(family),
            version: Name::parse(version),
            edition: Name::parse(edition),
            ..Product::default()
        },
        media: None,
    }
}

/// What of a stated product a report on its image contradicts.
pub fn contradicted(stated: &ImageProduct, report: &Report) -> Vec<Field> {
    let meant = Meant::by_family(stated.product.family.as_ref());
    let media = Media::default();
    let facts = image_facts(stated, meant, &media, &[reading(report)], Catalogue::embedded());
    facts.conflicts.iter().map(|conflict| conflict.field).collect()
}

/// The values that a reading tells for a field, whatever is described.
pub fn told(reading: &Reading, field: Field) -> Vec<String> {
    let facts = reading.described.iter().flat_map(|described| described.told(field));
    let mut values: Vec<String> = facts.map(|fact| fact.value.to_string()).collect();
    values.sort();
    values.dedup();
    values
}

/// A reading as text: a block for each thing described, then what says nothing here.
pub fn shown(reading: &Reading) -> String {
    let mut text = String::new();
    for described in &reading.described {
        let _ = writeln!(text, "{}", described.subject);
        for fact in &described.facts {
            let weight = if fact.weight == Weight::Hints { " (hint)" } else { "" };
            let (value, origin) = (&fact.value, &fact.origin);
            let _ = writeln!(
                text,
                "  {} = {value}{weight} <- {}: {} [{}, {:?}]",
                value.field().as_str(),
                origin.key,
                origin.raw,
                origin.mapping,
                origin.source
            );
        }
    }
    for unmapped in &reading.unmapped {
        let _ = writeln!(
            text,
            "not mapped: {}: {} ({}; needed: {})",
            unmapped.key, unmapped.raw, unmapped.why, unmapped.needed
        );
    }
    text
}

/// Family, version and edition that a report tells, "?" for each that it leaves open or contradicts.
pub fn parts(report: &Report) -> String {
    let reading = reading(report);
    let part = |field| match told(&reading, field).as_slice() {
        [one] => one.clone(),
        _ => "?".to_owned(),
    };
    [Field::Family, Field::Version, Field::Edition].map(part).join("/")
}

/// What a report tells of a fact.
pub fn one(report: &Report, field: Field) -> String {
    told(&reading(report), field).join("|")
}
