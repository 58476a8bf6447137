//! `Check`.

use anyhow::Context as _;

use super::{
    Asker,
    result::{REFUSED, is_refused},
};
use crate::{drive::Answer, workload::Asked};

impl Asker {
    /// Asks one request.
    pub async fn check(self, caller: usize) -> anyhow::Result<Answer> {
        let asked = self.workload.next();
        self.ask(caller, asked).await
    }

    /// Asks one request that has nothing to do with any before.
    pub async fn check_anew(self, caller: usize) -> anyhow::Result<Answer> {
        let asked = self.workload.next_anew();
        self.ask(caller, asked).await
    }

    async fn ask(&self, caller: usize, asked: Asked) -> anyhow::Result<Answer> {
        match self.pool.of(caller).check(asked.request).await {
            Ok(answer) => self.answers.hold(answer.into_inner().decision, asked.verdict),
            Err(status) if is_refused(&status) => Ok(REFUSED),
            Err(status) => Err(status).context("a check failed"),
        }
    }
}
