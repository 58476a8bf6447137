//! The decisions that have several terms at once: each list is asked for its next, until all give the same.

use std::iter;

use sqlx::SqliteConnection;

use super::{
    run::{self, Run},
    seek::{self, Seek},
    tail::{self, Tail},
};
use crate::{history::Order, store::error::Failure};

/// Blocks that one search reads by a message each before it ends early: what takes a few milliseconds.
const BLOCKS_MAX: usize = 32;

/// Runs that are looked into with one message: what takes about a millisecond.
const RUNS_MAX: usize = 64;
/// Decisions of a run that have the first term, and are looked up one by one for the others, with one message for those of all runs. More
/// share blocks, and are found sooner by reading on in each list.
pub(super) const FEW_MAX: usize = 4;
/// Of a run that has some, so many at least are expected: for a page of as many one run is looked into at first.
const EXPECTED: usize = 32;

/// What a search goes through, read once for all its terms: the runs in use and the tail behind them, in the order of the log.
#[derive(Debug)]
pub(in crate::store) struct Index {
    runs: Vec<Run>,
    pub(super) tails: Vec<Tail>,
}

impl Index {
    pub(in crate::store) async fn load(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        Ok(Self {
            runs: run::in_use(connection).await?,
            tails: tail::read(connection, usize::MAX).await?,
        })
    }

    /// The runs that overlap a part of the log, and what of it each has.
    pub(super) fn within(&self, span: Span) -> Vec<(Run, Span)> {
        let runs = self.runs.iter();
        runs.filter_map(|run| Some((*run, span.within(run.first_index, run.end_index)?)))
            .collect()
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
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) end: i64,
}

impl Span {
    pub(super) fn within(self, from: i64, end: i64) -> Option<Self> {
        let span = Self {
            from: self.from.max(from),
            end: self.end.min(end),
        };
        (span.from < span.end).then_some(span)
    }

    fn first(self, order: Order) -> i64 {
        match order {
            Order::OldestFirst => self.from,
            Order::NewestFirst => self.end - 1,
        }
    }

    pub(super) fn contains(self, index: i64) -> bool {
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
            search.runs(&index.within(span)).await?;
            search.tails(index.tails.iter(), span)?;
        }
        Order::NewestFirst => {
            search.tails(index.tails.iter().rev(), span)?;
            let mut runs = index.within(span);
            runs.reverse();
            search.runs(&runs).await?;
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
            if self.is_over() {
                break;
            }
            let mut indices = in_tail(tail, self.terms, span)?;
            if self.order == Order::NewestFirst {
                indices.reverse();
            }
            indices.truncate(self.count_max.saturating_sub(self.found.indices.len()));
            self.found.indices.append(&mut indices);
        }
        Ok(())
    }

    /// Looks for the first term, which fewest decisions have, in several runs at once, in more the less is found: each message to the
    /// database waits for its turn.
    async fn runs(&mut self, runs: &[(Run, Span)]) -> Result<(), Failure> {
        let Some((&rarest, others)) = self.terms.split_first() else {
            return Ok(());
        };
        let mut at_once = (self.count_max / EXPECTED).clamp(1, RUNS_MAX);
        let mut left = runs;
        while !left.is_empty() && !self.is_over() {
            let (here, behind) = left.split_at(at_once.min(left.len()));
            let places = here.iter().map(|&(run, span)| (rarest, run, span.first(self.order)));
            let begun = seek::begin(self.connection, places.collect()).await?;
            let few_max = if others.is_empty() { usize::MAX } else { FEW_MAX };
            at_once = if let Some(few) = self.few(&begun, here, few_max) {
                let found = self.take(few, others).await?;
                let wanted = self.count_max.saturating_sub(self.found.indices.len());
                wanted.saturating_mul(here.len()) / found.max(1)
            } else {
                for (first, &(run, span)) in begun.into_iter().zip(here) {
                    let others = others.iter().map(|&term| Seek::new(run, term));
                    self.run(iter::once(first).chain(others).collect(), span).await?;
                }
                at_once * 2
            };
            at_once = at_once.clamp(1, RUNS_MAX);
            left = behind;
        }
        Ok(())
    }

    /// All decisions that have the first term in some runs, with the run of each, in the order of the search: where they are known, and
    /// no run has more than `few_max`.
    fn few(&self, begun: &[Seek], runs: &[(Run, Span)], few_max: usize) -> Option<Vec<(Run, i64)>> {
        let mut few = Vec::new();
        for (seek, &(run, span)) in begun.iter().zip(runs) {
            let here = seek.all(self.order)?.iter().copied();
            let from = few.len();
            few.extend(here.filter(|&index| span.contains(index)).map(|index| (run, index)));
            let of_run = few.get_mut(from..)?;
            if of_run.len() > few_max {
                return None;
            }
            if self.order == Order::NewestFirst {
                of_run.reverse();
            }
        }
        Some(few)
    }

    /// Takes those that have the other terms too; gives how many.
    async fn take(&mut self, few: Vec<(Run, i64)>, others: &[i64]) -> Result<usize, Failure> {
        let mut few = seek::sift(self.connection, few, |&(run, index)| (others, run, index)).await?;
        few.truncate(self.count_max.saturating_sub(self.found.indices.len()));
        self.found.indices.extend(few.iter().map(|&(_, index)| index));
        Ok(few.len())
    }

    async fn run(&mut self, mut seeks: Vec<Seek>, span: Span) -> Result<(), Failure> {
        let mut wanted = span.first(self.order);
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

/// The decisions of a transaction of the tail that have all the terms, in the order of the log.
pub(super) fn in_tail(tail: &Tail, terms: &[i64], span: Span) -> Result<Vec<i64>, Failure> {
    let mut indices: Option<Vec<i64>> = None;
    if span
        .within(tail.first_index, tail.first_index.saturating_add(tail.length))
        .is_some()
    {
        for &term in terms {
            let having = tail.having(term)?;
            indices = Some(match indices {
                None => having,
                Some(so_far) => so_far
                    .into_iter()
                    .filter(|index| having.binary_search(index).is_ok())
                    .collect(),
            });
        }
    }
    let mut indices = indices.unwrap_or_default();
    indices.retain(|&index| span.contains(index));
    Ok(indices)
}

fn blocks_read(seeks: &[Seek]) -> usize {
    seeks.iter().map(|seek| seek.blocks_read).sum()
}
