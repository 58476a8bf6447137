//! Reading the records that a question to the history found: what was remembered of them need not be worded again.

use std::sync::Arc;

use super::opinion::Opinions;
use crate::{
    store::Stored,
    wire::{Answer, HistoryQuery, Opinion, View, decode, pb, recall},
};

/// What a record was read as.
#[derive(Debug)]
pub(super) enum Read {
    /// As it is sent.
    Recalled(Answer),
    /// As it was stored, to be rendered.
    Decoded(Box<pb::Decision>),
}

/// Reads records, and leaves out those that are not what was asked for.
pub(super) struct Reading<'a> {
    opinions: &'a Opinions,
    query: &'a HistoryQuery,
    /// Opinions that were met, and whether they are what was asked for.
    met: Vec<(Arc<Opinion>, bool)>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(opinions: &'a Opinions, query: &'a HistoryQuery) -> Self {
        let met = Vec::new();
        Self { opinions, query, met }
    }

    pub(super) fn read(&mut self, stored: &Stored) -> Option<Read> {
        let recalled = match self.query.view {
            View::Full => recall(&stored.record, stored.log_index, |question| self.opinions.get(question)),
            // It is sent whole.
            View::Basic => None,
        };
        if let Some(answer) = recalled {
            return self.is_asked_for(&answer).then_some(Read::Recalled(answer));
        }
        match decode(&stored.record, stored.log_index) {
            Ok(decision) => self.query.matches(&decision).then(|| Read::Decoded(Box::new(decision))),
            Err(error) => {
                let log_index = stored.log_index;
                tracing::error!(log_index, %error, "a record was left out of a history");
                None
            }
        }
    }

    fn is_asked_for(&mut self, answer: &Answer) -> bool {
        let opinion = answer.opinion().filter(|_| self.query.asks_of_opinion());
        self.query.matches_head(answer.head()) && opinion.is_none_or(|opinion| self.judge(opinion, answer))
    }

    /// Most decisions of a page share a few opinions.
    fn judge(&mut self, opinion: &Arc<Opinion>, answer: &Answer) -> bool {
        if let Some((_, is_asked_for)) = self.met.iter().find(|(met, _)| Arc::ptr_eq(met, opinion)) {
            return *is_asked_for;
        }
        let is_asked_for = self.query.matches_opinion(&answer.clone().into());
        self.met.push((Arc::clone(opinion), is_asked_for));
        is_asked_for
    }
}
