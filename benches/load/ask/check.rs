//! `Check`.

use anyhow::Context as _;

use super::{
    Asker,
    result::{REFUSED, is_refused},
};
use crate::drive::Answer;

impl Asker {
    /// Asks one request.
    pub async fn check(self, caller: usize) -> anyhow::Result<Answer> {
        let asked = self.workload.next();
        match self.pool.of(caller).check(asked.request).await {
            Ok(answer) => self.answers.hold(answer.into_inner().decision, asked.verdict),
            Err(status) if is_refused(&status) => Ok(REFUSED),
            Err(status) => Err(status).context("a check failed"),
        }
    }
}
