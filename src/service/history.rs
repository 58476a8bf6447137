//! History and single decisions: what was recorded, rendered for readers.

use prost::Message as _;
use uuid::Uuid;

use super::{
    Caller, Operation, Service, ServiceError,
    check::unreadable,
    opinion::LEN_INLINE_MAX,
    reading::{Read, Reading},
};
use crate::{
    access::Right,
    audit::Hash,
    history::{Cursor, PageToken},
    store::Stored,
    wire::{
        Answer, RecordError, View, Violations, decode, parse_facts, parse_history, pb, render, served::HistoryResponse,
    },
};

/// Most bytes of a page, below the 4 MiB that common clients take; a page that reaches them ends early.
const PAGE_BYTES_MAX: usize = 3 * 1024 * 1024;
/// Most decisions that are read one by one at one time; further calls wait for their turn, hardly ever for longer than without.
pub(super) const SINGLE_COUNT_MAX: usize = 8;

impl Service {
    /// One page of the decisions asked for.
    ///
    /// # Errors
    ///
    /// When the question is wrong or the record cannot be read.
    pub async fn history(&self, caller: &Caller, request: pb::HistoryRequest) -> Result<HistoryResponse, ServiceError> {
        // The further pages of a query are one read with it; a token that was not given out here is a query of its own.
        let view = request.view;
        let further = self.issued.take(caller, view, &request.page_token);
        let asked = (!further).then(|| json(&request));
        let query = parse_history(request, self.catalogue)?;
        if let Some(asked) = asked {
            self.note_read(caller, "History", asked);
        }
        let mut reading = Reading::new(&self.opinions, &query);
        let accept = |stored: Stored| reading.read(&stored);
        let page = self
            .store
            .page(&query.filter, query.order, query.cursor, query.page_size, accept)
            .await;
        let page = page.map_err(|error| unreadable(&error))?;

        let mut next = page.next;
        let mut bytes: usize = 0;
        let mut decisions = Vec::with_capacity(page.items.len());
        for read in page.items {
            let answer = match read {
                Read::Recalled(answer) => answer,
                Read::Decoded(decision) => self.rendered(*decision, query.view).await?.into(),
            };
            bytes = bytes.saturating_add(answer.encoded_len());
            if let Some(last) = decisions.last().filter(|_| bytes > PAGE_BYTES_MAX) {
                let last: &Answer = last;
                next = Some(Cursor::behind(last.head().log_index));
                break;
            }
            decisions.push(answer);
        }
        let token = next.map(|cursor| PageToken::new(cursor, &query.filter, query.order).to_string());
        let next_page_token = token.unwrap_or_default();
        self.issued.put(caller, view, &next_page_token);
        Ok(HistoryResponse {
            decisions,
            next_page_token,
        })
    }

    /// One decision whole.
    ///
    /// # Errors
    ///
    /// When the id is none or names no decision, the caller may not read it, or the record cannot be read or was changed.
    pub async fn decision(&self, caller: &Caller, id: &str) -> Result<pb::Decision, ServiceError> {
        let _turn = self.single_reads.acquire().await;
        let may_read_all = caller.may(Right::Read);
        let (decision, leaf) = match self.by_id(id).await {
            // Whether others decided something is not for everyone to know.
            Err(ServiceError::NotFound(_)) if !may_read_all => return Err(ServiceError::Denied),
            read => read?,
        };
        if !may_read_all && decision.caller != caller.as_str() {
            return Err(ServiceError::Denied);
        }
        self.attest_id(id, &decision, leaf).await?;
        self.note_read(caller, "GetDecision", serde_json::json!({ "decisionId": id }));
        self.rendered(decision, View::Full).await
    }

    /// The decision of an id and the leaf of its record, both not held against the log yet.
    pub(super) async fn by_id(&self, id: &str) -> Result<(pb::Decision, Hash), ServiceError> {
        let stored = self.stored(id).await?;
        let log_index = stored.log_index;
        let (decoded, leaf) = self.decoded(stored).await?;
        match decoded {
            Ok(decision) => Ok((decision, leaf)),
            Err(error) => {
                tracing::error!(log_index, %error, "a record could not be read");
                Err(ServiceError::Unreadable)
            }
        }
    }

    /// What a record says, and its leaf.
    pub(super) async fn decoded(
        &self,
        stored: Stored,
    ) -> Result<(Result<pb::Decision, RecordError>, Hash), ServiceError> {
        let is_long = stored.record.len() > LEN_INLINE_MAX;
        let read = move || (decode(&stored.record, stored.log_index), stored.leaf());
        self.beside(is_long, read).await
    }

    /// Notes that somebody read records.
    pub(super) fn note_read(&self, caller: &Caller, rpc: &'static str, request: serde_json::Value) {
        self.committer.operations().note(Operation::Read {
            caller: caller.to_string(),
            rpc,
            request,
        });
    }

    /// The record of an id.
    pub(super) async fn stored(&self, id: &str) -> Result<Stored, ServiceError> {
        let id = Uuid::try_parse(id).map_err(|_| {
            Violations::of(
                "decision_id",
                "is no decision id; give the UUID that `Check` or `History` gave",
            )
        })?;
        let stored = self.store.by_id(id).await.map_err(|error| unreadable(&error))?;
        stored.ok_or(ServiceError::NotFound(id))
    }

    /// What a view shows of a decision, with what is not stored filled in by the catalogue it was made with; a decision that this
    /// program cannot render comes as it was stored.
    pub(super) async fn rendered(&self, mut decision: pb::Decision, view: View) -> Result<pb::Decision, ServiceError> {
        let catalogue = self.catalogues.get(&decision.catalogue_digest, &self.store).await?;
        let unstated = pb::Facts::default();
        let resolved = decision.resolved.as_ref().unwrap_or(&unstated);
        let facts = catalogue.as_ref().map(|catalogue| parse_facts(resolved, catalogue));
        view.narrow(&mut decision);
        if let (Some(catalogue), Some(Ok(facts))) = (catalogue, facts) {
            render(&mut decision, &facts, &catalogue);
        }
        Ok(decision)
    }
}

/// A request as a record has it.
pub(super) fn json(request: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(request).unwrap_or_default()
}
