//! The page tokens that were given out: who asks with one, for the same view, goes on with a query that was noted already.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use super::Caller;

/// Most tokens that are remembered. One that is forgotten only makes its page a read of its own.
const TOKEN_COUNT_MAX: usize = 4096;

/// A token, whom it was given to, and the number of the view that its page was asked for in.
type Token = (Caller, i32, String);

/// The tokens that are out.
#[derive(Debug, Default)]
pub(super) struct Issued(Mutex<HashSet<Token>>);

impl Issued {
    /// Remembers a token.
    pub(super) fn put(&self, caller: &Caller, view: i32, token: &str) {
        if token.is_empty() {
            return;
        }
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if issued.len() >= TOKEN_COUNT_MAX {
            issued.clear();
        }
        issued.insert((caller.clone(), view, token.to_owned()));
    }

    /// Whether a token was given to this caller with a page of this view; it is forgotten with that, so that reading the same page again is noted.
    pub(super) fn take(&self, caller: &Caller, view: i32, token: &str) -> bool {
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !token.is_empty() && issued.remove(&(caller.clone(), view, token.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_counts_once_and_no_other_does() {
        let (issued, caller) = (Issued::default(), Caller::local());
        issued.put(&caller, 1, "a");
        issued.put(&caller, 1, "");
        assert!(!issued.take(&caller, 1, "b"));
        assert!(!issued.take(&caller, 1, ""));
        assert!(!issued.take(&caller, 2, "a"), "a view that shows more was never noted");
        assert!(issued.take(&caller, 1, "a"));
        assert!(!issued.take(&caller, 1, "a"));
    }

    #[test]
    fn the_memory_is_bounded() {
        let (issued, caller) = (Issued::default(), Caller::local());
        for number in 0..=TOKEN_COUNT_MAX {
            issued.put(&caller, 0, &number.to_string());
        }
        assert_eq!(issued.0.lock().unwrap().len(), 1);
    }
}
