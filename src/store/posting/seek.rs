//! The decisions of one run that have one term, found in either order.

use sqlx::{Row as _, SqliteConnection};

use super::{
    Posting, block,
    run::{self, Run},
};
use crate::{history::Order, store::error::Failure};

pub(in crate::store) const FLOOR_SQL: &str = "SELECT postings FROM posting_block \
    WHERE run = ?1 AND (first_term, first_index) <= (?2, ?3) ORDER BY first_term DESC, first_index DESC LIMIT 1";
pub(in crate::store) const CEILING_SQL: &str = "SELECT postings FROM posting_block \
    WHERE run = ?1 AND (first_term, first_index) > (?2, ?3) ORDER BY first_term, first_index LIMIT 1";

/// Goes through the decisions of a run that have a term, and keeps the block it is in.
#[derive(Debug)]
pub(super) struct Seek {
    run: Run,
    term: i64,
    /// The decisions with the term in the block read last.
    near: Vec<i64>,
    /// Blocks read.
    pub(super) blocks_read: usize,
}

impl Seek {
    pub(super) fn new(run: Run, term: i64) -> Self {
        Self {
            run,
            term,
            near: Vec::new(),
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
            let here = (self.term, index);
            self.read(connection, FLOOR_SQL, here).await?;
            // What begins at or before `index` may end before it as well.
            if order == Order::OldestFirst && self.near.last().is_none_or(|&last| last < index) {
                self.read(connection, CEILING_SQL, here).await?;
            }
        }
        let place = self.near.partition_point(|&near| near < index);
        Ok(match order {
            Order::OldestFirst => self.near.get(place).copied(),
            Order::NewestFirst if self.near.get(place) == Some(&index) => Some(index),
            Order::NewestFirst => place.checked_sub(1).and_then(|place| self.near.get(place).copied()),
        })
    }

    async fn read(&mut self, connection: &mut SqliteConnection, sql: &'static str, at: Posting) -> Result<(), Failure> {
        self.near.clear();
        let block = sqlx::query(sql).bind(self.run.number).bind(at.0).bind(at.1);
        let Some(row) = block.fetch_optional(connection).await? else {
            return Ok(());
        };
        self.blocks_read += 1;
        let mut postings = Vec::new();
        let read = block::decode(row.try_get(0)?, &mut postings);
        read.ok_or_else(|| run::malformed(self.run))?;
        let from = postings.partition_point(|posting| posting.0 < self.term);
        let having = postings
            .into_iter()
            .skip(from)
            .take_while(|posting| posting.0 == self.term);
        self.near.extend(having.map(|posting| posting.1));
        Ok(())
    }
}
