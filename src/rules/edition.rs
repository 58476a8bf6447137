//! Editions of the licensing brief and the revisions of their rules.

/// An edition of the brief that this program can decide by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Edition {
    /// February 2011.
    #[default]
    February2011,
}

impl Edition {
    /// Every edition, latest last.
    pub const ALL: [Self; 1] = [Self::February2011];

    /// Its name in requests, e.g. "2011-02".
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::February2011 => "2011-02",
        }
    }

    /// Revision of its rules: counts up when a correction changes any outcome.
    #[must_use]
    pub fn revision(self) -> &'static str {
        match self {
            Self::February2011 => "2011-02/7",
        }
    }

    /// Reads the name of an edition.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|edition| edition.as_str() == name)
    }
}
