//! The table `posting_tail`: the postings of transactions that no run holds yet.

use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use super::Posting;
use crate::store::{append::NewDecision, error::StoredError, transaction::Transaction};

/// Term and place, big-endian.
const POSTING_LEN: usize = 12;

pub(in crate::store) const TAIL_SQL: &str =
    "SELECT first_index, length, postings FROM posting_tail ORDER BY first_index LIMIT ?1";

/// One transaction's postings.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) first_index: i64,
    pub(super) length: i64,
    bytes: Vec<u8>,
}

/// Adds a row.
pub(super) fn insert(transaction: &mut Transaction<'_>, row: &Tail) -> Result<(), sqlx::Error> {
    transaction.push("INSERT INTO posting_tail (first_index, length, postings) VALUES (?, ?, ?)");
    transaction.bind(row.first_index)?;
    transaction.bind(row.length)?;
    transaction.bind(row.bytes.as_slice())
}

/// The first rows of the tail, at most `rows_max`.
pub(super) async fn read(connection: &mut SqliteConnection, rows_max: usize) -> Result<Vec<Tail>, sqlx::Error> {
    let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
    let rows = sqlx::query(TAIL_SQL).bind(rows_max).fetch_all(connection).await?;
    let tail = |row: SqliteRow| {
        Ok(Tail {
            first_index: row.try_get(0)?,
            length: row.try_get(1)?,
            bytes: row.try_get(2)?,
        })
    };
    rows.into_iter().map(tail).collect()
}

/// Removes the rows before `end_index`, which a run now holds.
pub(super) fn delete(transaction: &mut Transaction<'_>, end_index: i64) -> Result<(), sqlx::Error> {
    transaction.push("DELETE FROM posting_tail WHERE first_index < ?");
    transaction.bind(end_index)
}

impl Tail {
    /// The row of new decisions; `None` where there are none.
    pub(super) fn of(decisions: &[NewDecision<'_>]) -> Option<Self> {
        Some(Self {
            first_index: decisions.first()?.log_index.cast_signed(),
            length: i64::try_from(decisions.len()).unwrap_or(i64::MAX),
            bytes: encode(decisions),
        })
    }

    /// Its postings, sorted.
    pub(super) fn postings(&self) -> Result<Vec<Posting>, StoredError> {
        let (postings, rest) = self.bytes.as_chunks::<POSTING_LEN>();
        let postings: Vec<Posting> = postings.iter().map(|bytes| self.posting(bytes)).collect();
        let end_index = self.first_index.saturating_add(self.length);
        let in_part = postings
            .iter()
            .all(|posting| (self.first_index..end_index).contains(&posting.1));
        let sound = rest.is_empty() && in_part && postings.is_sorted_by(|one, next| one < next);
        sound.then_some(postings).ok_or_else(|| self.malformed())
    }

    /// The decisions that have a term, in order.
    pub(super) fn having(&self, term: i64) -> Result<Vec<i64>, StoredError> {
        let (postings, rest) = self.bytes.as_chunks::<POSTING_LEN>();
        if !rest.is_empty() {
            return Err(self.malformed());
        }
        let from = postings.partition_point(|bytes| self.posting(bytes).0 < term);
        let behind = postings.iter().skip(from).map(|bytes| self.posting(bytes));
        Ok(behind
            .take_while(|posting| posting.0 == term)
            .map(|posting| posting.1)
            .collect())
    }

    fn posting(&self, bytes: &[u8; POSTING_LEN]) -> Posting {
        let (term, place) = bytes.split_at(size_of::<i64>());
        let term = term.iter().fold(0, |term, byte| term << 8 | i64::from(*byte));
        let place = place.iter().fold(0, |place, byte| place << 8 | i64::from(*byte));
        (term, self.first_index.saturating_add(place))
    }

    fn malformed(&self) -> StoredError {
        StoredError {
            log_index: self.first_index,
            problem: "the postings of its transaction are not what was written",
        }
    }
}

fn encode(decisions: &[NewDecision<'_>]) -> Vec<u8> {
    let mut postings: Vec<(i64, u32)> = Vec::with_capacity(decisions.len() * 16);
    for (place, decision) in (0..).zip(decisions) {
        postings.extend(decision.projection.terms().iter().map(|term| (term.stored(), place)));
    }
    postings.sort_unstable();
    let bytes = postings.iter().flat_map(|(term, place)| {
        let (term, place) = (term.to_be_bytes(), place.to_be_bytes());
        term.into_iter().chain(place)
    });
    bytes.collect()
}
