//! A history, page after page.

use super::{Failure, client::Client, patience::patiently};
use crate::wire::pb;

/// Whole decisions are large, so a page of them is short.
const FULL_LEN: u32 = 100;
const BASIC_LEN: u32 = 1000;

/// The pages of one history that are still to be asked for.
pub(super) struct Pages {
    request: pb::HistoryRequest,
    left: Option<u32>,
    done: bool,
}

impl Pages {
    /// The history that `request` asks for: `limit` decisions at most, or all.
    pub(super) const fn new(request: pb::HistoryRequest, limit: Option<u32>) -> Self {
        Self {
            request,
            left: limit,
            done: false,
        }
    }

    /// Asks for the next page; `None` after the last one.
    pub(super) async fn next(&mut self, client: &mut Client) -> Result<Option<pb::HistoryResponse>, Failure> {
        if self.done {
            return Ok(None);
        }
        let len = match self.request.view() {
            pb::DecisionView::Basic => BASIC_LEN,
            pb::DecisionView::Full | pb::DecisionView::Unspecified => FULL_LEN,
        };
        self.request.page_size = self.left.map_or(len, |left| left.min(len));
        let page = patiently(async || client.history(self.request.clone()).await).await?;
        let got = u32::try_from(page.decisions.len()).unwrap_or(u32::MAX);
        self.left = self.left.map(|left| left.saturating_sub(got));
        self.request.page_token.clone_from(&page.next_page_token);
        self.done = page.next_page_token.is_empty() || self.left == Some(0);
        Ok(Some(page))
    }

    /// Whether the service has more than was asked for.
    pub(super) const fn has_more(&self) -> bool {
        !self.request.page_token.is_empty()
    }
}
