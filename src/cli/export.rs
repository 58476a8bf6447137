//! `export`

use std::{ffi::OsStr, io::BufReader, path::PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use super::{
    Ending, Failure, Screen,
    client::{self, Client, Transparency},
    failure::chain,
    history::FilterArgs,
    pages::Pages,
    patience::patiently,
    reader::{ProofArgs, ReaderArgs},
    spreadsheet,
    whole::{Whole, is_standard_output},
};
use crate::{audit::bundle, config::Settings, wire::pb};

/// Write recorded decisions into a file: as evidence, or for a spreadsheet
///
/// An evidence bundle proves each record against a signed checkpoint; `verify-bundle` checks it without database and network.
/// NDJSON has a decision per line as on the wire, CSV a row for each product of an image; neither proves anything. The last column of CSV has the
/// labels as `key=value; key=value`, with a `\` before a `;` or `\` of their own.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights export -o evidence.zip --after 2026-01-01 --before 2027-01-01
  reimage-rights export -o device.zip --device PC-0042
  reimage-rights export -o refused.csv --format csv --verdict not-permitted

Exit codes:
  0  written, whole
  1  failed; nothing is written
  2  no decision found, bad input or usage; nothing is written")]
pub(super) struct ExportArgs {
    /// Write this file; one that is there is replaced once the new one is whole. A pipe or a device is written into. `-` is standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: PathBuf,
    /// What to write [default: bundle]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pub client: ReaderArgs,
    #[command(flatten)]
    proof: ProofArgs,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// An evidence bundle: a zip file
    Bundle,
    /// A decision per line, as JSON
    Ndjson,
    /// A row for each product of an image
    Csv,
}

impl ExportArgs {
    /// Asks for the decisions and writes them.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let format = self.format()?;
        if format == Format::Bundle && is_standard_output(&self.output) && screen.width().is_some() {
            return Err(Failure::BadInput(
                "a bundle is a zip file, which no terminal shows; name a file, or take csv or ndjson by `--format`"
                    .to_owned(),
            ));
        }
        let mut file = Whole::begin(&self.output)?;
        let history = pb::HistoryRequest {
            order: pb::DecisionOrder::OldestFirst.into(),
            ..self.filter.request()
        };
        let count = match format {
            Format::Bundle => {
                client::over(
                    settings,
                    self.client.proving(&self.proof),
                    screen,
                    async |channel, _| {
                        let mut client = Transparency::new(channel.clone());
                        let made = bundle(history.clone(), &mut client, |piece| file.write(piece)).await;
                        match made {
                            // A log without a decision has no checkpoint for a bundle either.
                            Err(_) if finds_none(history, &mut client::of(channel)).await => Err(none_found()),
                            made => made,
                        }
                    },
                )
                .await?;
                let stated = bundle::stated(BufReader::new(file.written()?));
                stated.map_err(|error| Failure::Failed(chain(&error)))?.records
            }
            Format::Ndjson | Format::Csv => {
                client::ask(settings, self.client.purpose(), screen, async |client, _| {
                    rows(format, history, client, &mut file).await
                })
                .await?
            }
        };
        // A file of nothing would pass for evidence that there is nothing, and mostly it is a filter that was mistyped.
        if count == 0 {
            return Err(none_found());
        }
        screen.note(&file.finish(count).await?);
        Ok(Ending::Good)
    }

    /// What to write. A bundle in a file whose ending speaks of a table would be opened as one.
    fn format(&self) -> Result<Format, Failure> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let ending = self.output.extension().map(OsStr::to_ascii_lowercase);
        let name = match ending.as_ref().and_then(|ending| ending.to_str()) {
            Some("csv") => "csv",
            Some("ndjson" | "jsonl" | "json") => "ndjson",
            _ => return Ok(Format::Bundle),
        };
        let path = self.output.display();
        Err(Failure::BadInput(format!(
            "`{path}` would be a bundle, which is a zip file; give `--format {name}`, or `--format bundle` where that is what it is to be"
        )))
    }
}

/// Writes the decisions one by one; gives how many there were.
async fn rows(
    format: Format,
    history: pb::HistoryRequest,
    client: &mut Client,
    file: &mut Whole,
) -> Result<u64, Failure> {
    let mut pages = Pages::new(history, None);
    let mut count = 0;
    if format == Format::Csv {
        file.write(&spreadsheet::header()?)?;
    }
    while let Some(page) = pages.next(client).await? {
        for decision in &page.decisions {
            count += 1;
            match format {
                Format::Csv => file.write(&spreadsheet::rows(decision)?)?,
                Format::Ndjson | Format::Bundle => file.write(client::json_line(decision)?.as_bytes())?,
            }
        }
    }
    Ok(count)
}

/// No decision is what was asked for, and so no file is written.
pub(super) fn none_found() -> Failure {
    Failure::BadInput("no decision found".to_owned())
}

/// Whether the service says that there is no such decision.
async fn finds_none(history: pb::HistoryRequest, client: &mut Client) -> bool {
    let first = Pages::new(history, Some(1)).next(client).await;
    first.is_ok_and(|page| page.is_some_and(|page| page.decisions.is_empty() && page.next_page_token.is_empty()))
}

/// Asks for an evidence bundle, and gives it to `take` piece by piece.
pub(super) async fn bundle(
    history: pb::HistoryRequest,
    client: &mut Transparency,
    mut take: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let history = Some(history);
    let request = pb::ExportRequest { history };
    let mut chunks = patiently(async || client.export(request.clone()).await).await?;
    while let Some(piece) = chunks.message().await? {
        take(&piece.chunk)?;
    }
    Ok(())
}
