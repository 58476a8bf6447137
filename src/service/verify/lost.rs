//! A database that cannot be opened as one, where signed checkpoints say what it was.

use super::{Fault, Report};
use crate::{
    audit::{Log, TrustedKeys},
    store::{CheckpointFileError, checkpoint_file::Notes},
};

/// What is to be said of a database with this problem: what was signed of it, by a key that is trusted, is lost. `None` where nothing was, and
/// the problem tells nothing of a log.
///
/// # Errors
///
/// The file of checkpoints cannot be read.
pub fn lost(problem: String, keys: &TrustedKeys, outside: Notes) -> Result<Option<Report>, CheckpointFileError> {
    let mut report = Report::default();
    for note in outside {
        // What else stands in the file does not matter any more.
        if let Ok(checkpoint) = keys.open(note?.as_bytes()) {
            let size = report.outside.entry(checkpoint.origin.log()).or_default();
            *size = checkpoint.size.max(*size);
        }
    }
    let [decisions, operations] = Log::ALL.map(|log| report.outside.get(&log).copied().unwrap_or_default());
    if decisions + operations == 0 {
        return Ok(None);
    }
    report.fault = Some(Fault::Lost {
        problem,
        decisions,
        operations,
    });
    Ok(Some(report))
}
