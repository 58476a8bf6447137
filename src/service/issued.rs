//! The page tokens that were given out: who asks with one goes on with a query that was noted already.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use super::Caller;

/// Most tokens that are remembered. One that is forgotten only makes its page a read of its own.
const TOKEN_COUNT_MAX: usize = 4096;

/// Tokens with whom they were given to.
#[derive(Debug, Default)]
pub(super) struct Issued(Mutex<HashSet<(Caller, String)>>);

impl Issued {
    /// Remembers a token.
    pub(super) fn put(&self, caller: &Caller, token: &str) {
        if token.is_empty() {
            return;
        }
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if issued.len() >= TOKEN_COUNT_MAX {
            issued.clear();
        }
        issued.insert((caller.clone(), token.to_owned()));
    }

    /// Whether a token was given to this caller; it is forgotten with that, so that reading the same page again is noted.
    pub(super) fn take(&self, caller: &Caller, token: &str) -> bool {
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !token.is_empty() && issued.remove(&(caller.clone(), token.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_counts_once_and_no_other_does() {
        let (issued, caller) = (Issued::default(), Caller::local());
        issued.put(&caller, "a");
        issued.put(&caller, "");
        assert!(!issued.take(&caller, "b"));
        assert!(!issued.take(&caller, ""));
        assert!(issued.take(&caller, "a"));
        assert!(!issued.take(&caller, "a"));
    }

    #[test]
    fn the_memory_is_bounded() {
        let (issued, caller) = (Issued::default(), Caller::local());
        for number in 0..=TOKEN_COUNT_MAX {
            issued.put(&caller, &number.to_string());
        }
        assert_eq!(issued.0.lock().unwrap().len(), 1);
    }
}
