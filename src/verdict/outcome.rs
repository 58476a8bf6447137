//! Kleene's strong three-valued logic, and the four outcomes of a condition.

/// A value of Kleene's strong logic. The order is that of truth: broken, unknown, holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Known not to be so.
    Broken,
    /// Not known.
    Unknown,
    /// Known to be so.
    Holds,
}

impl Truth {
    /// Broken beats unknown beats holds.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Holds beats unknown beats broken.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// AND over all; holds when there are none.
    pub fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::Holds, Self::and)
    }

    /// OR over all; broken when there are none.
    pub fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::Broken, Self::or)
    }

    /// Whether two facts are equal; unknown while either is unstated.
    #[must_use]
    pub fn equal<T: PartialEq>(one: Option<&T>, two: Option<&T>) -> Self {
        match (one, two) {
            (Some(one), Some(two)) => Self::from(one == two),
            _ => Self::Unknown,
        }
    }

    /// Whether a fact is as asked; unknown while it is unstated.
    pub fn of<T>(fact: Option<T>, is: impl FnOnce(T) -> bool) -> Self {
        fact.map_or(Self::Unknown, |fact| Self::from(is(fact)))
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::Holds } else { Self::Broken }
    }
}

impl From<Option<bool>> for Truth {
    fn from(known: Option<bool>) -> Self {
        known.map_or(Self::Unknown, Self::from)
    }
}

/// How a condition came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Met.
    Holds,
    /// Not met.
    Broken,
    /// Not settled by what is stated.
    Unknown,
    /// Without bearing here; counts as met.
    DoesNotApply,
}

impl Outcome {
    /// Its value for logic.
    #[must_use]
    pub fn truth(self) -> Truth {
        match self {
            Self::Holds | Self::DoesNotApply => Truth::Holds,
            Self::Broken => Truth::Broken,
            Self::Unknown => Truth::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{Broken, Holds, Unknown};

    #[test]
    fn broken_beats_unknown_in_and_as_holds_does_in_or() {
        assert_eq!(Truth::all([Holds, Unknown, Broken]), Broken);
        assert_eq!(Truth::all([Holds, Unknown]), Unknown);
        assert_eq!(Truth::any([Broken, Unknown, Holds]), Holds);
        assert_eq!(Truth::any([Broken, Unknown]), Unknown);
        assert_eq!((Truth::all([]), Truth::any([])), (Holds, Broken));
    }

    #[test]
    fn equality_with_an_unstated_fact_is_unknown() {
        assert_eq!(Truth::equal(Some(&1), None), Unknown);
        assert_eq!(Truth::equal(Some(&1), Some(&2)), Broken);
    }
}
