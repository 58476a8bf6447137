//! What a report says, as facts with their origin, and what of it says nothing here.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;

use super::{Tool, Value};
use crate::domain::{Field, Source};

/// What a tool printed: named values, text, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The tool.
    pub tool: Tool,
    /// Values by the names that the tool gives them.
    pub values: BTreeMap<String, String>,
    /// The tool's output as it was printed; empty when there are values only.
    pub text: String,
}

/// What one report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The tool.
    pub tool: Tool,
    /// What it describes, each with the facts about it.
    pub described: Vec<Described>,
    /// What of it says nothing here, and why.
    pub unmapped: Vec<Unmapped>,
    /// How it begins, where there is no key in it that the tool is known for.
    pub unread: Option<String>,
}

/// One thing that a report describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// What is described.
    pub subject: Subject,
    /// Which kind of software it is.
    pub kind: SoftwareKind,
    /// What is said of it; the same field may be told by several keys.
    pub facts: Vec<Fact>,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The license itself, whatever runs on the device.
    License,
    /// The copy that runs on the device.
    RunningCopy,
    /// The image, or the media it was made from.
    Image,
}

/// Kinds of software: a device runs one operating system, and any number of applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SoftwareKind {
    /// The operating system.
    OperatingSystem,
    /// Anything else.
    Application,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What is known.
    pub value: Value,
    /// How far it goes.
    pub weight: Weight,
    /// Where it comes from.
    pub origin: Origin,
}

/// How far a fact goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// It settles its field.
    Tells,
    /// A text that anyone can change: it can contradict, and settles nothing.
    Hints,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The key, as the tool names it in English.
    pub key: String,
    /// The value as it was reported.
    pub raw: String,
    /// The table and the row that translate it.
    pub mapping: String,
    /// How well that translation is known.
    pub source: Source,
}

/// A value that says nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmapped {
    /// The key; empty for a line of its own.
    pub key: String,
    /// The value as it was reported.
    pub raw: String,
    /// Why it says nothing.
    pub why: String,
    /// What would settle it.
    pub needed: String,
}

impl Described {
    /// The values of a field that its facts tell.
    pub fn told(&self, field: Field) -> impl Iterator<Item = &Fact> {
        let tells = move |fact: &&Fact| fact.weight == Weight::Tells && fact.value.field() == field;
        self.facts.iter().filter(tells)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::License => "license",
            Self::RunningCopy => "running copy",
            Self::Image => "image",
        })
    }
}
