//! `history`

mod filter;
mod layout;

use clap::{Args, ValueEnum};

pub(super) use self::filter::FilterArgs;
use super::{
    Ending, Failure, Screen,
    client::{self, Client},
    pages::Pages,
    reader::ReaderArgs,
};
use crate::{config::Settings, wire::pb};

/// Find recorded decisions
///
/// Filters combine with AND; none finds all. On a terminal a table, else tab-separated lines under a header. The column "why"
/// names the basis that decided and, unless permitted, the conditions broken or unknown on it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights history
  reimage-rights history --device PC-0042 --oldest-first
  reimage-rights history --condition same-language --after 2026-01-01 --before 2026-02-01 --all
  reimage-rights history --label site=Lyon --json | jq -r '.decisions[]?.decisionId'

JSON:
  --json prints one HistoryResponse; its nextPageToken continues with --page-token.
  --json --all prints one Decision per line.

Exit codes:
  0  done, whether or not any was found
  1  failed
  2  bad input or usage")]
pub(super) struct HistoryArgs {
    /// Oldest decision first, instead of newest
    #[arg(long)]
    oldest_first: bool,
    /// At most this many decisions
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Every decision that matches
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Continue where a page ended; with the same filters and order only
    #[arg(long, value_name = "TOKEN")]
    page_token: Option<String>,
    /// How much of each decision the JSON holds: `basic` leaves out request, resolved facts and findings
    #[arg(long, value_name = "VIEW", requires = "json", default_value = "full")]
    view: ViewArg,
    /// Print exactly the wire's JSON of the answer
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub client: ReaderArgs,
    // Last, since its heading would hold for whatever follows.
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ViewArg {
    Full,
    Basic,
}

impl HistoryArgs {
    /// Asks for the decisions and prints them.
    pub(super) async fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let limit = (!self.all).then_some(self.limit);
        let pages = Pages::new(self.request(), limit);
        client::ask(settings, self.client.purpose(), screen, async |client, screen| {
            match (self.json, self.all) {
                (true, true) => print_lines(pages, client, screen).await?,
                (true, false) => print_response(pages, client, screen).await?,
                (false, _) => print_table(pages, client, screen).await?,
            }
            Ok(Ending::Good)
        })
        .await
    }

    fn request(&self) -> pb::HistoryRequest {
        let order = if self.oldest_first {
            pb::DecisionOrder::OldestFirst
        } else {
            pb::DecisionOrder::NewestFirst
        };
        let view = match self.view {
            ViewArg::Full => pb::DecisionView::Full,
            ViewArg::Basic => pb::DecisionView::Basic,
        };
        pb::HistoryRequest {
            page_token: self.page_token.clone().unwrap_or_default(),
            order: order.into(),
            view: view.into(),
            ..self.filter.request()
        }
    }
}

/// One decision per line: nothing is held back, however many there are.
async fn print_lines(mut pages: Pages, client: &mut Client, screen: &mut Screen) -> Result<(), Failure> {
    while let Some(page) = pages.next(client).await? {
        let lines: Result<String, Failure> = page.decisions.iter().map(client::json_line).collect();
        if screen.print(&lines?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// One response, made of as many pages as the limit takes.
async fn print_response(mut pages: Pages, client: &mut Client, screen: &mut Screen) -> Result<(), Failure> {
    let mut response = pb::HistoryResponse::default();
    while let Some(page) = pages.next(client).await? {
        response.decisions.extend(page.decisions);
        response.next_page_token = page.next_page_token;
    }
    let _ = screen.print(&client::json(&response)?)?;
    Ok(())
}

async fn print_table(mut pages: Pages, client: &mut Client, screen: &mut Screen) -> Result<(), Failure> {
    let mut count: usize = 0;
    while let Some(page) = pages.next(client).await? {
        let text = layout::page(&page.decisions, screen.width(), count == 0);
        count = count.saturating_add(page.decisions.len());
        if screen.print(&text)?.is_break() {
            return Ok(());
        }
    }
    if count == 0 {
        screen.note("no decision found");
    } else if pages.has_more() {
        screen.note(&format!(
            "{count} shown, there are more: `--limit N` or `--all` shows them"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{cli::testing::tell, wire::pb};

    #[test]
    fn a_program_gets_one_header_and_a_line_per_decision_over_all_pages() {
        let told = tell(&["history"], None);
        let lines: Vec<&str> = told.out.lines().collect();
        assert_eq!(lines.len(), 4, "{}", told.out);
        assert_eq!(lines[0], "log index\tdecided at\tverdict\tdevice\timage\twhy\tdecision");
        assert_eq!(
            lines[2],
            "1\t2026-01-02T03:04:05.25Z\tnot permitted\tPC-0042\tGOLD-7\treimaging right; broken same-language\t\
             0198c5a0-7a3e-7cc2-8b6e-000000000002"
        );
        assert_eq!(told.code, 0);
    }

    #[test]
    fn a_narrow_terminal_gets_two_lines_per_decision_and_whole_ids() {
        let told = tell(&["history", "--limit", "2"], Some(80));
        assert!(told.out.lines().all(|line| line.chars().count() <= 80), "{}", told.out);
        insta::assert_snapshot!(told.out);
    }

    #[test]
    fn a_terminal_gets_a_table() {
        let told = tell(&["history", "--oldest-first", "--limit", "2"], Some(150));
        insta::assert_snapshot!(told.out);
        assert!(told.err.contains("2 shown, there are more"), "{}", told.err);
    }

    #[test]
    fn a_limit_beyond_a_page_turns_pages() {
        let told = tell(&["history", "--limit", "3", "--json"], None);
        let response: pb::HistoryResponse = serde_json::from_str(&told.out).unwrap();
        assert_eq!(response.decisions.len(), 3);
        assert_eq!(response.next_page_token, "");
    }

    #[test]
    fn a_page_says_where_the_next_one_starts() {
        let told = tell(&["history", "--limit", "2", "--json", "--page-token", "0"], None);
        let response: pb::HistoryResponse = serde_json::from_str(&told.out).unwrap();
        assert_eq!(response.next_page_token, "2");
    }

    #[test]
    fn all_as_json_is_one_decision_per_line() {
        let told = tell(&["history", "--all", "--json", "--oldest-first"], None);
        let indices: Vec<u64> = told
            .out
            .lines()
            .map(|line| serde_json::from_str::<pb::Decision>(line).unwrap().log_index)
            .collect();
        assert_eq!(indices, [0, 1, 2]);
    }

    #[test]
    fn nothing_found_is_said_beside_the_output() {
        let told = tell(&["history", "--device", "PC-9"], Some(80));
        assert_eq!((told.code, told.out.as_str()), (0, ""));
        assert!(told.err.contains("no decision found"), "{}", told.err);
    }
}
