//! Making a merge's next slice beside the writer, while it syncs: no transaction waits for what is read for it.

use sqlx::{Connection as _, SqliteConnection};
use tokio::task::JoinHandle;

use super::merge::{Merge, Slice};
use crate::store::error::Failure;

/// A connection that reads, and what it reads for.
#[derive(Debug)]
pub(super) struct Ahead(Option<State>);

#[derive(Debug)]
enum State {
    Resting(SqliteConnection),
    Making(JoinHandle<(SqliteConnection, Merge, Result<Slice, Failure>)>),
}

impl Ahead {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self(Some(State::Resting(connection)))
    }

    /// Begins to make the next slice of the last merge, unless it is made; takes the merge away meanwhile. All that it reads must be
    /// committed.
    pub(super) fn start(&mut self, merges: &mut Vec<Merge>, blocks_max: usize) {
        let resting = self.0.take_if(|state| matches!(state, State::Resting(_)));
        let Some(State::Resting(mut connection)) = resting else {
            return;
        };
        self.0 = Some(match merges.pop_if(|merge| merge.next.is_none()) {
            Some(mut merge) => State::Making(tokio::spawn(async move {
                let slice = merge.slice(&mut connection, blocks_max).await;
                (connection, merge, slice)
            })),
            None => State::Resting(connection),
        });
    }

    /// Puts the merge back with its slice, as soon as that is made. Where it could not be made the merge is given up, and gone; then it
    /// says why.
    pub(super) async fn settle(&mut self, merges: &mut Vec<Merge>) -> Result<Option<Failure>, sqlx::Error> {
        if let Some(State::Making(task)) = self.0.take_if(|state| matches!(state, State::Making(_))) {
            let (connection, mut merge, slice) = task.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
            self.0 = Some(State::Resting(connection));
            match slice {
                Ok(slice) => merge.next = Some(slice),
                Err(failure) => return Ok(Some(failure)),
            }
            merges.push(merge);
        }
        Ok(None)
    }

    pub(super) async fn close(self) -> Result<(), sqlx::Error> {
        match self.0 {
            Some(State::Resting(connection)) => connection.close().await,
            Some(State::Making(task)) => match task.await {
                Ok((connection, ..)) => connection.close().await,
                Err(_) => Err(sqlx::Error::WorkerCrashed),
            },
            None => Ok(()),
        }
    }
}
