//! The first step of the index: a part of the tail becomes a run.

use sqlx::{Sqlite, Transaction};

use super::{Posting, block::Encoder, run, tail};
use crate::store::{
    error::{Failure, StoredError},
    together::Together,
};

/// Folds at most `rows_max` rows of the tail, the first ones, into a run that is in use at once; gives the run and how many rows and
/// decisions it took.
pub(super) async fn fold(
    transaction: &mut Transaction<'_, Sqlite>,
    rows_max: i64,
) -> Result<Option<(run::Run, i64)>, Failure> {
    let rows = tail::read(transaction, rows_max).await?;
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
    let made = run::begin(transaction, first_index, end_index).await?;
    let mut together = Together::default();
    run::add(&mut together, made, &blocks)?;
    run::set_state(&mut together, made, run::State::InUse)?;
    tail::delete(&mut together, end_index)?;
    together.execute(transaction).await?;
    Ok(Some((made, i64::try_from(rows.len()).unwrap_or(i64::MAX))))
}
