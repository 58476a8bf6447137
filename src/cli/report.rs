//! `report`

mod page;

use std::{collections::BTreeMap, convert::Infallible, io::Cursor, path::PathBuf};

use clap::{Args, ValueHint};

use self::page::{Evidence, Log};
use super::{
    Ending, Failure, Screen,
    check::no_decision,
    client::{self, Client, Transparency},
    export::{self, none_found},
    history::FilterArgs,
    pages::Pages,
    reader::{ProofArgs, ReaderArgs},
    whole::Whole,
};
use crate::{
    app::Way,
    audit::{VerifierKey, bundle::Bundle},
    config::Settings,
    wire::{Timestamp, pb},
};

/// Most decisions in one report: what a person can still read.
const DECISION_COUNT_MAX: usize = 1000;

/// Write decisions and what proves them as a page for people
///
/// One HTML file without scripts or anything from elsewhere, fit to be printed: verdict, facts, every condition with citation and explanation, the
/// record itself, its proof, and how to verify all of it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights report 0198c5a0-7a3e-7cc2-8b6e-0d1f6f5a2b11 -o decision.html
  reimage-rights report --device PC-0042 -o device.html

Exit codes:
  0  written, whole
  1  failed; nothing is written
  2  no decision found, more than 1,000 decisions, bad input or usage")]
pub(super) struct ReportArgs {
    /// Id of one decision; without it, the filters say which
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Write this file; one that is there is replaced once the new one is whole. A pipe or a device is written into. `-` is standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: PathBuf,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pub client: ReaderArgs,
    #[command(flatten)]
    proof: ProofArgs,
}

impl ReportArgs {
    /// Asks for the decisions and their proofs, and writes the page.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let mut file = Whole::begin(&self.output)?;
        let (page, count) = client::over(
            settings,
            self.client.proving(&self.proof),
            screen,
            async |channel, _| self.page(channel).await,
        )
        .await?;
        file.write(page.as_bytes())?;
        screen.note(&file.finish(count).await?);
        Ok(Ending::Good)
    }

    /// The page, and how many decisions are on it.
    async fn page(&self, channel: Way) -> Result<(String, u64), Failure> {
        let mut client = client::of(channel.clone());
        let history = self.history(&mut client).await?;
        let decisions = decisions(history.clone(), &mut client).await?;
        if decisions.is_empty() {
            return Err(none_found());
        }
        let (log, records) = prove(history, &mut Transparency::new(channel)).await?;
        let mut evidence = Vec::with_capacity(decisions.len());
        for decision in decisions {
            // A decision made between the two questions has no proof yet, and is left for the next report.
            if let Some(record) = records.get(&decision.log_index) {
                evidence.push(Evidence {
                    record: record.clone(),
                    decision,
                });
            }
        }
        if evidence.is_empty() {
            return Err(Failure::Failed(
                "the decisions are not under a signed checkpoint; try again in some seconds".to_owned(),
            ));
        }
        Ok((page::html(&log, &evidence), evidence.len() as u64))
    }

    /// What to ask for: one decision is the only one at its time.
    async fn history(&self, client: &mut Client) -> Result<pb::HistoryRequest, Failure> {
        let history = pb::HistoryRequest {
            order: pb::DecisionOrder::OldestFirst.into(),
            ..self.filter.request()
        };
        let Some(id) = &self.id else {
            return Ok(history);
        };
        let decision_id = id.clone();
        let found = client
            .get_decision(pb::GetDecisionRequest { decision_id })
            .await?
            .into_inner();
        let at = found
            .decision
            .and_then(|decision| decision.decided_at)
            .ok_or_else(no_decision)?;
        let microseconds = at.seconds * 1_000_000 + i64::from(at.nanos / 1000);
        Ok(pb::HistoryRequest {
            decided_after: Some(at),
            decided_before: Some(Timestamp::from_microseconds(microseconds + 1)),
            ..history
        })
    }
}

async fn decisions(history: pb::HistoryRequest, client: &mut Client) -> Result<Vec<pb::Decision>, Failure> {
    let mut pages = Pages::new(history, None);
    let mut decisions = Vec::new();
    while let Some(page) = pages.next(client).await? {
        decisions.extend(page.decisions);
        if decisions.len() > DECISION_COUNT_MAX {
            let words = format!("more than {DECISION_COUNT_MAX} decisions; narrow the filters, or use `export`");
            return Err(Failure::BadInput(words));
        }
    }
    Ok(decisions)
}

/// The checkpoint, and the records that it proves by their log index.
async fn prove(
    history: pb::HistoryRequest,
    client: &mut Transparency,
) -> Result<(Log, BTreeMap<u64, page::Record>), Failure> {
    let mut bytes = Vec::new();
    export::bundle(history, client, |piece| {
        bytes.extend_from_slice(piece);
        Ok(())
    })
    .await?;
    let checkpoint = client.get_checkpoint(pb::GetCheckpointRequest::default()).await?;
    let key = checkpoint.into_inner().verifier_key;
    let failed = |what: String| Failure::Failed(format!("the evidence cannot be read: {what}"));
    let verifier: VerifierKey = key.parse().map_err(|_| failed(format!("`{key}` is no verifier key")))?;
    let keys = std::iter::once(verifier).collect();
    let mut bundle = Bundle::open(Cursor::new(bytes), &keys).map_err(|error| failed(error.to_string()))?;
    let mut records = BTreeMap::new();
    let read = bundle.records(|record| {
        let kept = page::Record {
            text: String::from_utf8_lossy(record.record).into_owned(),
            leaf: record.leaf,
            proof: record.proof.clone(),
        };
        records.insert(record.log_index, kept);
        Ok::<_, Infallible>(())
    });
    read.map_err(|error| failed(error.to_string()))?;
    let log = Log {
        checkpoint: bundle.checkpoint().clone(),
        note: String::from_utf8_lossy(bundle.note()).into_owned(),
        verifier_key: key,
    };
    Ok((log, records))
}
