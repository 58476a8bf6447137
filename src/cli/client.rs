//! How a command reaches a service.

use super::{Failure, Screen, credentials::CredentialArgs, evidence::EvidenceArgs};
use crate::{
    app::{self, Purpose, Way},
    config::{Flags, Key, Settings},
    wire::pb::{
        eligibility_service_client::EligibilityServiceClient, transparency_service_client::TransparencyServiceClient,
    },
};
use clap::{Args, ValueHint};
use serde::Serialize;

/// The generated client over any connection.
pub(super) type Client = EligibilityServiceClient<Way>;

/// The generated client of the service that proves.
pub(super) type Transparency = TransparencyServiceClient<Way>;

/// Pages of decisions may be large; more than this is a fault.
const ANSWER_SIZE_MAX: usize = 256 << 20;

const DATABASE_HELP: &str = "\
Ask a service run in this process on this database

With neither --server nor --database: the server set by file or environment, else the server that owns the database \
[env: REIMAGE_RIGHTS_DATABASE] if one is alive, else a service run in this process on it.";

/// Arguments of every command that asks a service.
#[derive(Args, Debug)]
pub(super) struct ClientArgs {
    #[arg(
        long,
        value_name = "URL",
        help_heading = "Service",
        conflicts_with = "database",
        help = "Ask the server at this URL, e.g. http://127.0.0.1:50051 [env: REIMAGE_RIGHTS_SERVER]"
    )]
    pub server: Option<String>,
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Service",
        help = "Ask a service run in this process on this database",
        long_help = DATABASE_HELP
    )]
    pub database: Option<String>,
    #[command(flatten)]
    pub credentials: CredentialArgs,
    #[command(flatten)]
    pub evidence: EvidenceArgs,
}

impl ClientArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.credentials
            .flags(self.evidence.flags(flags))
            .with(Key::Server, self.server.as_deref())
            .with(Key::Database, self.database.as_deref())
    }
}

/// Connects to whom the settings name, says on standard error who that is, asks, and ends the connection.
pub(super) async fn ask<T>(
    settings: &Settings,
    purpose: Purpose,
    screen: &mut Screen,
    questions: impl AsyncFnOnce(&mut Client, &mut Screen) -> Result<T, Failure>,
) -> Result<T, Failure> {
    over(settings, purpose, screen, async |channel, screen| {
        let mut client = of(channel);
        questions(&mut client, screen).await
    })
    .await
}

/// The same of the service that proves.
pub(super) async fn ask_proof<T>(
    settings: &Settings,
    purpose: Purpose,
    screen: &mut Screen,
    questions: impl AsyncFnOnce(&mut Transparency, &mut Screen) -> Result<T, Failure>,
) -> Result<T, Failure> {
    over(settings, purpose, screen, async |channel, screen| {
        let mut client = Transparency::new(channel);
        questions(&mut client, screen).await
    })
    .await
}

/// The client over a channel.
pub(super) fn of(channel: Way) -> Client {
    Client::new(channel).max_decoding_message_size(ANSWER_SIZE_MAX)
}

/// Asks over a connection, and ends it.
pub(super) async fn over<T>(
    settings: &Settings,
    purpose: Purpose,
    screen: &mut Screen,
    questions: impl AsyncFnOnce(Way, &mut Screen) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let connection = app::connect(settings, purpose).await?;
    screen.note(&format!("asking {}", connection.says));
    let answer = questions(connection.channel.clone(), screen).await;
    connection.close().await;
    answer
}

/// The answer's JSON form, over several lines for people.
pub(super) fn json(answer: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(answer)
        .map(shown)
        .map_err(|error| unwritable(&error))
}

/// The answer's JSON form on one line.
pub(super) fn json_line(answer: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(answer)
        .map(shown)
        .map_err(|error| unwritable(&error))
}

/// Escapes the controls that JSON lets stand in strings, since a terminal may obey them.
pub(super) fn shown(json: String) -> String {
    let is_left_standing = |sign: char| sign != '\n' && sign.is_control();
    let mut json = if json.contains(is_left_standing) {
        json.chars()
            .map(|sign| match sign {
                sign if is_left_standing(sign) => format!("\\u{:04x}", u32::from(sign)),
                sign => sign.to_string(),
            })
            .collect()
    } else {
        json
    };
    json.push('\n');
    json
}

fn unwritable(error: &serde_json::Error) -> Failure {
    Failure::Failed(format!("the answer has no JSON form: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_holds_no_raw_control_and_says_the_same() {
        let text = "a\u{9b}2J\u{1b}[0m\u{7f}\n";
        let json = json_line(&text).unwrap();
        assert_eq!(json, "\"a\\u009b2J\\u001b[0m\\u007f\\n\"\n");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
