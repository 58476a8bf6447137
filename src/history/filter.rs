//! Which decisions a query asks for.

use super::Term;

/// Times from `after_us` on, up to but without `before_us`, in microseconds since 1970, UTC; `None` is no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeRange {
    /// The first moment inside.
    pub after_us: Option<i64>,
    /// The first moment no longer inside.
    pub before_us: Option<i64>,
}

/// Decisions that have all of the terms and were decided within the time range; without either, all decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
    within: TimeRange,
}

impl Filter {
    /// Combines terms and a time range with AND; the order of the terms and repetitions do not count.
    #[must_use]
    pub fn new(terms: impl IntoIterator<Item = Term>, within: TimeRange) -> Self {
        let mut terms: Vec<Term> = terms.into_iter().collect();
        terms.sort_unstable();
        terms.dedup();
        Self { terms, within }
    }

    /// The terms, the most selective kind first, none twice.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The time range.
    #[must_use]
    pub fn within(&self) -> TimeRange {
        self.within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_drive_by_selectivity_whatever_order_they_come_in() {
        let terms = [
            Term::verdict("V"),
            Term::device("PC-1"),
            Term::verdict("V"),
            Term::image("I"),
        ];
        let filter = Filter::new(terms, TimeRange::default());
        assert_eq!(
            filter.terms(),
            [Term::device("PC-1"), Term::image("I"), Term::verdict("V")]
        );
    }
}
