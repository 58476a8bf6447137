//! One answer, held against what is right.

use reimage_rights::wire::pb::{self, check_result::Outcome};
use tonic::{Code, Status};

use super::Answers;
use crate::drive::Answer;

/// A question that was answered.
pub const DECIDED: Answer = Answer {
    decisions: 1,
    refused: 0,
};
/// Told to come back later: that is how an overload is answered, and no failure.
pub const REFUSED: Answer = Answer {
    decisions: 0,
    refused: 1,
};

/// Whether a call was told to come back: by the service, or by a connection that has as many calls as it may.
pub fn is_refused(status: &Status) -> bool {
    let is_full = status.code() == Code::Unavailable && format!("{status:?}").contains("REFUSED_STREAM");
    is_full || status.code() == Code::ResourceExhausted
}

impl Answers {
    /// Counts a decision, unless it is wrong.
    pub fn hold(self, decision: Option<pb::Decision>, verdict: pb::Verdict) -> anyhow::Result<Answer> {
        let Some(decision) = decision else {
            anyhow::bail!("an answer without a decision");
        };
        anyhow::ensure!(
            self == Self::Canned || decision.verdict() == verdict,
            "decision {} is {:?} where {verdict:?} is right",
            decision.decision_id,
            decision.verdict()
        );
        Ok(DECIDED)
    }

    /// Counts what one of many requests got, unless it is wrong.
    pub fn hold_result(self, result: Option<pb::CheckResult>, verdict: pb::Verdict) -> anyhow::Result<Answer> {
        match result.and_then(|result| result.outcome) {
            Some(Outcome::Decision(decision)) => self.hold(Some(decision), verdict),
            Some(Outcome::Error(error)) if Code::from_i32(error.code) == Code::ResourceExhausted => Ok(REFUSED),
            Some(Outcome::Error(error)) => anyhow::bail!("a request of many failed: {}", error.message),
            None => anyhow::bail!("a request of many got no answer"),
        }
    }
}
