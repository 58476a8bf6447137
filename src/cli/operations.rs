//! `operations`

mod filter;
mod row;

use clap::Args;

use self::filter::FilterArgs;
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
/// one operation for a query. Filters combine with AND; none finds all. On a terminal a table, else tab-separated lines under a header.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights operations
  reimage-rights operations --all --oldest-first
  reimage-rights operations --operation read --caller alice --after 2026-01-01 --all
  reimage-rights operations --all --json | jq -c 'select(.record.rpc == \"Export\") | .record.request'

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
    /// Every operation that matches
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Print a JSON line for each operation
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
    // Last, since its heading would hold for whatever follows.
    #[command(flatten)]
    filter: FilterArgs,
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
        if shown.count == 0 {
            screen.note("no operation found");
        } else if shown.has_more {
            screen.note(&format!(
                "{} shown, there are more: `--limit N` or `--all` shows them",
                shown.count
            ));
        }
        Ok(Ending::Good)
    }

    /// Reads the log page by page, and prints what matches of each.
    async fn print(&self, log: &app::OperationLog, screen: &mut Screen) -> Result<Shown, Failure> {
        let mut shown = Shown::default();
        let mut done = 0;
        while done < log.count() {
            let count = PAGE_LEN.min(log.count() - done);
            let from = if self.oldest_first {
                done
            } else {
                log.count() - done - count
            };
            let mut page = log.read(from, count).await?;
            done += count;
            page.retain(|operation| self.filter.holds(&operation.record));
            if !self.oldest_first {
                page.reverse();
            }
            if !self.all && page.len() as u64 > self.limit - shown.count {
                page.truncate(usize::try_from(self.limit - shown.count).unwrap_or(usize::MAX));
                shown.has_more = true;
            }
            if !page.is_empty() {
                let text = self.text(&page, screen.width(), shown.count == 0);
                shown.count += page.len() as u64;
                if screen.print(&text)?.is_break() {
                    break;
                }
            }
            if shown.has_more {
                break;
            }
        }
        Ok(shown)
    }

    fn text(&self, page: &[app::OperationRecord], width: Option<usize>, is_first: bool) -> String {
        if self.json {
            return page.iter().map(row::json_line).collect();
        }
        let rows = page.iter().map(row::fields).collect::<Vec<_>>();
        match width {
            Some(width) => table::drawn(row::FIELDS, rows, width, Some(0)),
            None if is_first => table::separated(row::FIELDS, &rows),
            None => table::lines(&rows),
        }
    }
}

/// What was printed so far.
#[derive(Default)]
struct Shown {
    count: u64,
    has_more: bool,
}
