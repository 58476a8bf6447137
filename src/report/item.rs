//! What an adapter found in a report: named values that describe one thing.

use super::table::{Means, key};
use super::{Reading, SoftwareKind, Subject, Tool, Unmapped};
use crate::catalogue::Source;

/// Longest raw value that is kept, in bytes.
const RAW_LEN_MAX: usize = 256;
/// Most values of a report that are told to map to nothing.
const UNMAPPED_COUNT_MAX: usize = 64;

/// One thing that a report describes, before it is translated.
#[derive(Debug)]
pub(super) struct Item {
    /// Which kind of software it is, where its facts do not tell.
    pub kind: SoftwareKind,
    /// Its values.
    pub entries: Vec<Entry>,
}

/// One value under the key that the tables know.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The key, in English.
    pub key: String,
    /// The value.
    pub raw: String,
    /// How well the label is known that stood there instead of the key.
    pub label: Source,
}

/// A value whose key is known.
#[derive(Clone, Debug)]
pub(super) struct Clue {
    pub means: Means,
    pub about: Subject,
    pub key: String,
    pub raw: String,
    pub source: Source,
}

impl Item {
    pub const fn new(kind: SoftwareKind) -> Self {
        Self {
            kind,
            entries: Vec::new(),
        }
    }

    pub fn push(&mut self, key: &str, raw: &str) {
        self.push_labeled(key, raw, Source::Seen);
    }

    pub fn push_labeled(&mut self, key: &str, raw: &str, label: Source) {
        self.entries.push(Entry {
            key: key.to_owned(),
            raw: raw.to_owned(),
            label,
        });
    }
}

impl Entry {
    /// The value with what its key means; `None` where it says nothing of a product, or is not to be taken.
    pub fn clue(&self, tool: Tool, reading: &mut Reading) -> Option<Clue> {
        let Some(key) = key(tool, &self.key) else {
            reading.leave(
                &self.key,
                &self.raw,
                "this key is not known here",
                "a key of `docs/facts.md`",
            );
            return None;
        };
        reading.unread = None;
        let says = !matches!(key.means, Means::Nothing | Means::Secret);
        let is_there = !self.raw.trim().is_empty() || key.means == Means::Release;
        (says && is_there).then(|| Clue {
            means: key.means,
            about: key.about.unwrap_or(Subject::RunningCopy),
            key: key.name.clone(),
            raw: short(&self.raw),
            source: key.source.max(self.label),
        })
    }
}

impl Reading {
    /// Lists a value that says nothing here.
    pub(super) fn leave(&mut self, key: &str, raw: &str, why: &str, needed: &str) {
        if self.unmapped.len() < UNMAPPED_COUNT_MAX {
            self.unmapped.push(Unmapped {
                key: short(key),
                raw: short(raw),
                why: why.to_owned(),
                needed: needed.to_owned(),
            });
        }
    }
}

/// The beginning of a text, as long as it is kept.
pub(super) fn short(text: &str) -> String {
    let text = text.trim();
    let end = text
        .char_indices()
        .map(|(at, sign)| at + sign.len_utf8())
        .take_while(|end| *end <= RAW_LEN_MAX)
        .last();
    text.get(..end.unwrap_or_default()).unwrap_or_default().to_owned()
}
