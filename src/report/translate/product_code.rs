//! Windows Installer product codes of Office: {BRMMmmmm-PPPP-LLLL-p000-D000000FF1CE}, and the older form of 2003 and before.

use super::{Draft, draft::Row, language, media};
use crate::{
    catalogue::Source,
    domain::Architecture,
    report::{
        Value,
        item::Clue,
        table::{Means, Msi, MsiRow, TABLES},
    },
};

/// The end of every code of 2003.
const END_2003: &str = "6000-11D3-8CFE-0150048383C9";
/// The end of every later code.
const END: &str = "0FF1CE";

/// The parts of a code.
struct Code<'a> {
    of: Of,
    release: &'a str,
    product: &'a str,
    language: &'a str,
    architecture: Option<Architecture>,
}

/// Which generation of Office a code is of.
#[derive(Clone, Copy)]
enum Of {
    /// One before 2003, by its name.
    Old(&'static str),
    Version2003,
    /// 2007 and later, by the major version.
    Major(u32),
}

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues.iter().filter(|clue| clue.means == Means::ProductCode) {
        let text = plain(&clue.raw);
        match parse(&text) {
            Some(code) => product(draft, clue, &code),
            None => draft.leave(clue, "no product code of Office", "a code that ends in `0FF1CE}`"),
        }
    }
}

/// What a code is of that comes with other programs or free of charge.
pub(super) fn beside(text: &str) -> Option<&'static str> {
    let text = plain(text);
    let code = parse(&text)?;
    if let Of::Old(of) = code.of {
        let mut rows = TABLES.msi_old.beside.iter();
        let row = rows.find(|row| row.of == of && row.products.iter().any(|product| product == code.product));
        return row.map(|row| row.note.as_str());
    }
    let mut rows = code.of.table().beside.iter();
    let row = rows.find(|row| row.product == code.product && code.of.is_of(row.major))?;
    Some(&row.note)
}

fn plain(text: &str) -> String {
    text.trim().trim_matches(['{', '}']).to_uppercase()
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
    let old = TABLES.msi_old.ends.iter().find(|row| text.ends_with(&row.end));
    let before_2007 = match old {
        Some(row) => Some(Of::Old(&row.of)),
        None => text.ends_with(END_2003).then_some(Of::Version2003),
    };
    if let Some(of) = before_2007 {
        return Some(Code {
            of,
            release: first.get(1..2)?,
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
        of: Of::Major(first.get(2..4)?.parse().ok()?),
        release: first.get(1..2)?,
        product,
        language,
        architecture,
    })
}

impl Of {
    fn table(self) -> &'static Msi {
        match self {
            Self::Major(_) => &TABLES.msi,
            Self::Old(_) | Self::Version2003 => &TABLES.msi_2003,
        }
    }

    const fn table_name(self) -> &'static str {
        match self {
            Self::Old(_) => "office-old-msi",
            Self::Version2003 => "office-2003-msi",
            Self::Major(_) => "office-msi",
        }
    }

    /// Whether a row counts that is for this major version, or for all.
    fn is_of(self, major: Option<u32>) -> bool {
        major.is_none_or(|major| matches!(self, Self::Major(own) if own == major))
    }

    /// The version, and how well that is known; `None` where it is none that is known here.
    fn version(self) -> Option<(&'static str, Source)> {
        match self {
            Self::Old(_) => None,
            Self::Version2003 => Some(("2003", Source::Recalled)),
            Self::Major(own) => {
                let row = TABLES.msi.majors.iter().find(|row| row.major == own)?;
                Some((&row.version, row.source))
            }
        }
    }

    /// How well the parts of a code are known.
    const fn source(self) -> Source {
        match self {
            Self::Major(_) => Source::Seen,
            Self::Old(_) | Self::Version2003 => Source::Recalled,
        }
    }
}

fn product(draft: &mut Draft<'_>, clue: &Clue, code: &Code<'_>) {
    let mut rows = code.of.table().rows.iter();
    let row = rows.find(|row| row.product == code.product && code.of.is_of(row.major));
    let (Some(row), Some(version)) = (row, code.of.version()) else {
        unnamed(draft, clue, code);
        return;
    };
    let is_part = matches!(code.of, Of::Major(_)) && row.family != "Office" && code.language != "0000";
    if is_part {
        draft.leave(
            clue,
            "with a language, a program is a part of a suite or of a pack",
            "the code without a language",
        );
        return;
    }
    let table = code.of.table_name();
    edition(draft, clue, row, &Row::new(table, &row.product, row.source));
    draft.tell_name(
        clue,
        &Row::new(table, version.0, version.1),
        Value::Version,
        Some(version.0),
    );
    details(draft, clue, code);
    if !row.click_to_run && !release(draft, clue, code, Told::Channel) {
        draft.leave(clue, "its release type tells no channel", "the channel, stated");
    }
}

fn edition(draft: &mut Draft<'_>, clue: &Clue, row: &MsiRow, known: &Row) {
    draft.tell_name(clue, known, Value::Family, Some(&row.family));
    draft.tell_name(clue, known, Value::Edition, row.edition.as_deref());
    if !row.one_of.is_empty() {
        draft.hint_editions(clue, known, row.one_of.iter().map(String::as_str), &row.product);
    }
    if let Some(note) = &row.note {
        draft.leave(clue, note, "the edition, stated");
    }
}

/// That there is a product is known all the same. From 2007 on what has a language is a part of one; before, every code has a language.
fn unnamed(draft: &mut Draft<'_>, clue: &Clue, code: &Code<'_>) {
    draft.leave(clue, "no product that is known here", "the product, stated");
    if matches!(code.of, Of::Major(_)) && code.language != "0000" {
        return;
    }
    details(draft, clue, code);
    release(draft, clue, code, Told::Media);
}

/// What is taken from a release type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// The channel, and so the media.
    Channel,
    /// The media alone.
    Media,
}

/// Notes what the release type tells, if it is one that is known here.
fn release(draft: &mut Draft<'_>, clue: &Clue, code: &Code<'_>, told: Told) -> bool {
    if matches!(code.of, Of::Old(_)) {
        return false;
    }
    let mut releases = code.of.table().releases.iter();
    let Some(row) = releases.find(|row| row.release == code.release) else {
        return false;
    };
    let known = Row::new(code.of.table_name(), format!("release {}", row.release), row.source);
    if told == Told::Channel {
        draft.tell(clue, &known, Value::RunningChannel(row.running));
    }
    media::hint_origin(draft, clue, &known, row.running);
    true
}

fn details(draft: &mut Draft<'_>, clue: &Clue, code: &Code<'_>) {
    if let Some(architecture) = code.architecture {
        let known = Row::new(code.of.table_name(), "bitness", code.of.source());
        draft.tell(clue, &known, Value::Architecture(architecture));
    }
    if code.language == "0000" {
        return;
    }
    match u32::from_str_radix(code.language, 16).ok().and_then(language::lcid) {
        Some((language, row)) => draft.tell(clue, &row, Value::Language(language)),
        None => draft.leave(clue, "its language id is not known here", "the language, stated"),
    }
}
