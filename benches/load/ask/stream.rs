//! `StreamCheck`.

use anyhow::Context as _;
use reimage_rights::wire::pb;
use tokio::sync::mpsc;

use super::Asker;
use crate::drive::Answer;

impl Asker {
    /// Asks as fast as the server takes requests, until `is_over`; tells of every answer as it comes.
    pub async fn stream(
        self,
        caller: usize,
        is_over: impl Fn() -> bool + Send + 'static,
        mut tell: impl FnMut(Answer),
    ) -> anyhow::Result<()> {
        let (asked, mut verdicts) = mpsc::unbounded_channel();
        let workload = self.workload;
        // Made one by one as they are sent: the transport asks for the next only while the server has room.
        let requests = std::iter::from_fn(move || {
            let next = (!is_over()).then(|| workload.next())?;
            // Whoever reads the answers is gone when a stream has failed.
            let _ = asked.send(next.verdict);
            Some(pb::StreamCheckRequest {
                request: Some(next.request),
            })
        });
        let answer = self.pool.of(caller).stream_check(tokio_stream::iter(requests)).await;
        let mut answers = answer.context("a stream was refused")?.into_inner();
        let mut expected = 0;
        while let Some(answer) = answers.message().await.context("a stream failed")? {
            anyhow::ensure!(answer.position == expected, "answers of a stream are out of order");
            expected += 1;
            let verdict = verdicts.recv().await.context("an answer that nobody asked for")?;
            tell(self.answers.hold_result(answer.result, verdict)?);
        }
        anyhow::ensure!(verdicts.recv().await.is_none(), "a stream was not answered whole");
        Ok(())
    }
}
