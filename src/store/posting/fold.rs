//! The first step of the index: a part of the tail becomes a run.

use sqlx::SqliteConnection;

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

/// Rows of the tail that one run is made of at most, and the tail may have between two transactions.
pub(super) const TAIL_ROWS: i64 = 128;

/// Folds a tail that is longer than any search should have to read: a migration leaves one, of the whole log.
pub(in crate::store) async fn shorten(connection: &mut SqliteConnection) -> Result<(), Failure> {
    let (mut rows, _) = tail::size(connection).await?;
    let mut number = run::next_number(connection).await?;
    while rows > TAIL_ROWS {
        let mut transaction = Transaction::new(connection);
        let Some((_, folded)) = fold(&mut transaction, number).await? else {
            break;
        };
        transaction.commit().await?;
        rows -= folded;
        number += 1;
    }
    Ok(())
}

/// Folds the first rows of the tail, [`TAIL_ROWS`] at most, into a run with a number, which is in use at once; gives the run and how many
/// rows it took.
pub(super) async fn fold(transaction: &mut Transaction<'_>, number: i64) -> Result<Option<(Run, i64)>, Failure> {
    let rows = tail::read(transaction.reading().await?, TAIL_ROWS).await?;
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
