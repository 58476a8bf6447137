//! The first step of the index: a part of the tail becomes a run.

use super::{
    Posting,
    block::Encoder,
    run::{self, Run, State},
    tail,
};
use crate::store::{
    error::{Failure, StoredError},
    transaction::Transaction,
};

/// Folds at most `rows_max` rows of the tail, the first ones, into a run with a number, which is in use at once; gives the run and how
/// many rows it took.
pub(super) async fn fold(
    transaction: &mut Transaction<'_>,
    number: i64,
    rows_max: i64,
) -> Result<Option<(Run, i64)>, Failure> {
    let rows = tail::read(transaction.reading().await?, rows_max).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(None);
    };
    let (first_index, end_index) = (first.first_index, last.first_index.saturating_add(last.length));
    let postings: Result<Vec<Vec<Posting>>, StoredError> = rows.iter().map(tail::Tail::postings).collect();
    let mut postings = postings?.concat();
    postings.sort_unstable();

    let mut encoder = Encoder::default();
    let mut blocks: Vec<_> = postings
        .into_iter()
        .filter_map(|posting| encoder.push(posting))
        .collect();
    blocks.extend(encoder.finish());
    let made = Run {
        number,
        first_index,
        end_index,
    };
    run::begin(transaction, made, State::InUse)?;
    run::add(transaction, made, &blocks)?;
    tail::delete(transaction, end_index)?;
    Ok(Some((made, i64::try_from(rows.len()).unwrap_or(i64::MAX))))
}
