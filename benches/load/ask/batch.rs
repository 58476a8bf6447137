//! `BatchCheck`.

use anyhow::Context as _;
use reimage_rights::wire::pb;
use tonic::Code;

use super::Asker;
use crate::{drive::Answer, workload::Asked};

impl Asker {
    /// Asks so many requests in one call.
    pub async fn batch(self, caller: usize, count: u64) -> anyhow::Result<Answer> {
        let asked: Vec<Asked> = (0..count).map(|_| self.workload.next()).collect();
        let verdicts: Vec<pb::Verdict> = asked.iter().map(|asked| asked.verdict).collect();
        let requests = asked.into_iter().map(|asked| asked.request).collect();
        let answer = self
            .pool
            .of(caller)
            .batch_check(pb::BatchCheckRequest { requests })
            .await;
        let results = match answer {
            Ok(answer) => answer.into_inner().results,
            Err(status) if status.code() == Code::ResourceExhausted => {
                return Ok(Answer {
                    decisions: 0,
                    refused: count,
                });
            }
            Err(status) => return Err(status).context("a batch failed"),
        };
        anyhow::ensure!(results.len() == verdicts.len(), "a batch was not answered whole");
        let mut whole = Answer::default();
        for (result, verdict) in results.into_iter().zip(verdicts) {
            whole += self.answers.hold_result(Some(result), verdict)?;
        }
        Ok(whole)
    }
}
