//! The index held against the records: both are added up, window by window, so that memory does not grow with them.

use std::{collections::BTreeMap, hash::BuildHasher as _};

use super::{
    Fault, VerifyError,
    chunk::{Means, WINDOW},
};
use crate::{
    history::Term,
    store::{ReadError, Store},
};

/// Compares the postings of decisions below `end` with what the records come to.
pub(super) async fn check(
    store: &Store,
    means: &Means,
    end: u64,
    expected: &BTreeMap<u64, u64>,
) -> Result<Option<Fault>, VerifyError> {
    if !store.index_covers_log().await? {
        let problem = "its parts leave out some decisions, or hold some twice".to_owned();
        return Ok(Some(Fault::Index { problem }));
    }
    let mut found: BTreeMap<u64, u64> = BTreeMap::new();
    let give = |term: Term, log_index: u64| {
        // Decisions recorded meanwhile.
        if log_index < end {
            let sum = found.entry(log_index / WINDOW).or_default();
            *sum = sum.wrapping_add(means.hasher.hash_one((term.stored(), log_index)));
        }
    };
    match store.each_posting(give).await {
        Err(ReadError::Malformed(error)) => {
            let problem = error.to_string();
            return Ok(Some(Fault::Index { problem }));
        }
        walked => walked?,
    }
    found.retain(|_, sum| *sum != 0);
    let differs = expected
        .iter()
        .find(|(window, sum)| **sum != 0 && found.get(window) != Some(sum))
        .map(|(window, _)| *window)
        .or_else(|| found.keys().copied().find(|window| !expected.contains_key(window)));
    Ok(differs.map(|window| Fault::Index {
        problem: format!(
            "a posting of decisions {} to {} is missing, added or another",
            window * WINDOW,
            (window + 1) * WINDOW - 1
        ),
    }))
}
