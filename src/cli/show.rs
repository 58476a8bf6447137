//! `show`

use clap::Args;

use super::{
    Ending, Failure, Screen,
    check::no_decision,
    client,
    patience::patiently,
    reader::ReaderArgs,
    text::{self, Detail, Style},
};
use crate::{config::Settings, wire::pb};

/// Show one recorded decision whole
///
/// Prints the verdict as `check` did, then the facts of the request, its labels, and where the decision came from.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights show 0198c5a0-7a3e-7cc2-8b6e-0d1f6f5a2b11
  reimage-rights show 0198c5a0-7a3e-7cc2-8b6e-0d1f6f5a2b11 --json | jq .decision.resolved

Exit codes:
  0  shown, whatever the verdict
  1  failed
  2  no such decision, bad input or usage")]
pub(super) struct ShowArgs {
    /// Id of the decision, as `check` and `history` print it
    #[arg(value_name = "ID")]
    id: String,
    /// Explain the conditions that hold, too
    #[arg(long)]
    long: bool,
    /// Print exactly the wire's JSON of the answer
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub client: ReaderArgs,
}

impl ShowArgs {
    /// Asks for the decision and prints it.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let request = pb::GetDecisionRequest {
            decision_id: self.id.clone(),
        };
        client::ask(settings, self.client.purpose(), screen, async |client, screen| {
            let response = patiently(async || client.get_decision(request.clone()).await).await?;
            let decision = response.decision.as_ref().ok_or_else(no_decision)?;
            let style = Style {
                width: screen.width(),
                detail: Detail::from_flag(self.long),
            };
            let text = if self.json {
                client::json(&response)?
            } else {
                text::decision(decision, style) + &text::record(decision, style)
            };
            let _ = screen.print(&text)?;
            Ok(Ending::Good)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::{indeterminate, tell};

    #[test]
    fn a_recorded_decision_is_shown_with_its_request_whatever_its_verdict() {
        let told = tell(&["show", &indeterminate().decision_id], None);
        assert_eq!(told.code, 0, "{}", told.err);
        assert!(
            told.out.starts_with("INDETERMINATE  ") && told.out.contains("invoice 9"),
            "{}",
            told.out
        );
    }

    #[test]
    fn json_is_the_response() {
        let told = tell(&["show", &indeterminate().decision_id, "--json"], None);
        let response: pb::GetDecisionResponse = serde_json::from_str(&told.out).unwrap();
        assert_eq!(response.decision.unwrap().decision_id, indeterminate().decision_id);
    }

    #[test]
    fn an_id_that_is_not_there_is_bad_input() {
        let told = tell(&["show", "0"], None);
        assert_eq!((told.code, told.out.as_str()), (2, ""));
        assert!(told.err.contains("there is no decision `0`"), "{}", told.err);
    }
}
