//! `verify`

use std::{fmt::Write as _, fs, path::PathBuf};

use clap::{Args, ValueHint};
use serde_json::json;

use super::{
    Ending, Failure, Screen, client, database::DatabaseArgs, evidence::EvidenceArgs, failure::chain,
    progress::Progress, text::harmless,
};
use crate::{
    app::{self, Verification},
    audit::{Checkpoint, Log, TrustedKeys, VerifierKey},
    config::{Flags, Origin, Settings},
    service::Report,
};

/// Verify that a database is what it was
///
/// Hashes every record again, rebuilds both trees, checks every signed checkpoint in the database and in the file beside it, computes every
/// column and the search index from the records, and evaluates every decision again. It reads only, also while a server writes.
/// The first thing that is wrong is named. A decision that the rules decide otherwise now is reported apart: that is no tampering.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights verify
  reimage-rights verify --database copy.db --checkpoint-file kept-elsewhere --key VKEY --key VKEY
  reimage-rights verify --since checkpoint-of-last-month

What it relies on:
  The verifier keys. By default they are those of the key file on this machine; an auditor gives the ones that they were given when
  the service was set up, one for each log, with --key.

Exit codes:
  0  the database is what it was, and every decision comes out as recorded
  3  something was altered, removed, added or is not proven; the first is named
  4  nothing is wrong, but some records are not signed yet, or decisions come out otherwise now, or cannot be evaluated
  1  failed
  2  bad input or usage")]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    evidence: EvidenceArgs,
    /// Believe checkpoints that this verifier key signed; give one for each log [default: those of the key file]
    #[arg(long, value_name = "VKEY")]
    key: Vec<VerifierKey>,
    /// Go on from the signed checkpoint of the decisions in this file, which was verified before; what it covers is not read again, and the
    /// index is not compared
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    since: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl VerifyArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.database.flags(self.evidence.flags(flags))
    }

    /// Verifies and prints what came out.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        // First, since a path that is mistyped has no key file either.
        app::find(settings.database.value.path()).await?;
        let keys = if self.key.is_empty() {
            app::trusted_keys(settings.key_path()?).map_err(|error| Failure::BadInput(chain(error.as_ref())))?
        } else {
            self.key.iter().cloned().collect()
        };
        let verification = Verification {
            database: settings.database.value.path().to_owned(),
            checkpoint_file: checkpoint_file(settings, screen)?,
            since: self.since(&keys)?,
            keys,
        };
        let progress = Progress::new("verifying", 0);
        let report = app::verify(
            verification,
            |count| progress.expect(count),
            |count| progress.advance(count),
        )
        .await;
        progress.end();
        let report = report?;
        let text = if self.json {
            client::json(&as_json(&report))?
        } else {
            as_text(&report)
        };
        let _ = screen.print(&text)?;
        Ok(ending(&report))
    }

    /// The checkpoint to go on from.
    fn since(&self, keys: &TrustedKeys) -> Result<Option<Checkpoint>, Failure> {
        let Some(path) = &self.since else {
            return Ok(None);
        };
        let wrong = |why: String| Failure::BadInput(format!("`{}`: {why}", path.display()));
        let note = fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let checkpoint = keys.open(&note).map_err(|error| wrong(error.to_string()))?;
        if checkpoint.origin.log() == Log::Decisions {
            Ok(Some(checkpoint))
        } else {
            Err(wrong(
                "it is a checkpoint of the operations; give one of the decisions".to_owned(),
            ))
        }
    }
}

/// The file of checkpoints, if there is one; one that was named must be there.
fn checkpoint_file(settings: &Settings, screen: &mut Screen) -> Result<Option<PathBuf>, Failure> {
    let path = settings.checkpoint_path()?;
    if path.exists() {
        return Ok(Some(path.to_owned()));
    }
    if settings.checkpoint_file.origin == Origin::Default {
        screen.note(&format!(
            "there is no checkpoint file `{}`; only the checkpoints in the database are checked, and whether some were removed does not show",
            path.display()
        ));
        Ok(None)
    } else {
        let words = format!("there is no checkpoint file `{}`", path.display());
        Err(Failure::BadInput(words))
    }
}

fn ending(report: &Report) -> Ending {
    if report.fault.is_some() {
        Ending::No
    } else if report.differ.1 + report.cannot.1 > 0 || !loose(report).is_empty() {
        Ending::Unsure
    } else {
        Ending::Good
    }
}

/// What nothing vouches for, or only the database does. Beside a server that runs it is the last seconds; where none does, whoever could write the
/// database could have made it up.
fn loose(report: &Report) -> Vec<String> {
    let mut loose = Vec::new();
    for (records, signed, what) in [
        (report.decisions, report.signed, "decisions"),
        (report.operations, report.operations_signed, "operations"),
    ] {
        if records > signed {
            let count = records - signed;
            loose.push(format!("the last {count} {what} are not under a signed checkpoint: a server signs them within seconds, or when it starts"));
        }
    }
    if let Some(outside) = report.outside
        && outside < report.signed
    {
        let signed = report.signed;
        loose.push(format!(
            "the checkpoint file ends at {outside} decisions, and the database was signed at {signed}"
        ));
    }
    loose
}

/// For people. Writing to a string does not fail.
fn as_text(report: &Report) -> String {
    let (headline, fault) = match &report.fault {
        None => ("intact", String::new()),
        Some(fault) => ("NOT INTACT", format!(": {}", harmless(&fault.to_string()))),
    };
    let mut text = format!("{headline}{fault}\n");
    let _ = writeln!(
        text,
        "{} decisions, {} of them under a signed checkpoint; {} operations; {} checkpoints",
        report.decisions, report.signed, report.operations, report.checkpoints
    );
    if report.trusted > 0 {
        let _ = writeln!(
            text,
            "the first {} decisions were not read: the checkpoint given has them",
            report.trusted
        );
    }
    for loose in loose(report) {
        let _ = writeln!(text, "{loose}");
    }
    text + &outcomes([&report.differ, &report.cannot].map(|(named, count)| (named.as_slice(), *count)))
}

/// A line for the decisions that come out otherwise now, and one for those that cannot be evaluated: the first log indices, and how many.
pub(super) fn outcomes([differ, cannot]: [(&[u64], u64); 2]) -> String {
    let mut text = String::new();
    for ((named, count), what) in [
        (differ, "come out otherwise by the rules of this program"),
        (cannot, "cannot be evaluated by this program"),
    ] {
        if count > 0 {
            let more = if (named.len() as u64) < count { ", ..." } else { "" };
            let named: Vec<String> = named.iter().map(u64::to_string).collect();
            let _ = writeln!(text, "{count} decisions {what}: log index {}{more}", named.join(", "));
        }
    }
    text
}

fn as_json(report: &Report) -> serde_json::Value {
    json!({
        "intact": report.fault.is_none(),
        "fault": report.fault.as_ref().map(ToString::to_string),
        "decisions": report.decisions,
        "signed": report.signed,
        "operations": report.operations,
        "checkpoints": report.checkpoints,
        "operationsSigned": report.operations_signed,
        "checkpointFile": report.outside,
        "trusted": report.trusted,
        "open": loose(report),
        "differ": { "count": report.differ.1, "logIndices": report.differ.0 },
        "cannotEvaluate": { "count": report.cannot.1, "logIndices": report.cannot.0 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Fault;

    fn report() -> Report {
        Report {
            decisions: 12,
            operations: 3,
            checkpoints: 4,
            signed: 12,
            operations_signed: 3,
            ..Report::default()
        }
    }

    #[test]
    fn what_is_intact_says_how_much_of_it_is_signed() {
        assert_eq!(
            as_text(&report()),
            "intact\n12 decisions, 12 of them under a signed checkpoint; 3 operations; 4 checkpoints\n"
        );
        assert_eq!(ending(&report()), Ending::Good);
        let late = Report {
            signed: 10,
            outside: Some(7),
            ..report()
        };
        assert!(
            as_text(&late).contains("the last 2 decisions are not under"),
            "{}",
            as_text(&late)
        );
        assert!(
            as_text(&late).contains("the checkpoint file ends at 7"),
            "{}",
            as_text(&late)
        );
        assert_eq!(ending(&late), Ending::Unsure);
    }

    #[test]
    fn a_fault_comes_first_and_an_outcome_that_changed_is_told_apart() {
        let changed = Report {
            differ: (vec![3, 7], 9),
            ..report()
        };
        assert!(as_text(&changed).starts_with("intact\n"));
        assert!(
            as_text(&changed)
                .ends_with("9 decisions come out otherwise by the rules of this program: log index 3, 7, ...\n")
        );
        assert_eq!(ending(&changed), Ending::Unsure);
        let faulty = Report {
            fault: Some(Fault::Record {
                log: Log::Decisions,
                log_index: 5,
            }),
            ..changed
        };
        assert!(as_text(&faulty).starts_with("NOT INTACT: decisions 5 was altered"));
        assert_eq!(ending(&faulty), Ending::No);
        assert_eq!(as_json(&faulty)["intact"], false);
    }
}
