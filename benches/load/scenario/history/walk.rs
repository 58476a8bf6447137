//! The way to a page far down, and on from there.

use reimage_rights::wire::pb;

use super::{PAGE_LEN, STRIDE};
use crate::pool::Client;

/// Pages one after another, from a depth on.
pub struct Walk {
    request: pb::HistoryRequest,
    /// Where the first of these pages begins.
    first: String,
}

impl Walk {
    /// Goes to a page, counted from 1, in long strides; `None` where the history ends before.
    pub async fn to(client: &mut Client, request: pb::HistoryRequest, page: u64) -> anyhow::Result<Option<Self>> {
        let mut left = page.saturating_sub(1).saturating_mul(PAGE_LEN.into());
        let mut stride = pb::HistoryRequest {
            view: pb::DecisionView::Basic.into(),
            ..request.clone()
        };
        while left > 0 {
            stride.page_size = u32::try_from(left).unwrap_or(u32::MAX).min(STRIDE);
            let found = client.history(stride.clone()).await?.into_inner();
            // A page can end early where little of much fits: then it goes on behind.
            left = left.saturating_sub(u64::try_from(found.decisions.len())?);
            if found.next_page_token.is_empty() {
                return Ok(None);
            }
            stride.page_token = found.next_page_token;
        }
        let request = pb::HistoryRequest {
            page_token: stride.page_token.clone(),
            ..request
        };
        Ok(Some(Self {
            request,
            first: stride.page_token,
        }))
    }

    /// Asks for the page that comes next.
    pub fn next_page(&self) -> pb::HistoryRequest {
        self.request.clone()
    }

    /// Goes on behind a page, or back to the first where it was the last.
    pub fn went(&mut self, next: String) {
        self.request.page_token = if next.is_empty() { self.first.clone() } else { next };
    }
}
