//! Windows Installer product codes of Office: {BRMMmmmm-PPPP-LLLL-p000-D000000FF1CE}, and the older form of 2003.

use super::{Draft, draft::Row, language, media};
use crate::{
    catalogue::Source,
    domain::Architecture,
    report::{
        Value,
        item::Clue,
        table::{Means, TABLES},
    },
};

/// The end of every code of 2003.
const END_2003: &str = "8CFE-0150048383C9";
/// The end of every later code.
const END: &str = "0FF1CE";

/// Products without a language that come with others: components for the other bitness, and those of Click-to-Run, which every such Office has.
const SHARED: [&str; 6] = ["002A", "007E", "008C", "008F", "00C1", "00DD"];

/// The parts of a code.
struct Code<'a> {
    release: &'a str,
    major: Option<u32>,
    product: &'a str,
    language: &'a str,
    architecture: Option<Architecture>,
}

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues.iter().filter(|clue| clue.means == Means::ProductCode) {
        let text = clue.raw.trim().trim_matches(['{', '}']).to_uppercase();
        match parse(&text) {
            Some(code) => product(draft, clue, &code),
            None => draft.leave(clue, "no product code of Office", "a code that ends in `0FF1CE}`"),
        }
    }
}

fn parse(text: &str) -> Option<Code<'_>> {
    let groups: Vec<&str> = text.split('-').collect();
    let [first, product, language, bits, last] = groups.as_slice() else {
        return None;
    };
    let lengths = groups.iter().map(|group| group.len());
    if !text.is_ascii() || !lengths.eq([8, 4, 4, 4, 12]) {
        return None;
    }
    if text.ends_with(END_2003) {
        return Some(Code {
            release: first.get(1..2)?,
            major: None,
            product: first.get(2..4)?,
            language: first.get(4..8)?,
            architecture: Some(Architecture::X86),
        });
    }
    let architecture = match bits.get(..1)? {
        "0" => Some(Architecture::X86),
        "1" => Some(Architecture::X64),
        _ => None,
    };
    last.ends_with(END).then_some(Code {
        release: first.get(1..2)?,
        major: Some(first.get(2..4)?.parse().ok()?),
        product,
        language,
        architecture,
    })
}

fn product(draft: &mut Draft<'_>, clue: &Clue, code: &Code<'_>) {
    let (msi, table) = match code.major {
        Some(_) => (&TABLES.msi, "office-msi"),
        None => (&TABLES.msi_2003, "office-2003-msi"),
    };
    let major = msi.majors.iter().find(|row| Some(row.major) == code.major);
    let mut rows = msi
        .rows
        .iter()
        .filter(|row| row.product.eq_ignore_ascii_case(code.product));
    let release = msi.releases.iter().find(|row| row.release == code.release);
    let row = rows.find(|row| row.major.is_none() || row.major == code.major);
    let (Some(row), true) = (row, major.is_some() || code.major.is_none()) else {
        draft.leave(clue, "no product that is known here", "the product, stated");
        // That there is a product is known all the same, but for what comes with others.
        if code.language == "0000" && !SHARED.contains(&code.product) {
            details(draft, clue, code, table);
            if let Some(row) = release {
                let known = Row::new(table, format!("release {}", row.release), row.source);
                media::hint_origin(draft, clue, &known, row.running);
            }
        }
        return;
    };
    let is_part = code.major.is_some() && row.family != "Office" && code.language != "0000";
    if is_part {
        draft.leave(
            clue,
            "with a language, a program is a part of a suite or of a pack",
            "the code without a language",
        );
        return;
    }
    let known = Row::new(table, &row.product, row.source);
    draft.tell_name(clue, &known, Value::Family, Some(&row.family));
    draft.tell_name(clue, &known, Value::Edition, row.edition.as_deref());
    if row.edition.is_none() {
        draft.hint_editions(clue, &known, row.one_of.iter().map(String::as_str), &row.product);
    }
    if let Some(note) = &row.note {
        draft.leave(clue, note, "the edition, stated");
    }
    let version = major.map_or(("2003", Source::Recalled), |row| (row.version.as_str(), row.source));
    draft.tell_name(
        clue,
        &Row::new(table, version.0, version.1),
        Value::Version,
        Some(version.0),
    );
    details(draft, clue, code, table);
    match release {
        Some(row) => {
            let known = Row::new(table, format!("release {}", row.release), row.source);
            draft.tell(clue, &known, Value::RunningChannel(row.running));
            media::hint_origin(draft, clue, &known, row.running);
        }
        None => draft.leave(clue, "its release type tells no channel", "the channel, stated"),
    }
}

fn details(draft: &mut Draft<'_>, clue: &Clue, code: &Code<'_>, table: &str) {
    if let Some(architecture) = code.architecture {
        let source = if code.major.is_some() {
            Source::Seen
        } else {
            Source::Recalled
        };
        draft.tell(
            clue,
            &Row::new(table, "bitness", source),
            Value::Architecture(architecture),
        );
    }
    if code.language == "0000" {
        return;
    }
    match u32::from_str_radix(code.language, 16).ok().and_then(language::lcid) {
        Some((language, row)) => draft.tell(clue, &row, Value::Language(language)),
        None => draft.leave(clue, "its language id is not known here", "the language, stated"),
    }
}
