//! Opinions: parse, evaluate, encode; or remember what the same question came to.

use std::{mem, sync::Arc};

use prost::Message as _;
use quick_cache::{Weighter, sync::Cache};

use super::{Service, ServiceError};
use crate::{
    catalogue::Catalogue,
    rules::evaluate,
    wire::{Check, Context, Opinion, Question, RecordError, parse_check, pb, report_len, unrecorded},
};

/// Products times licenses of a request that is evaluated at once: what takes well under a millisecond.
const PAIR_COUNT_INLINE_MAX: usize = 64;
/// Bytes of reports that are read at once, and of requests and records: what takes some milliseconds at most.
const REPORT_LEN_INLINE_MAX: usize = 32 * 1024;
pub(super) const LEN_INLINE_MAX: usize = 64 * 1024;
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

    /// Parses, evaluates and encodes; what could take long does so where it keeps no other call waiting.
    async fn form(&self, request: &mut pb::CheckRequest) -> Result<Opinion, ServiceError> {
        let catalogue = self.catalogue;
        let is_long = request.encoded_len() > LEN_INLINE_MAX;
        let reads_long = is_long || report_len(request) > REPORT_LEN_INLINE_MAX;
        let asked = mem::take(request);
        let check = self.beside(reads_long, move || parse_check(asked, catalogue)).await??;
        let is_long = is_long || pair_count(&check) > PAIR_COUNT_INLINE_MAX;
        let engine = self.engine.clone();
        let formed = self.beside(is_long, move || opinion(check, engine, catalogue)).await?;
        let (asked, opinion) = formed.map_err(|error| unencodable(&error))?;
        *request = asked;
        Ok(opinion)
    }

    /// Does something: at once, or what may take long beside the calls, one at a time on each core.
    pub(super) async fn beside<T: Send + 'static>(
        &self,
        is_long: bool,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        if !is_long {
            return Ok(task());
        }
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
}

/// Products times licenses.
fn pair_count(Check { facts, .. }: &Check) -> usize {
    let licenses = facts.device.holdings.licenses().len();
    facts.image.products.len().saturating_mul(licenses)
}

/// What a request comes to, and the request again.
fn opinion(check: Check, engine: String, catalogue: &Catalogue) -> Result<(pb::CheckRequest, Opinion), RecordError> {
    let Check {
        request,
        edition,
        facts,
    } = check;
    let judgement = evaluate(&facts, catalogue);
    let context = Context {
        engine,
        ..Context::default()
    };
    let mut decision = unrecorded(request, edition, &facts, &judgement, catalogue, context);
    let opinion = Opinion::take(&mut decision, &facts, catalogue)?;
    Ok((decision.request.unwrap_or_default(), opinion))
}

/// A decision that has no form in which it can be recorded, logged where it is handled.
pub(super) fn unencodable(error: &RecordError) -> ServiceError {
    tracing::error!(%error, "a decision could not be encoded");
    ServiceError::Unrecordable
}
