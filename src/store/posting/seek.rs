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
/// The same in several places: ?1 is a JSON array of run, term and index, and the answers are in its order.
pub(in crate::store) const FLOORS_SQL: &str = "SELECT (SELECT postings FROM posting_block \
    WHERE run = asked.value ->> 0 AND (first_term, first_index) <= (asked.value ->> 1, asked.value ->> 2) \
    ORDER BY first_term DESC, first_index DESC LIMIT 1) FROM json_each(?1) AS asked ORDER BY asked.key";
pub(in crate::store) const CEILING_SQL: &str = "SELECT postings FROM posting_block \
    WHERE run = ?1 AND (first_term, first_index) > (?2, ?3) ORDER BY first_term, first_index LIMIT 1";

/// The lists of terms in several places of runs, each read where it is to be gone through from: all of that in one message.
pub(super) async fn begin(
    connection: &mut SqliteConnection,
    places: Vec<(i64, Run, i64)>,
) -> Result<Vec<Seek>, Failure> {
    let asked = places
        .iter()
        .map(|(term, run, index)| format!("[{},{term},{index}]", run.number));
    let asked = format!("[{}]", asked.collect::<Vec<_>>().join(","));
    let blocks = sqlx::query_scalar(FLOORS_SQL).bind(asked);
    let blocks: Vec<Option<Vec<u8>>> = blocks.fetch_all(connection).await?;
    let begun = places.into_iter().zip(blocks).map(|((term, run, index), block)| {
        let mut seek = Seek::new(run, term);
        seek.keep(index, block.as_deref())?;
        Ok(seek)
    });
    begun.collect()
}

/// Those of some decisions that have other terms too; `asked` gives the terms, as many for each, and where the decision is: its run and
/// index. All are looked up with one message for each term.
pub(super) async fn sift<'t, T>(
    connection: &mut SqliteConnection,
    mut few: Vec<T>,
    asked: impl Fn(&T) -> (&'t [i64], Run, i64),
) -> Result<Vec<T>, Failure> {
    for nth in 0.. {
        let places = few.iter().filter_map(|one| {
            let (terms, run, index) = asked(one);
            Some((*terms.get(nth)?, run, index))
        });
        let places: Vec<_> = places.collect();
        if places.is_empty() {
            break;
        }
        let sought = begin(connection, places).await?;
        let mut sought = sought.iter();
        few.retain(|_| sought.next().is_some_and(Seek::has_sought));
    }
    Ok(few)
}

/// Goes through the decisions of a run that have a term, and keeps the block it is in.
#[derive(Debug)]
pub(super) struct Seek {
    run: Run,
    term: i64,
    /// The decisions with the term in the block read last.
    near: Vec<i64>,
    /// Whether that block begins before the term, and whether it goes on behind it.
    is_first: bool,
    is_last: bool,
    /// Where the list was looked for last.
    sought: Option<i64>,
    /// Blocks that were read by a message each.
    pub(super) blocks_read: usize,
}

impl Seek {
    pub(super) fn new(run: Run, term: i64) -> Self {
        Self {
            run,
            term,
            near: Vec::new(),
            is_first: false,
            is_last: false,
            sought: None,
            blocks_read: 0,
        }
    }

    /// All decisions with the term from where it was looked for, in the order given and in no other, if they are known already.
    pub(super) fn all(&self, order: Order) -> Option<&[i64]> {
        let is_all = match order {
            Order::OldestFirst => self.is_last,
            Order::NewestFirst => self.is_first,
        };
        is_all.then_some(&self.near)
    }

    /// Whether the decision where the term was looked for has it.
    fn has_sought(&self) -> bool {
        self.sought
            .is_some_and(|sought| self.near.binary_search(&sought).is_ok())
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
            if self.sought != Some(index) {
                self.read(connection, FLOOR_SQL, index).await?;
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
        self.blocks_read += 1;
        Ok(self.keep(index, block.as_deref())?)
    }

    fn keep(&mut self, sought: i64, block: Option<&[u8]>) -> Result<(), StoredError> {
        self.sought = Some(sought);
        self.near.clear();
        self.is_last = false;
        // Where there is no block, there is nothing before either.
        self.is_first = block.is_none();
        let Some(block) = block else { return Ok(()) };
        let mut postings: Vec<Posting> = Vec::new();
        let read = block::decode(block, &mut postings);
        read.ok_or_else(|| run::malformed(self.run))?;
        self.is_last = postings.last().is_some_and(|posting| posting.0 > self.term);
        let from = postings.partition_point(|posting| posting.0 < self.term);
        self.is_first = from > 0;
        let having = postings
            .into_iter()
            .skip(from)
            .take_while(|posting| posting.0 == self.term);
        self.near.extend(having.map(|posting| posting.1));
        Ok(())
    }
}
