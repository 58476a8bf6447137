//! One answer, held against what is right.

use reimage_rights::wire::pb;

use super::Answers;
use crate::drive::Answer;

const DECIDED: Answer = Answer {
    decisions: 1,
    refused: 0,
};
/// Told to come back later: that is how an overload is answered, and no failure.
pub const REFUSED: Answer = Answer {
    decisions: 0,
    refused: 1,
};

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
}
