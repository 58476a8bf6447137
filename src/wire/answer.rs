//! Decisions as they are sent: who asked what and the verdict, beside an opinion that is encoded already.

use std::sync::Arc;

use bytes::{Buf, BufMut};
use prost::{
    DecodeError, Message,
    encoding::{DecodeContext, WireType},
};

use super::{Opinion, pb};

/// A decision on its way to whoever asked; to them it is a `Decision` like any other.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The fields that are not the opinion's: all of them where there is none.
    head: Box<pb::Decision>,
    opinion: Option<Arc<Opinion>>,
}

impl Answer {
    /// What an opinion comes to for a request.
    pub(super) fn new(head: Box<pb::Decision>, opinion: Arc<Opinion>) -> Self {
        let opinion = Some(opinion);
        Self { head, opinion }
    }

    /// Who asked what, in which call, and the verdict; all of the decision where there is no opinion beside it.
    #[must_use]
    pub fn head(&self) -> &pb::Decision {
        &self.head
    }

    /// The opinion, where it is encoded already.
    #[must_use]
    pub fn opinion(&self) -> Option<&Arc<Opinion>> {
        self.opinion.as_ref()
    }

    /// Its id.
    #[must_use]
    pub fn decision_id(&self) -> &str {
        &self.head.decision_id
    }

    /// The request that it answers.
    #[must_use]
    pub fn request(&self) -> Option<&pb::CheckRequest> {
        self.head.request.as_ref()
    }

    /// What was decided.
    #[must_use]
    pub fn verdict(&self) -> pb::Verdict {
        self.head.verdict()
    }
}

impl From<pb::Decision> for Answer {
    fn from(decision: pb::Decision) -> Self {
        Self {
            head: Box::new(decision),
            opinion: None,
        }
    }
}

impl From<Answer> for pb::Decision {
    #[expect(clippy::expect_used, reason = "an opinion is the encoding of a decision")]
    fn from(Answer { head, opinion }: Answer) -> Self {
        let mut decision = *head;
        if let Some(opinion) = opinion {
            let mut rest = Vec::with_capacity(opinion.sent.size());
            opinion
                .sent
                .fill(decision.request.as_ref(), |piece| rest.extend_from_slice(piece));
            decision.merge(rest.as_slice()).expect("an encoded message is read");
        }
        decision
    }
}

impl Message for Answer {
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        self.head.as_ref().encode_raw(buffer);
        if let Some(opinion) = &self.opinion {
            opinion.sent.fill(self.request(), |piece| buffer.put_slice(piece));
        }
    }

    fn encoded_len(&self) -> usize {
        let rest = self.opinion.as_ref().map_or(0, |opinion| opinion.sent.size());
        self.head.as_ref().encoded_len().saturating_add(rest)
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        self.head.as_mut().merge_field(tag, wire_type, buffer, context)
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}
