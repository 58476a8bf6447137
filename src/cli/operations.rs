//! `operations`

mod row;

use clap::Args;

use super::{Ending, Failure, Screen, database::DatabaseArgs, table};
use crate::{
    app,
    config::{Flags, Settings},
};

/// Operations that are read and printed together.
const PAGE_LEN: u64 = 100;

/// List what the service itself did: starts, reads, changes of keys
///
/// Reads the log of operations of a database, also beside a server and of a copy, and changes nothing. Who read which decisions is there, too:
/// one operation for a query. On a terminal a table, else tab-separated lines under a header.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights operations
  reimage-rights operations --all --oldest-first
  reimage-rights operations --all --json | jq -c 'select(.record.caller == \"alice\") | .record.request'

JSON:
  --json prints a line for each operation: its logIndex, and the record as it is in the log.

Exit codes:
  0  done, whether or not there are any
  1  failed
  2  bad usage")]
pub(super) struct OperationsArgs {
    /// Oldest operation first, instead of newest
    #[arg(long)]
    oldest_first: bool,
    /// At most this many operations
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,
    /// Every operation
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Print a JSON line for each operation
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl OperationsArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        self.database.flags(flags)
    }

    /// Reads the operations and prints them.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let log = app::OperationLog::open(settings.database.value.path()).await?;
        let shown = self.print(&log, screen).await;
        log.close().await;
        let shown = shown?;
        if log.count() == 0 {
            screen.note("no operation found");
        } else if shown < log.count() && shown == self.limit {
            screen.note(&format!(
                "{shown} shown, there are more: `--limit N` or `--all` shows them"
            ));
        }
        Ok(Ending::Good)
    }

    /// Prints page after page; how many operations it printed.
    async fn print(&self, log: &app::OperationLog, screen: &mut Screen) -> Result<u64, Failure> {
        let wanted = if self.all {
            log.count()
        } else {
            self.limit.min(log.count())
        };
        let mut done = 0;
        while done < wanted {
            let count = PAGE_LEN.min(wanted - done);
            let from = if self.oldest_first {
                done
            } else {
                log.count() - done - count
            };
            let mut page = log.read(from, count).await?;
            if !self.oldest_first {
                page.reverse();
            }
            let text = if self.json {
                page.iter().map(row::json_line).collect()
            } else {
                let rows = page.iter().map(row::fields).collect::<Vec<_>>();
                match screen.width() {
                    Some(width) => table::drawn(row::FIELDS, rows, width, Some(0)),
                    None if done == 0 => table::separated(row::FIELDS, &rows),
                    None => table::lines(&rows),
                }
            };
            if screen.print(&text)?.is_break() {
                break;
            }
            done += count;
        }
        Ok(done)
    }
}
