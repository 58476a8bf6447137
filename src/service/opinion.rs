//! Opinions: parse, evaluate, encode; or remember what the same question came to.

use std::{mem, sync::Arc};

use prost::Message as _;
use quick_cache::{Weighter, sync::Cache};

use super::{Service, ServiceError};
use crate::{
    rules::evaluate,
    verdict::Judgement,
    wire::{Check, Context, Opinion, Question, RecordError, parse_check, pb, report_len, unrecorded},
};

/// Products times licenses of a request that is evaluated at once: what takes well under a millisecond.
const PAIR_COUNT_INLINE_MAX: usize = 64;
/// Bytes of reports that are read at once, and of requests: what takes some milliseconds at most.
const REPORT_LEN_INLINE_MAX: usize = 32 * 1024;
const REQUEST_LEN_INLINE_MAX: usize = 64 * 1024;
/// Bytes of questions and opinions that are remembered: some 600 typical ones, more kinds of device than most fleets have.
const SIZE_MAX: u64 = 4 * 1024 * 1024;
/// Questions that room is made for at first.
const COUNT_EXPECTED: usize = 512;
/// Bytes that remembering one takes beside its own.
const OVERHEAD: usize = 256;

/// What was asked lately, and what it came to. The rules are pure, and an opinion is the same however often it is formed; so one that
/// is remembered is no older than one that is formed anew.
#[derive(Debug)]
pub(super) struct Opinions(Cache<Question, Arc<Opinion>, Size>);

#[derive(Clone, Debug)]
struct Size;

impl Weighter<Question, Arc<Opinion>> for Size {
    fn weight(&self, question: &Question, opinion: &Arc<Opinion>) -> u64 {
        let size = question.size().saturating_add(opinion.size());
        size.saturating_add(OVERHEAD) as u64
    }
}

impl Default for Opinions {
    fn default() -> Self {
        Self(Cache::with_weighter(COUNT_EXPECTED, SIZE_MAX, Size))
    }
}

impl Opinions {
    /// The opinion on a question, if it is remembered.
    pub(super) fn get(&self, question: &Question) -> Option<Arc<Opinion>> {
        self.0.get(question)
    }
}

impl Service {
    /// The opinion on what a request asks; the request stays as it came, unless it is wrong.
    pub(super) async fn opine(&self, request: &mut pb::CheckRequest) -> Result<Arc<Opinion>, ServiceError> {
        // What forms an opinion is boxed, as it is large and seldom needed: a call is moved with all that it could come to hold.
        let Some((question, names)) = Question::take(request) else {
            return Box::pin(self.form(request)).await.map(Arc::new);
        };
        let opinion = if let Some(known) = self.opinions.get(&question) {
            known
        } else {
            // The names were found right, and what is wrong with a question is told without them.
            let formed = Arc::new(Box::pin(self.form(request)).await?.of_question());
            self.opinions.0.insert(question, Arc::clone(&formed));
            formed
        };
        names.put_back(request);
        Ok(opinion)
    }

    /// Parses, evaluates and encodes.
    async fn form(&self, request: &mut pb::CheckRequest) -> Result<Opinion, ServiceError> {
        let check = self.parse(mem::take(request)).await?;
        let (check, judgement) = self.judge(check).await?;
        let Check {
            request: asked,
            edition,
            facts,
        } = check;
        let context = Context {
            engine: self.engine.clone(),
            ..Context::default()
        };
        let mut decision = unrecorded(asked, edition, &facts, &judgement, self.catalogue, context);
        let opinion = Opinion::take(&mut decision, &facts, self.catalogue).map_err(|error| unencodable(&error))?;
        *request = decision.request.unwrap_or_default();
        Ok(opinion)
    }

    /// Parses; many reports, and long lists, are read where they keep no other call waiting.
    async fn parse(&self, request: pb::CheckRequest) -> Result<Check, ServiceError> {
        let catalogue = self.catalogue;
        if report_len(&request) <= REPORT_LEN_INLINE_MAX && request.encoded_len() <= REQUEST_LEN_INLINE_MAX {
            return Ok(parse_check(request, catalogue)?);
        }
        let parsed = self.at_length(move || parse_check(request, catalogue)).await?;
        Ok(parsed?)
    }

    /// Does what may take long, one at a time on each core.
    async fn at_length<T: Send + 'static>(&self, task: impl FnOnce() -> T + Send + 'static) -> Result<T, ServiceError> {
        let turn = Arc::clone(&self.large_evaluations).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            // Kept to the end, also when nobody waits for it any more.
            let _turn = turn;
            task()
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "a request could not be evaluated");
            ServiceError::Unrecordable
        })
    }

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
        self.at_length(move || {
            let judgement = evaluate(&check.facts, catalogue);
            (check, judgement)
        })
        .await
    }
}

/// A decision that has no form in which it can be recorded, logged where it is handled.
pub(super) fn unencodable(error: &RecordError) -> ServiceError {
    tracing::error!(%error, "a decision could not be encoded");
    ServiceError::Unrecordable
}
