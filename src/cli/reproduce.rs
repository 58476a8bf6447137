//! `reproduce`

mod walk;

use clap::Args;

use self::walk::Walk;
use super::{
    Ending, Failure, Screen,
    client::{self, Client},
    reader::ReaderArgs,
    table::{self, Field},
    text::word,
};
use crate::{config::Settings, wire::pb};

const DIFFERENCE: [&str; 3] = ["path", "recorded", "now"];

/// Evaluate recorded facts again and compare with the record
///
/// Compares verdict, bases, licenses, outcomes and reasons, and shows where they differ. With --all, every decision in the
/// order of the log; those that are the same are only counted.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights reproduce 0198c5a0-7a3e-7cc2-8b6e-0d1f6f5a2b11
  reimage-rights reproduce --all
  reimage-rights reproduce --all --json | grep -n DIFFERS

JSON:
  --json prints the ReproduceResponse.
  --json --all prints one ReproduceResponse per line, in the order of the log, from log index 0 on.

Exit codes, with --all of the worst decision:
  0  the same
  3  differs
  4  cannot be told
  1  failed
  2  no such decision, bad input or usage")]
pub(super) struct ReproduceArgs {
    /// Id of the decision
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    id: Option<String>,
    /// Every decision
    #[arg(long)]
    all: bool,
    /// Print exactly the wire's JSON of the answer
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub client: ReaderArgs,
}

impl ReproduceArgs {
    /// Asks for one reproduction, or for all, and prints what came out.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        client::ask(
            settings,
            self.client.purpose(),
            screen,
            async |client, screen| match &self.id {
                Some(id) => self.one(id, client, screen).await,
                None => Walk::new(self.json).all(client, screen).await,
            },
        )
        .await
    }

    async fn one(&self, id: &str, client: &mut Client, screen: &mut Screen) -> Result<Ending, Failure> {
        let decision_id = id.to_owned();
        let response = client
            .reproduce(pb::ReproduceRequest { decision_id })
            .await?
            .into_inner();
        let text = if self.json {
            client::json(&response)?
        } else {
            outcome_text(id, &response, screen.width())
        };
        let _ = screen.print(&text)?;
        Ok(response.result().into())
    }
}

/// How one reproduction ended: a line, and a table of the differences if there are any.
fn outcome_text(id: &str, response: &pb::ReproduceResponse, width: Option<usize>) -> String {
    let (style, words) = word::reproduction(response.result());
    let (id, reason) = (super::text::harmless(id), super::text::harmless(&response.reason));
    let mut text = format!("{style}{words}{style:#}  {id}");
    if !reason.is_empty() {
        text = text + ": " + &reason;
    }
    text.push('\n');
    if !response.differences.is_empty() {
        let field =
            |difference: &pb::Difference| [&difference.path, &difference.recorded, &difference.now].map(Field::plain);
        let rows: Vec<_> = response.differences.iter().map(field).collect();
        text += &match width {
            Some(width) => table::drawn(DIFFERENCE, rows, width, None),
            None => table::separated(DIFFERENCE, &rows),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_both_values() {
        let response = pb::ReproduceResponse {
            result: pb::ReproduceResult::Differs.into(),
            differences: vec![pb::Difference {
                path: "verdict".into(),
                recorded: "VERDICT_PERMITTED".into(),
                now: "VERDICT_INDETERMINATE".into(),
            }],
            reason: "rules revision 2011-02/2 differs from 2011-02/1".into(),
        };
        let text = outcome_text("0198", &response, None);
        assert_eq!(
            anstream::adapter::strip_str(&text).to_string(),
            "differs  0198: rules revision 2011-02/2 differs from 2011-02/1\n\
             path\trecorded\tnow\n\
             verdict\tVERDICT_PERMITTED\tVERDICT_INDETERMINATE\n"
        );
    }

    #[test]
    fn the_same_again_is_one_line() {
        let response = pb::ReproduceResponse {
            result: pb::ReproduceResult::Same.into(),
            ..pb::ReproduceResponse::default()
        };
        let text = outcome_text("0198", &response, Some(80));
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), "the same  0198\n");
    }
}
