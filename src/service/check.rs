//! Check: parse, evaluate, record, render.

use super::{Caller, Committer, ServiceError, catalogues::Catalogues};
use crate::{
    catalogue::Catalogue,
    rules::evaluate,
    store::{ReadError, Store},
    wire::{Context, Draft, parse_check, pb, render, unrecorded},
};

/// The use cases over one record.
#[derive(Debug)]
pub struct Service {
    pub(super) catalogue: &'static Catalogue,
    pub(super) catalogues: Catalogues,
    pub(super) store: Store,
    committer: Committer,
    engine: String,
}

impl Service {
    /// A service that records through `committer` and reads from `store`; `engine` names this program in its decisions.
    #[must_use]
    pub fn new(store: Store, committer: Committer, engine: String) -> Self {
        Self {
            catalogue: Catalogue::embedded(),
            catalogues: Catalogues::default(),
            store,
            committer,
            engine,
        }
    }

    /// Decides a request and gives the decision once it is durable.
    ///
    /// # Errors
    ///
    /// When the request is wrong, its key was used for another, too many decisions wait, or it cannot be recorded.
    pub async fn check(
        &self,
        caller: &Caller,
        request: pb::CheckRequest,
        trace_id: String,
    ) -> Result<pb::Decision, ServiceError> {
        let check = parse_check(request, self.catalogue)?;
        let judgement = evaluate(&check.facts, self.catalogue);
        let context = Context {
            caller: caller.to_string(),
            engine: self.engine.clone(),
            trace_id,
        };
        let draft = Draft::new(unrecorded(&check, &judgement, self.catalogue, context)).map_err(|error| {
            tracing::error!(%error, "a decision could not be encoded");
            ServiceError::Unrecordable
        })?;
        let mut decision = self.committer.record(draft).await?;
        if decision.catalogue_digest == self.catalogue.digest() {
            render(&mut decision, &check.facts, self.catalogue);
            Ok(decision)
        } else {
            // A decision of an earlier version, found again by its key, reads as it was decided.
            self.rendered(decision).await
        }
    }
}

/// A failure to read, logged where it is handled.
pub(super) fn unreadable(error: &ReadError) -> ServiceError {
    tracing::error!(%error, "the record could not be read");
    ServiceError::Unreadable
}
