//! A cursor as text that callers carry from one page to the next.

use std::fmt;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{Cursor, Filter, Order};

/// Counts up when the text of a token changes its meaning.
const FORMAT: u8 = 1;

/// A place in one query's answer, opaque to the caller: format number, position and a digest of filter and order, in lower-case
/// hexadecimal, so that it goes unescaped through URLs, shells and JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken(String);

/// A text that is no token for the query it came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// No token that this program gives.
    #[error("not a page token of this service; leave it out to begin at the first page")]
    Malformed,
    /// A token of a query with other filters or another order.
    #[error("a page token of another query; send the filters and order it came with, or leave it out to begin anew")]
    OtherQuery,
}

impl PageToken {
    /// Ties a cursor to its query.
    #[must_use]
    pub fn new(cursor: Cursor, filter: &Filter, order: Order) -> Self {
        let (position, digest) = (cursor.log_index(), digest(filter, order));
        Self(format!("{FORMAT:02x}{position:016x}{digest:016x}"))
    }

    /// Reads a token that came with a query. An empty text is malformed: that there is no token is the caller's to see.
    ///
    /// # Errors
    /// The text is no token, or one of another query.
    pub fn parse(text: &str, filter: &Filter, order: Order) -> Result<Cursor, TokenError> {
        let (format, position, found) = fields(text).ok_or(TokenError::Malformed)?;
        if format != u64::from(FORMAT) {
            return Err(TokenError::Malformed);
        }
        if found != digest(filter, order) {
            return Err(TokenError::OtherQuery);
        }
        Ok(Cursor::behind(position))
    }
}

impl fmt::Display for PageToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What makes two queries the same. Presence bytes keep "no bound" apart from every bound.
fn digest(filter: &Filter, order: Order) -> u64 {
    let mut hash = Sha256::new();
    hash.update([FORMAT, u8::from(order == Order::OldestFirst)]);
    for bound in [filter.within().after_us, filter.within().before_us] {
        hash.update([u8::from(bound.is_some())]);
        hash.update(bound.unwrap_or_default().to_be_bytes());
    }
    for term in filter.terms() {
        hash.update(term.stored().to_be_bytes());
    }
    let first = hash.finalize().into_iter().take(size_of::<u64>());
    first.fold(0, |number, byte| number << 8 | u64::from(byte))
}

/// Format, position and digest of a text that consists of just these.
fn fields(text: &str) -> Option<(u64, u64, u64)> {
    // Checked first, since reading a number would also take a sign or capitals: every token has one spelling.
    let hexadecimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let number = |from, to| u64::from_str_radix(text.get(from..to)?, 16).ok();
    if hexadecimal && text.len() == 34 {
        Some((number(0, 2)?, number(2, 18)?, number(18, 34)?))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::history::{Term, TimeRange};

    fn filter() -> Filter {
        Filter::new([Term::device("PC-1"), Term::verdict("PERMITTED")], TimeRange::default())
    }

    #[test]
    fn a_token_comes_back_as_its_cursor() {
        for position in [0, 1, 4711, u64::MAX] {
            let token = PageToken::new(Cursor::behind(position), &filter(), Order::NewestFirst).to_string();
            let cursor = PageToken::parse(&token, &filter(), Order::NewestFirst);
            assert_eq!(cursor, Ok(Cursor::behind(position)));
            assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
    }

    #[test]
    fn a_token_of_another_query_is_told_from_a_malformed_one() {
        let token = PageToken::new(Cursor::behind(7), &filter(), Order::NewestFirst).to_string();
        let other = Filter::new([Term::device("PC-2"), Term::verdict("PERMITTED")], TimeRange::default());
        let later = Filter::new(
            filter().terms().iter().copied(),
            TimeRange {
                after_us: Some(0),
                before_us: None,
            },
        );
        for (filter, order) in [
            (filter(), Order::OldestFirst),
            (other, Order::NewestFirst),
            (later, Order::NewestFirst),
        ] {
            let cursor = PageToken::parse(&token, &filter, order);
            assert_eq!(cursor, Err(TokenError::OtherQuery), "{filter:?} {order:?}");
        }
        for text in ["", "x", &token[1..], &token.to_uppercase(), &"+1".repeat(17)] {
            let cursor = PageToken::parse(text, &filter(), Order::NewestFirst);
            assert_eq!(cursor, Err(TokenError::Malformed), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_taken_for_a_token_and_none_panics(text in "\\PC{0,40}|[0-9a-f]{34}") {
            prop_assert!(PageToken::parse(&text, &filter(), Order::NewestFirst).is_err());
        }
    }
}
