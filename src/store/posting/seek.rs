//! The decisions of one run that have one term, found in either order.

use sqlx::SqliteConnection;

use super::{
    Posting, block,
    run::{self, Run},
};
use crate::{
    history::Order,
    store::error::{Failure, StoredError},
};

pub(in crate::store) const FLOOR_SQL: &str = "SELECT postings FROM posting_block \
    WHERE run = ?1 AND (first_term, first_index) <= (?2, ?3) ORDER BY first_term DESC, first_index DESC LIMIT 1";
/// The same for several lists at once: ?1 is a JSON array of run, term and index of each, and the answers are in its order.
pub(in crate::store) const FLOORS_SQL: &str = "SELECT (SELECT postings FROM posting_block \
    WHERE run = asked.value ->> 0 AND (first_term, first_index) <= (asked.value ->> 1, asked.value ->> 2) \
    ORDER BY first_term DESC, first_index DESC LIMIT 1) FROM json_each(?1) AS asked ORDER BY asked.key";
pub(in crate::store) const CEILING_SQL: &str = "SELECT postings FROM posting_block \
    WHERE run = ?1 AND (first_term, first_index) > (?2, ?3) ORDER BY first_term, first_index LIMIT 1";

/// Looks for each list at the place where it begins, all in one message.
pub(super) async fn begin(connection: &mut SqliteConnection, lists: &mut [Seek]) -> Result<(), Failure> {
    let found = sqlx::query_scalar(FLOORS_SQL).bind(places(lists));
    let found: Vec<Option<Vec<u8>>> = found.fetch_all(connection).await?;
    for (list, block) in lists.iter_mut().zip(found) {
        list.keep(block.as_deref())?;
    }
    Ok(())
}

fn places(lists: &[Seek]) -> String {
    let place = |list: &Seek| format!("[{},{},{}]", list.run.number, list.term, list.sought);
    let places: Vec<String> = lists.iter().map(place).collect();
    format!("[{}]", places.join(","))
}

/// Goes through the decisions of a run that have a term, and keeps the block it is in.
#[derive(Debug)]
pub(super) struct Seek {
    run: Run,
    term: i64,
    /// The decisions with the term in the block read last.
    near: Vec<i64>,
    /// Whether that block goes on behind the term.
    is_last: bool,
    /// That block is the last that begins at or before this decision.
    sought: i64,
    /// Blocks read.
    pub(super) blocks_read: usize,
}

impl Seek {
    /// The list of a term in a run, to be gone through from a decision on; [`begin`] looks for that.
    pub(super) fn new(run: Run, term: i64, from: i64) -> Self {
        Self {
            run,
            term,
            near: Vec::new(),
            is_last: false,
            sought: from,
            blocks_read: 0,
        }
    }

    /// The first decision with the term at `index` or beyond, in the order given.
    pub(super) async fn from(
        &mut self,
        connection: &mut SqliteConnection,
        order: Order,
        index: i64,
    ) -> Result<Option<i64>, Failure> {
        let (low, high) = (self.near.first().copied(), self.near.last().copied());
        let within = low.is_some_and(|low| low <= index) && high.is_some_and(|high| index <= high);
        if !within {
            if self.sought != index {
                self.read(connection, FLOOR_SQL, index).await?;
                self.sought = index;
            }
            // What begins at or before `index` may end before it as well.
            let ends_before = !self.is_last && self.near.last().is_none_or(|&last| last < index);
            if order == Order::OldestFirst && ends_before {
                self.read(connection, CEILING_SQL, index).await?;
            }
        }
        let place = self.near.partition_point(|&near| near < index);
        Ok(match order {
            Order::OldestFirst => self.near.get(place).copied(),
            Order::NewestFirst if self.near.get(place) == Some(&index) => Some(index),
            Order::NewestFirst => place.checked_sub(1).and_then(|place| self.near.get(place).copied()),
        })
    }

    async fn read(&mut self, connection: &mut SqliteConnection, sql: &'static str, index: i64) -> Result<(), Failure> {
        let block = sqlx::query_scalar(sql)
            .bind(self.run.number)
            .bind(self.term)
            .bind(index);
        let block: Option<Vec<u8>> = block.fetch_optional(connection).await?;
        Ok(self.keep(block.as_deref())?)
    }

    fn keep(&mut self, block: Option<&[u8]>) -> Result<(), StoredError> {
        self.near.clear();
        self.is_last = false;
        let Some(block) = block else { return Ok(()) };
        self.blocks_read += 1;
        let mut postings: Vec<Posting> = Vec::new();
        let read = block::decode(block, &mut postings);
        read.ok_or_else(|| run::malformed(self.run))?;
        self.is_last = postings.last().is_some_and(|posting| posting.0 > self.term);
        let from = postings.partition_point(|posting| posting.0 < self.term);
        let having = postings
            .into_iter()
            .skip(from)
            .take_while(|posting| posting.0 == self.term);
        self.near.extend(having.map(|posting| posting.1));
        Ok(())
    }
}
