//! The reproduction of every decision: several in flight, reported in the order of the log.

use std::collections::VecDeque;

use tokio::task::JoinHandle;
use tonic::{Response, Status};

use super::outcome_text;
use crate::{
    cli::{
        Ending, Failure, Screen,
        client::{Client, json_line},
        pages::Pages,
        progress::Progress,
    },
    wire::pb,
};

/// Most reproductions asked for at once.
const IN_FLIGHT_MAX: usize = 8;

/// What has come out so far.
#[derive(Debug)]
pub(super) struct Walk {
    json: bool,
    same: u64,
    differ: u64,
    cannot: u64,
    ending: Ending,
    unread: bool,
}

struct Asked {
    id: String,
    answer: JoinHandle<Result<Response<pb::ReproduceResponse>, Status>>,
}

impl Walk {
    /// A walk that prints the wire's JSON, or text.
    pub(super) const fn new(json: bool) -> Self {
        Self {
            json,
            same: 0,
            differ: 0,
            cannot: 0,
            ending: Ending::Good,
            unread: false,
        }
    }

    /// Walks the whole log, oldest first.
    pub(super) async fn all(mut self, client: &mut Client, screen: &mut Screen) -> Result<Ending, Failure> {
        let progress = Progress::new("reproducing", count(client).await?);
        let mut asked = VecDeque::with_capacity(IN_FLIGHT_MAX);
        let mut pages = Pages::new(request(pb::DecisionOrder::OldestFirst), None);
        while let Some(page) = pages.next(client).await? {
            for decision in page.decisions {
                if asked.len() == IN_FLIGHT_MAX {
                    self.take_first(&mut asked, screen, &progress).await?;
                }
                asked.push_back(Asked::of(decision.decision_id, client));
            }
            if self.unread {
                return Ok(self.ending);
            }
        }
        while !asked.is_empty() {
            self.take_first(&mut asked, screen, &progress).await?;
        }
        progress.end();
        if !self.json {
            let _ = screen.print(&self.summary())?;
        }
        Ok(self.ending)
    }

    /// Waits for the earliest one and reports it.
    async fn take_first(
        &mut self,
        asked: &mut VecDeque<Asked>,
        screen: &mut Screen,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let Some(Asked { id, answer }) = asked.pop_front() else {
            return Ok(());
        };
        let answer = answer
            .await
            .map_err(|error| Failure::Failed(format!("decision `{id}`: {error}")))?;
        let response = answer.map_err(|status| in_decision(&id, status))?.into_inner();
        self.count(response.result());
        let text = match (self.json, response.result()) {
            (true, _) => json_line(&response)?,
            (false, pb::ReproduceResult::Same) => String::new(),
            (false, _) => outcome_text(&id, &response, screen.width()),
        };
        if !text.is_empty() {
            self.unread |= progress.beside(|| screen.print(&text))?.is_break();
        }
        progress.advance(1);
        Ok(())
    }

    fn count(&mut self, result: pb::ReproduceResult) {
        let counter = match result {
            pb::ReproduceResult::Same => &mut self.same,
            pb::ReproduceResult::Differs => &mut self.differ,
            pb::ReproduceResult::Cannot | pb::ReproduceResult::Unspecified => &mut self.cannot,
        };
        *counter = counter.saturating_add(1);
        self.ending = self.ending.worse(result.into());
    }

    fn summary(&self) -> String {
        let Self {
            same, differ, cannot, ..
        } = self;
        let all = same.saturating_add(*differ).saturating_add(*cannot);
        format!("decisions: {all}, the same: {same}, differ: {differ}, cannot be told: {cannot}\n")
    }
}

impl Asked {
    fn of(id: String, client: &Client) -> Self {
        let mut client = client.clone();
        let decision_id = id.clone();
        let answer = tokio::spawn(async move { client.reproduce(pb::ReproduceRequest { decision_id }).await });
        Self { id, answer }
    }
}

fn in_decision(id: &str, status: Status) -> Failure {
    let place = |words: &str| format!("decision `{id}`: {words}");
    match Failure::from(status) {
        Failure::BadInput(words) => Failure::BadInput(place(&words)),
        Failure::Failed(words) => Failure::Failed(place(&words)),
    }
}

fn request(order: pb::DecisionOrder) -> pb::HistoryRequest {
    pb::HistoryRequest {
        order: order.into(),
        view: pb::DecisionView::Basic.into(),
        ..pb::HistoryRequest::default()
    }
}

/// How many decisions there are: log indices have no gaps.
async fn count(client: &mut Client) -> Result<u64, Failure> {
    let newest = Pages::new(request(pb::DecisionOrder::NewestFirst), Some(1))
        .next(client)
        .await?;
    let newest = newest.and_then(|page| page.decisions.into_iter().next());
    Ok(newest.map_or(0, |decision| decision.log_index.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use crate::{cli::testing::tell, wire::pb};

    #[test]
    fn all_are_counted_and_the_worst_is_the_exit_code() {
        let told = tell(&["reproduce", "--all"], None);
        assert_eq!(
            told.out,
            "differs  0198c5a0-7a3e-7cc2-8b6e-000000000002: the rules differ\n\
             path\trecorded\tnow\n\
             verdict\tVERDICT_PERMITTED\tVERDICT_NOT_PERMITTED\n\
             cannot be told  0198c5a0-7a3e-7cc2-8b6e-000000000003: the edition is not known\n\
             decisions: 3, the same: 1, differ: 1, cannot be told: 1\n"
        );
        assert_eq!(told.code, 4);
    }

    #[test]
    fn all_as_json_is_one_response_per_line_in_the_order_of_the_log() {
        let told = tell(&["reproduce", "--all", "--json"], None);
        let results: Vec<pb::ReproduceResult> = told
            .out
            .lines()
            .map(|line| serde_json::from_str::<pb::ReproduceResponse>(line).unwrap().result())
            .collect();
        assert_eq!(
            results,
            [
                pb::ReproduceResult::Same,
                pb::ReproduceResult::Differs,
                pb::ReproduceResult::Cannot
            ]
        );
    }

    #[test]
    fn one_has_its_own_exit_code() {
        let code = |number: u64| {
            tell(
                &["reproduce", &format!("0198c5a0-7a3e-7cc2-8b6e-00000000000{number}")],
                None,
            )
            .code
        };
        assert_eq!([code(1), code(2), code(3), code(4)], [0, 3, 4, 2]);
    }
}
