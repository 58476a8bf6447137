//! Which request keys the log has, for certain where the answer is no: nearly every key is new, and is not looked for then.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use fastbloom::BloomFilter;
use sqlx::SqliteConnection;

use super::{error::Failure, posting};
use crate::history::{Term, TermKind};

/// Keys that the first filter is made for, or as many as the log has decisions when it is opened; each further one holds half of what
/// all before it do. Every filter is asked for every new key, so that they must be few.
const FIRST_LEN: usize = 1 << 20;
/// Of new keys, one in so many is looked for in vain, for each filter. In a log of ten million decisions that look takes some
/// milliseconds, which its caller waits: it must be rarer than a look is slow.
const IN_VAIN: f64 = 1.0 / 16_384.0;

/// The one set of a database: the writer adds to it, and the store beside the writer asks it.
///
/// A key is in it before its transaction is committed, and stays where that fails. So it can have a key that nobody finds in the
/// log, but none is in the log up to [`Requests::log_end`] that it has not.
#[derive(Clone, Debug)]
pub(super) struct SharedRequests(Arc<RwLock<Requests>>);

impl SharedRequests {
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Requests> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Requests> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A set of terms that may say it has one it has not. It takes two and a half bytes a key when the log is opened, and up to four as
/// it grows.
pub(super) struct Requests {
    filters: Vec<BloomFilter>,
    /// Keys in all of them, and what all of them are made for.
    len: usize,
    len_max: usize,
    log_end: u64,
}

impl fmt::Debug for Requests {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Requests({} filters)", self.filters.len())
    }
}

impl Requests {
    /// Reads every request key that the index has; there is at most one to a decision.
    pub(super) async fn load(
        connection: &mut SqliteConnection,
        decision_count: u64,
    ) -> Result<SharedRequests, Failure> {
        let mut requests = Self::of(usize::try_from(decision_count).unwrap_or_default().max(FIRST_LEN));
        // No kind sorts before requests.
        let end = (TermKind::Request as i64 + 1) << 56;
        posting::walk(connection, end, |(term, _)| requests.insert(Term::from_stored(term))).await?;
        requests.committed(decision_count);
        Ok(SharedRequests(Arc::new(RwLock::new(requests))))
    }

    fn of(len_max: usize) -> Self {
        let mut requests = Self {
            filters: Vec::new(),
            len: 0,
            len_max: 0,
            log_end: 0,
        };
        requests.make_room(len_max);
        requests
    }

    fn make_room(&mut self, len: usize) {
        let filter = BloomFilter::with_false_pos(IN_VAIN);
        self.filters.push(filter.expected_items(len));
        self.len_max += len;
    }

    /// Adds a term. What is tried again and again on a full disk takes no more room.
    pub(super) fn insert(&mut self, term: Term) {
        if self.len == self.len_max {
            self.make_room(self.len_max.div_ceil(2));
        }
        let had = self.filters.last_mut().is_some_and(|filter| filter.insert(&term));
        self.len += usize::from(!had);
    }

    /// Every decision before this log index is committed, and its key is here.
    pub(super) fn log_end(&self) -> u64 {
        self.log_end
    }

    /// The log is known to be committed so far. Where that stayed open it is not told, and what is behind is then looked at once more.
    pub(super) fn committed(&mut self, log_end: u64) {
        self.log_end = log_end;
    }

    /// Whether the term may be there. It is not, when the answer is no.
    pub(super) fn may_have(&self, term: Term) -> bool {
        self.filters.iter().any(|filter| filter.contains(&term))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_there_and_hardly_anything_else_in_a_log_that_grows_or_is_opened() {
        for made_for in [50_000, 200_000] {
            holds_what_was_put_in(Requests::of(made_for));
        }
    }

    #[test]
    fn a_key_that_is_put_in_again_takes_no_room() {
        let mut requests = Requests::of(100);
        for _ in 0..300 {
            requests.insert(Term::request("job-1"));
        }
        assert_eq!((requests.filters.len(), requests.len), (1, 1));
    }

    fn holds_what_was_put_in(mut requests: Requests) {
        let key = |number: u64| Term::from_stored(number.wrapping_mul(0x9e37_79b9_7f4a_7c15).cast_signed());
        (0..300_000).for_each(|number| requests.insert(key(number)));
        assert!((0..300_000).all(|number| requests.may_have(key(number))));
        let in_vain = (300_000..400_000)
            .filter(|&number| requests.may_have(key(number)))
            .count();
        assert!(in_vain < 100, "{in_vain} of 100,000");
    }
}
