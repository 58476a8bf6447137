//! `check`

use clap::{Args, ValueHint};
use prost::Message as _;

use super::{
    Ending, Failure, Screen,
    attached::AttachedArgs,
    client::{self, ClientArgs},
    patience::patiently,
    request_file,
    text::{self, Detail, Style},
};
use crate::{app::Purpose, config::Settings, door::MESSAGE_LEN_MAX};

/// Decide whether an image may be put on a device
///
/// Reads one request as JSON and prints the verdict: what decided, which conditions are broken or unknown and what would have
/// to be true, what to state, what to know beside. The decision is recorded before it is printed. In JSON, names may be
/// written `lowerCamelCase` or `snake_case`; a fact left out is unknown. What tools printed can be attached as it is: it fills in
/// what is not stated.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights check request.json
  inventory-tool | reimage-rights check -
  reimage-rights check request.json --json | jq -r .decision.decisionId
  reimage-rights check request.json --license-report wmi=device.txt --image-report dism=image.txt
  reimage-rights check request.json && deploy-image

Exit codes:
  0  permitted
  3  not permitted
  4  indeterminate
  1  failed, no verdict
  2  bad input or usage, no verdict")]
pub(super) struct CheckArgs {
    /// File with the request as JSON; `-` reads standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: String,
    #[command(flatten)]
    attached: AttachedArgs,
    /// Explain the conditions that hold, too
    #[arg(long)]
    long: bool,
    /// Print exactly the wire's JSON of the answer
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub client: ClientArgs,
}

impl CheckArgs {
    /// Asks for a decision and prints it.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let mut request = request_file::read(&self.file)?;
        self.attached.attach(&mut request)?;
        fits(&self.file, request.encoded_len())?;
        client::ask(settings, Purpose::Decide, screen, async |client, screen| {
            let response = patiently(async || client.check(request.clone()).await).await?;
            let decision = response.decision.as_ref().ok_or_else(no_decision)?;
            let style = Style {
                width: screen.width(),
                detail: Detail::from_flag(self.long),
            };
            let text = if self.json {
                client::json(&response)?
            } else {
                text::decision(decision, style)
            };
            let _ = screen.print(&text)?;
            Ok(decision.verdict().into())
        })
        .await
    }
}

/// What no service takes is not sent.
fn fits(file: &str, len: usize) -> Result<(), Failure> {
    if len <= MESSAGE_LEN_MAX {
        return Ok(());
    }
    Err(Failure::BadInput(format!(
        "the request in `{file}` has {len} bytes with its reports, and a service takes {MESSAGE_LEN_MAX}; attach fewer or shorter reports"
    )))
}

/// A service of another kind answers.
pub(super) fn no_decision() -> Failure {
    Failure::Failed("the service answered without a decision; is it of another version?".to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{
        cli::testing::{not_permitted, tell},
        wire::pb,
    };

    fn check(device: &str, flags: &[&str]) -> (u8, String, String) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("request.json");
        fs::write(&file, format!("{{\"device\": {{\"id\": \"{device}\"}}}}")).unwrap();
        let file = file.display().to_string();
        let arguments: Vec<&str> = ["check", &file].iter().chain(flags).copied().collect();
        let told = tell(&arguments, None);
        (told.code, told.out, told.err)
    }

    #[test]
    fn the_exit_code_is_the_verdict() {
        let cases = [
            ("permitted", 0, "PERMITTED  "),
            ("not permitted", 3, "NOT PERMITTED  "),
            ("indeterminate", 4, "INDETERMINATE  "),
        ];
        for (device, expected, headline) in cases {
            let (code, out, err) = check(device, &[]);
            assert_eq!(code, expected, "{device}");
            assert!(out.starts_with(headline), "{out}");
            assert!(err.starts_with("asking the server at `http://127.0.0.1:"), "{err}");
        }
    }

    #[test]
    fn json_is_the_response_and_nothing_else() {
        let (code, out, _) = check("not permitted", &["--json"]);
        let response: pb::CheckResponse = serde_json::from_str(&out).unwrap();
        assert_eq!(response.decision, Some(not_permitted()));
        assert_eq!(code, 3);
    }

    #[test]
    fn without_a_verdict_nothing_is_printed() {
        let (code, out, err) = check("invalid", &[]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(
            err.ends_with("the request is not valid\n  image.products: state at least one"),
            "{err}"
        );

        let (code, out, err) = check("full", &["--json"]);
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("the disk is full; ask again once it is back"), "{err}");
    }

    #[test]
    fn a_request_that_no_service_takes_is_not_sent() {
        let (code, _, err) = check(&"x".repeat(5_000_000), &[]);
        assert_eq!(code, 2);
        assert!(
            err.starts_with("the request in `") && err.contains("a service takes 4194304; attach"),
            "{err}"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_bad_input_before_anyone_is_asked() {
        let told = tell(&["check", "/nowhere/request.json"], None);
        assert_eq!(told.code, 2);
        assert!(
            told.err.starts_with("`/nowhere/request.json` cannot be read: "),
            "{}",
            told.err
        );
    }
}
