//! Opinions: all of a decision that depends on nothing but what is asked, in the form it is stored in and the form it is sent in.
//!
//! Many devices of a fleet ask the same, and get the same: made once, an opinion serves them all. It is never stored by itself: each
//! record is whole.

use std::mem;

use prost::Message as _;

use super::{
    RecordError, brief_form::shorten, pb, projection::opinion_terms, record::members, render, template::Template,
};
use crate::{catalogue::Catalogue, domain::Facts, history::Term};

/// What a question comes to.
#[derive(Debug, Default)]
pub struct Opinion {
    /// Fields of the decision's message but the verdict, encoded, with what is rendered.
    pub(super) sent: Template,
    /// Members of the decision's JSON object in a record, but the verdict.
    pub(super) stored: Template,
    /// What it is found by.
    pub(super) terms: Vec<Term>,
    /// Number of the verdict.
    pub(super) verdict: i32,
}

impl Opinion {
    /// Takes the opinion out of a decision that is not yet rendered; what stays is who asked what, in which call.
    ///
    /// # Errors
    ///
    /// When the decision holds a number that its enumeration does not name; a parsed request never does.
    pub fn take(decision: &mut pb::Decision, facts: &Facts, catalogue: &Catalogue) -> Result<Self, RecordError> {
        let terms = opinion_terms(decision);
        let whole = shorten(decision);
        let head = pb::Decision {
            caller: mem::take(&mut decision.caller),
            request: decision.request.take(),
            trace_id: mem::take(&mut decision.trace_id),
            ..pb::Decision::default()
        };
        let verdict = mem::take(&mut decision.verdict);
        let stored = Template::whole(members(decision)?);
        whole.put_back(decision);
        render(decision, facts, catalogue);
        let sent = Template::whole(mem::replace(decision, head).encode_to_vec());
        Ok(Self {
            sent,
            stored,
            terms,
            verdict,
        })
    }

    /// The opinion on a question, whose licenses have blanks in the place of their ids.
    #[must_use]
    pub fn of_question(self) -> Self {
        Self {
            sent: self.sent.blanked(),
            stored: self.stored.blanked(),
            ..self
        }
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let terms = self.terms.len().saturating_mul(size_of::<Term>());
        self.sent
            .weight()
            .saturating_add(self.stored.weight())
            .saturating_add(terms)
    }
}
