//! What is kept of a record beside its bytes.

use uuid::Uuid;

use super::Term;

/// Everything a store keeps of one record beside its bytes: enough to find it, and nothing that the bytes do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    decision_id: Uuid,
    decided_at_us: i64,
    terms: Vec<Term>,
}

impl Projection {
    /// Projects a record; a term given twice counts once. The time is in microseconds since 1970, UTC.
    #[must_use]
    pub fn new(decision_id: Uuid, decided_at_us: i64, terms: impl IntoIterator<Item = Term>) -> Self {
        let mut terms: Vec<Term> = terms.into_iter().collect();
        terms.sort_unstable();
        terms.dedup();
        Self {
            decision_id,
            decided_at_us,
            terms,
        }
    }

    /// The decision's id.
    #[must_use]
    pub fn decision_id(&self) -> Uuid {
        self.decision_id
    }

    /// When it was decided, in microseconds since 1970, UTC.
    #[must_use]
    pub fn decided_at_us(&self) -> i64 {
        self.decided_at_us
    }

    /// The terms it is found by, sorted, none twice.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }
}
