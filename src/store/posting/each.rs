//! The decisions of each of many keys, which hardly ever are more than one: all keys are looked up together, with a few messages.

use std::collections::BTreeSet;

use sqlx::SqliteConnection;

use super::{
    meet::{FEW_MAX, Index, Span, in_tail, meet},
    run::Run,
    seek,
};
use crate::{history::Order, store::error::Failure};

/// Places of lists that are looked into with one message: what takes a few milliseconds.
const PLACES_MAX: usize = 256;

/// Decisions that have all terms of one of the sets, and lie where that is looked for: each with the place of the set among them, and in
/// the order of the log for each set. The first term is the rarest.
pub(in crate::store) async fn meet_each<const N: usize>(
    connection: &mut SqliteConnection,
    index: &Index,
    sets: &[([i64; N], i64)],
) -> Result<Vec<(usize, i64)>, Failure> {
    let mut parts = Vec::new();
    for (set, &(terms, from)) in sets.iter().enumerate() {
        let runs = index.within(to_the_end(from)).into_iter();
        parts.extend(runs.map(|(run, span)| Part { set, terms, run, span }));
    }
    let (mut found, mut long) = (Vec::new(), BTreeSet::new());
    for parts in parts.chunks(PLACES_MAX) {
        let few = few(connection, parts, &mut long).await?;
        let having = seek::sift(connection, few, |&(part, index)| (part.others(), part.run, index)).await?;
        found.extend(having.into_iter().map(|(part, index)| (part.set, index)));
    }
    found.retain(|(set, _)| !long.contains(set));
    for (set, (terms, from)) in sets.iter().enumerate() {
        if !long.contains(&set) {
            for tail in &index.tails {
                let here = in_tail(tail, terms, to_the_end(*from))?;
                found.extend(here.into_iter().map(|index| (set, index)));
            }
            continue;
        }
        let mut from = Some(*from);
        while let Some(next) = from {
            let part = (next, i64::MAX);
            let here = meet(connection, index, terms, part, Order::OldestFirst, usize::MAX).await?;
            found.extend(here.indices.into_iter().map(|index| (set, index)));
            from = here.examined_to.map(|index| index.saturating_add(1));
        }
    }
    Ok(found)
}

/// A set to be looked for in a run.
struct Part<const N: usize> {
    set: usize,
    terms: [i64; N],
    run: Run,
    span: Span,
}

impl<const N: usize> Part<N> {
    /// The terms but the first.
    fn others(&self) -> &[i64] {
        self.terms.get(1..).unwrap_or_default()
    }
}

fn to_the_end(from: i64) -> Span {
    Span { from, end: i64::MAX }
}

/// The decisions that have the first term. Sets with very many in one run are told as long.
async fn few<'p, const N: usize>(
    connection: &mut SqliteConnection,
    parts: &'p [Part<N>],
    long: &mut BTreeSet<usize>,
) -> Result<Vec<(&'p Part<N>, i64)>, Failure> {
    let places = parts
        .iter()
        .filter_map(|part| Some((*part.terms.first()?, part.run, part.span.from)));
    let begun = seek::begin(connection, places.collect()).await?;
    let mut few = Vec::new();
    for (seek, part) in begun.iter().zip(parts) {
        let having = seek.all(Order::OldestFirst).map(|all| {
            let having = all.iter().copied().filter(|&index| part.span.contains(index));
            having.collect::<Vec<i64>>()
        });
        match having {
            Some(having) if having.len() <= FEW_MAX => few.extend(having.into_iter().map(|index| (part, index))),
            _ => {
                long.insert(part.set);
            }
        }
    }
    Ok(few)
}
