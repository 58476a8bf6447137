//! The decisions that have several terms at once: each list is asked for its next, until all give the same.

use sqlx::SqliteConnection;

use super::{
    run::{self, Run},
    seek::Seek,
    tail::{self, Tail},
};
use crate::{history::Order, store::error::Failure};

/// Blocks that one search reads before it ends early: what takes a few milliseconds.
const BLOCKS_MAX: usize = 128;

/// What a search goes through, read once for all its terms: the runs in use and the tail behind them, in the order of the log.
#[derive(Debug)]
pub(in crate::store) struct Index {
    runs: Vec<Run>,
    tails: Vec<Tail>,
}

impl Index {
    pub(in crate::store) async fn load(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        Ok(Self {
            runs: run::in_use(connection).await?,
            tails: tail::read(connection, i64::MAX).await?,
        })
    }
}

/// What a search found.
#[derive(Debug, Default)]
pub(in crate::store) struct Found {
    /// Log indices, in the direction asked for.
    pub(in crate::store) indices: Vec<i64>,
    /// The last decision that was looked at, where the search ended before it was through.
    pub(in crate::store) examined_to: Option<i64>,
}

/// A part of the log.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: i64,
    end: i64,
}

impl Span {
    fn within(self, from: i64, end: i64) -> Option<Self> {
        let span = Self {
            from: self.from.max(from),
            end: self.end.min(end),
        };
        (span.from < span.end).then_some(span)
    }

    fn contains(self, index: i64) -> bool {
        self.from <= index && index < self.end
    }
}

/// Decisions from `from` up to but without `end` that have all the terms, at least one, in the order given: at most `count_max`.
pub(in crate::store) async fn meet(
    connection: &mut SqliteConnection,
    index: &Index,
    terms: &[i64],
    (from, end): (i64, i64),
    order: Order,
    count_max: usize,
) -> Result<Found, Failure> {
    let mut search = Search {
        connection,
        terms,
        order,
        count_max,
        blocks_left: BLOCKS_MAX,
        found: Found::default(),
    };
    let span = Span { from, end };
    match order {
        Order::OldestFirst => {
            search.runs(index.runs.iter(), span).await?;
            search.tails(index.tails.iter(), span)?;
        }
        Order::NewestFirst => {
            search.tails(index.tails.iter().rev(), span)?;
            search.runs(index.runs.iter().rev(), span).await?;
        }
    }
    Ok(search.found)
}

struct Search<'a> {
    connection: &'a mut SqliteConnection,
    terms: &'a [i64],
    order: Order,
    count_max: usize,
    blocks_left: usize,
    found: Found,
}

impl Search<'_> {
    fn is_over(&self) -> bool {
        self.found.indices.len() >= self.count_max || self.found.examined_to.is_some()
    }

    fn tails<'t>(&mut self, tails: impl Iterator<Item = &'t Tail>, span: Span) -> Result<(), Failure> {
        for tail in tails {
            let Some(span) = span.within(tail.first_index, tail.first_index.saturating_add(tail.length)) else {
                continue;
            };
            if self.is_over() {
                break;
            }
            let mut indices: Option<Vec<i64>> = None;
            for &term in self.terms {
                let having = tail.having(term)?;
                indices = Some(match indices {
                    None => having,
                    Some(so_far) => so_far
                        .into_iter()
                        .filter(|index| having.binary_search(index).is_ok())
                        .collect(),
                });
            }
            let mut indices = indices.unwrap_or_default();
            indices.retain(|&index| span.contains(index));
            if self.order == Order::NewestFirst {
                indices.reverse();
            }
            indices.truncate(self.count_max.saturating_sub(self.found.indices.len()));
            self.found.indices.append(&mut indices);
        }
        Ok(())
    }

    async fn runs<'r>(&mut self, runs: impl Iterator<Item = &'r Run>, span: Span) -> Result<(), Failure> {
        for run in runs {
            let Some(span) = span.within(run.first_index, run.end_index) else {
                continue;
            };
            if self.is_over() {
                break;
            }
            let seeks = self.terms.iter().map(|&term| Seek::new(*run, term)).collect();
            self.run(seeks, span).await?;
        }
        Ok(())
    }

    async fn run(&mut self, mut seeks: Vec<Seek>, span: Span) -> Result<(), Failure> {
        let mut wanted = match self.order {
            Order::OldestFirst => span.from,
            Order::NewestFirst => span.end - 1,
        };
        while !self.is_over() && span.contains(wanted) {
            if blocks_read(&seeks) > self.blocks_left {
                self.found.examined_to = Some(match self.order {
                    Order::OldestFirst => wanted - 1,
                    Order::NewestFirst => wanted + 1,
                });
                break;
            }
            let Some(agreed) = self.agree(&mut seeks, wanted).await? else {
                break;
            };
            if agreed == wanted {
                self.found.indices.push(wanted);
                wanted = self.behind(wanted);
            } else {
                wanted = agreed;
            }
        }
        self.blocks_left = self.blocks_left.saturating_sub(blocks_read(&seeks));
        Ok(())
    }

    /// Asks each list for its decision at `wanted` or beyond: `wanted` when all have it, or else the first place where that can be.
    async fn agree(&mut self, seeks: &mut [Seek], wanted: i64) -> Result<Option<i64>, Failure> {
        for seek in seeks {
            match seek.from(self.connection, self.order, wanted).await? {
                None => return Ok(None),
                Some(index) if index == wanted => {}
                Some(beyond) => return Ok(Some(beyond)),
            }
        }
        Ok(Some(wanted))
    }

    fn behind(&self, index: i64) -> i64 {
        match self.order {
            Order::OldestFirst => index + 1,
            Order::NewestFirst => index - 1,
        }
    }
}

fn blocks_read(seeks: &[Seek]) -> usize {
    seeks.iter().map(|seek| seek.blocks_read).sum()
}
