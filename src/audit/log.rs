//! The two logs, what lies in them, and the names they are signed under.

use std::{fmt, str::FromStr};

/// A log: a sequence of records without gaps, with a tree and checkpoints of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Log {
    /// Every decision.
    Decisions,
    /// What the service did itself: starts, reads, changes of keys.
    Operations,
}

/// What a record is. The number is part of the leaf: it keeps its meaning for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The record of a decision.
    Decision,
    /// The record of something that the service did.
    Operation,
}

impl Log {
    /// Every log.
    pub const ALL: [Self; 2] = [Self::Decisions, Self::Operations];

    /// The log's name, which ends its origin.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Decisions => "decisions",
            Self::Operations => "operations",
        }
    }

    /// The log of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|log| log.name() == name)
    }

    /// What the records of this log are.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Decisions => Kind::Decision,
            Self::Operations => Kind::Operation,
        }
    }
}

impl Kind {
    /// The kind's number in a leaf.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Decision => 1,
            Self::Operation => 2,
        }
    }

    /// The kind of this number.
    #[must_use]
    pub fn parse(byte: u8) -> Option<Self> {
        [Self::Decision, Self::Operation]
            .into_iter()
            .find(|kind| kind.byte() == byte)
    }
}

impl fmt::Display for Log {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// Which log of which installation a checkpoint is of, and the name of the key that signs it: `NAME/decisions` or
/// `NAME/operations`, such as `imaging.example.com/rights/decisions`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    text: String,
    log: Log,
}

/// A text that is no origin.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// The installation's name is empty, or has a sign that names of keys must not have.
    #[error("`{0}` cannot name a log; leave out spaces, control characters and `+`, and do not leave it empty")]
    Name(String),
    /// The origin does not end in the name of a log.
    #[error("origin `{0}` names no log; it ends in `/decisions` or `/operations`")]
    Log(String),
}

impl Origin {
    /// The origin of a log of the installation with this name.
    ///
    /// # Errors
    ///
    /// If the name is empty or has a space, a control character or a `+`.
    pub fn new(installation: &str, log: Log) -> Result<Self, OriginError> {
        let well_formed =
            signed_note::is_key_name_valid(installation) && !installation.contains(|sign: char| sign.is_control());
        if well_formed {
            let text = format!("{installation}/{log}");
            Ok(Self { text, log })
        } else {
            Err(OriginError::Name(installation.to_owned()))
        }
    }

    /// The origin as it stands in checkpoints.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> Log {
        self.log
    }

    /// The installation's name.
    #[must_use]
    pub fn installation(&self) -> &str {
        self.text.rsplit_once('/').map_or("", |(installation, _)| installation)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (installation, log) = text
            .rsplit_once('/')
            .and_then(|(installation, log)| Some((installation, Log::parse(log)?)))
            .ok_or_else(|| OriginError::Log(text.to_owned()))?;
        Self::new(installation, log)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_from_its_text() {
        for log in Log::ALL {
            let origin = Origin::new("imaging.example.com/rights", log).unwrap();
            assert_eq!(origin.text().parse(), Ok(origin.clone()));
            assert_eq!(origin.log(), log);
        }
    }

    #[test]
    fn what_cannot_name_a_key_is_no_origin() {
        for name in ["", "a b", "a+b", "a\nb", "a\u{7f}b", "a\u{a0}b"] {
            assert_eq!(
                Origin::new(name, Log::Decisions),
                Err(OriginError::Name(name.to_owned()))
            );
        }
        for text in ["", "decisions", "a/b", "a/decisions/"] {
            assert_eq!(text.parse::<Origin>(), Err(OriginError::Log(text.to_owned())));
        }
        assert_eq!("/decisions".parse::<Origin>(), Err(OriginError::Name(String::new())));
    }

    #[test]
    fn numbers_of_kinds_are_stored_and_stay() {
        assert_eq!(Log::ALL.map(|log| log.kind().byte()), [1, 2]);
        assert_eq!((0..=255).filter_map(Kind::parse).count(), 2);
    }
}
