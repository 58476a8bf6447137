//! What was decided earlier under a request key, looked for beside the writer: what the writer searches, every new decision waits for.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    decision::Stored,
    error::{ReadError, StoredError},
    looks::{Keys, Looks},
    owner::Ownership,
    reader::Store,
    requests::SharedRequests,
    search,
    watch::Watch,
};
use crate::history::Term;

/// Decisions with both terms of a key, which are a request's and its caller's, by key and in the order of the log, or why they were not
/// read. Records must be compared: hardly ever, other keys have the same terms.
pub type Keyed = BTreeMap<[Term; 2], Under>;

/// What is under one key. Clones share it.
pub type Under = Result<Arc<[Stored]>, Unread>;

/// Why the decisions under a key were not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// What is under the keys before it is all that is read at one time.
    #[error("there is too much under the keys that were looked for together")]
    TooMuch,
    /// One of them is not what was written.
    #[error(transparent)]
    Malformed(#[from] StoredError),
}

/// What a look came to. The default is that of no look at all.
#[derive(Debug, Default)]
pub struct Earlier {
    /// What was found.
    pub found: Keyed,
    /// Every decision before this log index was looked at; whoever writes still has to look at those from here on.
    pub log_end: u64,
}

/// What a store has of the writer that was opened beside it.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    pub(super) ownership: Arc<Ownership>,
    pub(super) requests: SharedRequests,
    pub(super) looks: Arc<Looks>,
    pub(super) watch: Watch,
}

impl Store {
    /// Whether the log, or what is on its way into it, may have a request's term; not, when the answer is no, or without a writer in this
    /// process.
    #[must_use]
    pub fn may_have(&self, request: Term) -> bool {
        self.beside
            .as_ref()
            .is_some_and(|beside| beside.requests.read().may_have(request))
    }

    /// Looks for decisions under some keys. A key that the log has not costs a look into memory, and those that it may have are read at
    /// one moment, as many as there is room for. Without a writer in this process nothing is looked for.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn earlier(&self, keys: &[[Term; 2]]) -> Result<Earlier, ReadError> {
        let Some(Beside {
            requests, looks, watch, ..
        }) = &self.beside
        else {
            return Ok(Earlier::default());
        };
        // Both of one moment. A key that comes in later belongs to a decision from this end on, as does one whose transaction is still
        // under way; and what is committed by now is in every snapshot that begins later.
        let (may_be, log_end) = {
            let requests = requests.read();
            let may_be = keys.iter().filter(|[request, _]| requests.may_have(*request));
            (may_be.copied().collect::<Keys>(), requests.log_end())
        };
        let mut found = Keyed::new();
        if !may_be.is_empty() {
            // Boxed, as it is large and rare.
            found = Box::pin(looks.look(may_be, async |keys| self.read_earlier(keys).await)).await?;
        }
        // A transaction whose file was moved away meanwhile is seen here, and was not acknowledged: that is for the writer to tell.
        if !found.is_empty() && watch.moved().is_some() {
            return Ok(Earlier::default());
        }
        Ok(Earlier { found, log_end })
    }

    async fn read_earlier(&self, keys: Keys) -> Result<Keyed, ReadError> {
        let keys = keys.into_iter().map(|key| (key, 0)).collect();
        let found = search::all(&mut *self.snapshot().await?, keys).await;
        found.map_err(|error| self.failed(error))
    }
}
