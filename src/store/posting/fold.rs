//! The first step of the index: a part of the tail becomes a run.

use sqlx::SqliteConnection;

use super::{
    Posting,
    block::Encoder,
    run::{self, Run, State},
    tail::{self, Tail},
};
use crate::store::{
    error::{Failure, StoredError},
    transaction::Transaction,
};

/// Rows that the tail may have between two transactions.
pub(super) const TAIL_ROWS: usize = 128;

/// Makes the index what the writer goes on from: without blocks of no run, and with a tail no longer
/// than a search should have to read. A migration leaves one of the whole log.
pub(in crate::store) async fn shorten(connection: &mut SqliteConnection) -> Result<(), Failure> {
    run::delete_orphans(connection).await?;
    let mut number = run::next_number(connection).await?;
    loop {
        let rows = tail::read(connection, TAIL_ROWS + 1).await?;
        let Some(rows) = rows.get(..TAIL_ROWS).filter(|part| part.len() < rows.len()) else {
            return Ok(());
        };
        let mut transaction = Transaction::new(connection);
        fold(&mut transaction, rows, number)?;
        transaction.commit().await?;
        number += 1;
    }
}

/// Folds the first rows of the tail, as they are written or would be, into a run with a number, which is in use at once.
pub(super) fn fold(transaction: &mut Transaction<'_>, rows: &[Tail], number: i64) -> Result<Option<Run>, Failure> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(None);
    };
    let run = Run {
        number,
        first_index: first.first_index,
        end_index: last.first_index.saturating_add(last.length),
    };
    let postings: Result<Vec<Vec<Posting>>, StoredError> = rows.iter().map(Tail::postings).collect();
    let mut postings = postings?.concat();
    postings.sort_unstable();

    let mut encoder = Encoder::default();
    let mut blocks: Vec<_> = postings
        .into_iter()
        .filter_map(|posting| encoder.push(posting))
        .collect();
    blocks.extend(encoder.finish());
    run::begin(transaction, run, State::InUse)?;
    run::add(transaction, run, &blocks)?;
    tail::delete(transaction, run.end_index)?;
    Ok(Some(run))
}
