//! What a scenario finds: who is measured, beside what, and for how long.

use std::sync::Arc;

use crate::{
    arguments::Arguments,
    ask::{Answers, Asker},
    process::{Echo, Server},
    workload::Workload,
};

/// One server under test, and the echo beside it.
#[derive(Clone, Copy, Debug)]
pub struct Arena<'a> {
    /// What the run is asked for.
    pub arguments: &'a Arguments,
    /// What is asked.
    pub workload: &'a Arc<Workload>,
    /// The ceiling.
    pub echo: &'a Echo,
    /// The server under test.
    pub server: &'a Server,
}

impl Arena<'_> {
    /// Who asks the echo, with so many calls in flight.
    pub async fn ask_echo(&self, in_flight: usize) -> anyhow::Result<Asker> {
        let pool = self.echo.connect(self.connections(in_flight)).await?;
        Ok(Asker::new(pool, self.workload, Answers::Canned))
    }

    /// Who asks the server under test, with so many calls in flight.
    pub async fn ask_server(&self, in_flight: usize) -> anyhow::Result<Asker> {
        self.ask(self.server, in_flight).await
    }

    /// Who asks another server, with so many calls in flight.
    pub async fn ask(&self, server: &Server, in_flight: usize) -> anyhow::Result<Asker> {
        let pool = server.connect(self.connections(in_flight)).await?;
        Ok(Asker::new(pool, self.workload, Answers::Decided))
    }

    fn connections(&self, in_flight: usize) -> usize {
        self.arguments.connections.min(in_flight)
    }
}
