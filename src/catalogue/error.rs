//! Why data is no catalogue, and why a text names no product.

use std::fmt;

/// Why data is no catalogue. Not an answer to any caller's input: the data is this program's own, or a database's.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A data file is not the TOML it should be.
    #[error("catalogue file `{file}` cannot be read")]
    File {
        /// The file's name.
        file: &'static str,
        /// What the TOML parser says.
        source: toml::de::Error,
    },
    /// The document is not the JSON it should be.
    #[error("catalogue document cannot be read")]
    Document(#[from] serde_json::Error),
    /// The document has a form of another program version.
    #[error(
        "catalogue document has format {0}, and this program reads format 1; use the program version that wrote it"
    )]
    Format(u32),
    /// A name in which nothing counts.
    #[error("`{0}` in the catalogue is no name")]
    Blank(String),
    /// One text would name two things.
    #[error("`{text}` in the catalogue names both `{one}` and `{other}`")]
    Shared {
        /// The text, reduced to what counts.
        text: String,
        /// The thing it names first.
        one: String,
        /// The other.
        other: String,
    },
    /// A reference to nothing.
    #[error("`{name}` is mentioned in the catalogue under `{place}`, and is not defined")]
    Undefined {
        /// The name.
        name: String,
        /// Where it is mentioned.
        place: String,
    },
    /// A list entry with neither or both of its alternatives.
    #[error("an entry of `{0}` in the catalogue states neither or both of `versions` and `since`; state one")]
    Alternatives(String),
    /// How a product was sold in one channel, said more than once.
    #[error("the catalogue says twice how `{0}` was sold; say it once")]
    Repeated(String),
    /// A family with its editions given in neither or both ways.
    #[error("family `{0}` in the catalogue states neither or both of `editions` and `sole_edition`; state one")]
    Editions(String),
}

/// A text that names no product of the catalogue, or more than one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` names no one product of the catalogue; {}",
    printable(text),
    cure(nearest, "state family, version and edition instead")
)]
pub struct Unresolved {
    /// The text as it was given.
    pub text: String,
    /// Full names of the nearest products, at most five, nearest first.
    pub nearest: Vec<String>,
}

/// A stated part of a product that cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` {fault}; {}", printable(text), cure(nearest, &format!("state the {part}, or leave it out when it is not known")))]
pub struct PartError {
    /// The part it was stated as.
    pub part: Part,
    /// The text as it was given.
    pub text: String,
    /// What is wrong with it.
    pub fault: Fault,
    /// Known names that may have been meant, nearest first.
    pub nearest: Vec<String>,
}

/// A part of what names a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The family.
    Family,
    /// The version.
    Version,
    /// The edition.
    Edition,
    /// A program that a suite is made of.
    Component,
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Family => "family",
            Self::Version => "version",
            Self::Edition => "edition",
            Self::Component => "program",
        })
    }
}

/// What is wrong with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nothing of the text counts.
    Blank,
    /// Says that nothing is known, or what says nothing of the product.
    SaysNothing,
    /// So close to a known name that it is more likely a slip than another product.
    NearMiss,
    /// An edition of the family, but not of the version.
    NotInVersion,
    /// Fits several versions or editions, or one and something else beside it.
    Vague,
    /// Says more than the part: another part, an architecture, a channel.
    SaysMore,
    /// Names a product of another family than the one stated.
    OtherFamily,
    /// The name of an edition in another language than the catalogue's.
    Translated,
    /// An alias that means a known name within a family, which is not stated.
    NeedsFamily,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Blank => "is no name",
            Self::SaysNothing => "says nothing of the product",
            Self::NearMiss => "is too close to a known name to be another product",
            Self::NotInVersion => "is no edition of the version",
            Self::Vague => "leaves open which is meant",
            Self::SaysMore => "says more than this part of the product; state every part in its own field",
            Self::OtherFamily => "is of another family than the one stated",
            Self::Translated => "is what an edition is called in another language than English",
            Self::NeedsFamily => "means a known name only within its family; state the family too, or the name itself",
        })
    }
}

/// What to do about it, in words.
fn cure(nearest: &[String], otherwise: &str) -> String {
    match nearest {
        [] => otherwise.to_owned(),
        [one] => format!("known: `{one}`"),
        several => format!("known: `{}`", several.join("`, `")),
    }
}

/// The text on one line, without anything that steers a terminal.
fn printable(text: &str) -> String {
    text.replace(char::is_control, " ")
}
