//! `verify`

mod account;

use std::{fs, path::PathBuf};

use clap::{Args, ValueHint};

pub(super) use self::account::outcomes;
use self::account::{as_json, as_text, ending};
use super::{
    Ending, Failure, Screen, client, database::DatabaseArgs, evidence::EvidenceArgs, failure::chain, progress::Progress,
};
use crate::{
    app::{self, Verifiable, Verification},
    audit::{Checkpoint, Log, TrustedKeys, VerifierKey},
    config::{Flags, Origin, Settings},
    service::{Report, Subject},
    store::OpenError,
};

/// Verify that a database is what it was
///
/// Hashes every record again, rebuilds both trees, checks every signed checkpoint in the database and in the file beside it, computes every
/// column and the search index from the records, evaluates every decision again, and has SQLite check the file. It reads only, also while a
/// server writes.
/// The first thing that is wrong is named. A decision that the rules decide otherwise now is reported apart: that is no tampering.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights verify
  reimage-rights verify --copy --database copy.db --checkpoint-file kept-elsewhere --key VKEY --key VKEY
  reimage-rights verify --since checkpoint-of-last-month

What it relies on:
  The verifier keys. By default they are those of the key file on this machine; an auditor gives the ones that they were given when
  the service was set up, one for each log, with --key, and after a change of keys the old and the new ones.

Its first words:
  intact           the database is what it was
  EARLIER COPY     with --copy: it is what it was when it was made, and the checkpoint file tells of more since. Of a database that is
                   said to be the one in use, that is what removing its end looks like, and NOT INTACT without --copy
  CANNOT TELL      with --key: nothing was found that is wrong, and some checkpoints are signed by keys that were not given
  NOT INTACT       something is wrong; what comes first is named. So it is, too, where there is no database any more at the path, only
                   something else or nothing of it, and the checkpoint file says what was in it

Exit codes:
  0  intact, and every decision comes out as recorded
  3  NOT INTACT: something was altered, removed, added or is not proven
  4  EARLIER COPY, CANNOT TELL, or intact where some records are not signed yet, come out otherwise now, or cannot be evaluated, or
     where the checkpoint file of a database that is not said to be a copy is gone
  1  failed: nothing was verified, as where the path is wrong or may not be read
  2  bad input or usage")]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    evidence: EvidenceArgs,
    /// Believe checkpoints that this verifier key signed; give one for each log [default: those of the key file]
    #[arg(long, value_name = "VKEY")]
    key: Vec<VerifierKey>,
    /// Go on from the signed checkpoint of the decisions in this file, which was verified before; the records that it covers are not read
    /// again, and the index is not compared
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    since: Option<PathBuf>,
    /// The database is a copy: where the checkpoint file has gone on since it was made, that is told and no fault
    #[arg(long)]
    copy: bool,
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
        let report = match Verifiable::open(settings.database.value.path(), self.subject()).await {
            Ok(database) => {
                let report = self.verify(&database, settings, screen).await;
                database.close().await;
                report?
            }
            Err(error) => self.lost(error, settings, screen)?,
        };
        let text = if self.json {
            client::json(&as_json(&report))?
        } else {
            as_text(&report)
        };
        let _ = screen.print(&text)?;
        Ok(ending(&report))
    }

    async fn verify(&self, database: &Verifiable, settings: &Settings, screen: &mut Screen) -> Result<Report, Failure> {
        let keys = self.keys(settings)?;
        let verification = Verification {
            checkpoint_file: checkpoint_file(settings, screen)?,
            since: self.since(&keys)?,
            keys,
        };
        let progress = Progress::new("verifying", 0);
        let report = database
            .verify(
                verification,
                |count| progress.expect(count),
                |count| progress.advance(count),
            )
            .await;
        progress.end();
        Ok(report?)
    }

    /// A database that is none any more is not what it was, where signed checkpoints say what that is; else there is nothing to verify.
    fn lost(&self, error: OpenError, settings: &Settings, screen: &mut Screen) -> Result<Report, Failure> {
        let found = match (error.damage(), self.keys(settings)) {
            (Some(problem), Ok(keys)) => match checkpoint_file(settings, screen)? {
                Some(path) => app::lost(problem, &path, &keys)?,
                None => None,
            },
            _ => None,
        };
        found.ok_or_else(|| anyhow::Error::from(error).into())
    }

    fn keys(&self, settings: &Settings) -> Result<TrustedKeys, Failure> {
        if self.key.is_empty() {
            app::trusted_keys(settings.key_path()?).map_err(|error| Failure::BadInput(chain(error.as_ref())))
        } else {
            Ok(self.key.iter().cloned().collect())
        }
    }

    fn subject(&self) -> Subject {
        if self.copy { Subject::Copy } else { Subject::Live }
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
