//! Check: parse, evaluate, record, render.

use super::{Caller, Committer, ServiceError, catalogues::Catalogues};
use crate::{
    catalogue::Catalogue,
    rules::evaluate,
    store::{ReadError, Store},
    verdict::Judgement,
    wire::{Check, Context, Draft, parse_check, pb, render, unrecorded},
};

/// Products times licenses of a request that is evaluated at once: what takes well under a millisecond.
const PAIR_COUNT_INLINE_MAX: usize = 64;

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
        let (check, judgement) = self.judge(check).await?;
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

impl Service {
    /// Evaluates; what could take long does so where it keeps no other call waiting.
    async fn judge(&self, check: Check) -> Result<(Check, Judgement), ServiceError> {
        let catalogue = self.catalogue;
        let pairs = check
            .facts
            .image
            .products
            .len()
            .saturating_mul(check.facts.device.holdings.licenses().len());
        if pairs <= PAIR_COUNT_INLINE_MAX {
            let judgement = evaluate(&check.facts, catalogue);
            return Ok((check, judgement));
        }
        let evaluated = tokio::task::spawn_blocking(move || {
            let judgement = evaluate(&check.facts, catalogue);
            (check, judgement)
        });
        evaluated.await.map_err(|error| {
            tracing::error!(%error, "a request could not be evaluated");
            ServiceError::Unrecordable
        })
    }
}

/// A failure to read, logged where it is handled.
pub(super) fn unreadable(error: &ReadError) -> ServiceError {
    tracing::error!(%error, "the record could not be read");
    ServiceError::Unreadable
}
