//! Where facts come from that were not stated, and why others are unknown although something was said of them.

use serde::{Deserialize, Serialize};

/// How well a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Read in a public source.
    Seen,
    /// Recalled or derived, and not checked: verify it before relying on it.
    Recalled,
}

/// What is noted of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What the fact is about.
    pub place: Place,
    /// Which fact of it.
    pub field: Field,
    /// What is noted.
    pub kind: NoteKind,
    /// Who says what; where the fact is unknown, every value that was given.
    pub claims: Vec<Claim>,
    /// Why what is said does not count; empty where the kind tells.
    pub why: String,
}

/// What a noted fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The license at this index.
    License(usize),
    /// The image product at this index.
    ImageProduct(usize),
}

/// A fact that may be noted, in the order in which notes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `product.family`
    Family,
    /// `product.version`
    Version,
    /// `product.edition`
    Edition,
    /// `product.language`
    Language,
    /// `product.architecture`
    Architecture,
    /// `channel` of a license
    Channel,
    /// `prior_versions` of a license
    PriorVersions,
    /// The channel that a copy runs in, which no field of a request holds.
    RunningChannel,
    /// `media.source`
    MediaSource,
    /// A report as a whole.
    Reports,
}

/// What is noted of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// It was not stated, and a report says it.
    Reported,
    /// It was not stated, and the catalogue knows it.
    Known,
    /// Two values contradict, so that it is unknown.
    Conflict,
    /// The license cannot be as it is said to be, so that this is unknown of it.
    Impossible,
    /// A report says it of something else, such as a copy that is not the license's.
    SetAside,
}

/// A value that somebody gives a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The value, in words.
    pub value: String,
    /// Who says so.
    pub said: Said,
}

/// Who says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It was stated.
    Stated,
    /// A report says so.
    Reported(Box<Reported>),
    /// The catalogue says so.
    Catalogue(Source),
}

/// Where a report says something, and how that was translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Which of the reports on the thing, from 0.
    pub report: usize,
    /// The tool.
    pub tool: String,
    /// The key, as the tool names it in English.
    pub key: String,
    /// The value as it was reported.
    pub raw: String,
    /// The table and the row that translate it.
    pub mapping: String,
    /// How well that translation is known.
    pub source: Source,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Family,
        Self::Version,
        Self::Edition,
        Self::Language,
        Self::Architecture,
        Self::Channel,
        Self::PriorVersions,
        Self::RunningChannel,
        Self::MediaSource,
        Self::Reports,
    ];

    /// Its path below the license or the image product.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Family => "product.family",
            Self::Version => "product.version",
            Self::Edition => "product.edition",
            Self::Language => "product.language",
            Self::Architecture => "product.architecture",
            Self::Channel => "channel",
            Self::PriorVersions => "prior_versions",
            Self::RunningChannel => "running_channel",
            Self::MediaSource => "media.source",
            Self::Reports => "reports",
        }
    }
}

impl Note {
    /// A note that needs no reason beside its kind.
    #[must_use]
    pub const fn new(place: Place, field: Field, kind: NoteKind, claims: Vec<Claim>) -> Self {
        Self {
            place,
            field,
            kind,
            claims,
            why: String::new(),
        }
    }

    /// Whether it keeps its fact unknown.
    #[must_use]
    pub fn withholds(&self) -> bool {
        matches!(self.kind, NoteKind::Conflict | NoteKind::Impossible)
    }

    /// Whether something that it rests on is recalled and not checked.
    #[must_use]
    pub fn is_recalled(&self) -> bool {
        self.claims.iter().any(|claim| claim.said.source() == Source::Recalled)
    }
}

impl Said {
    /// How well it is known what is said; what was stated counts as read.
    #[must_use]
    pub fn source(&self) -> Source {
        match self {
            Self::Stated => Source::Seen,
            Self::Reported(reported) => reported.source,
            Self::Catalogue(source) => *source,
        }
    }
}
