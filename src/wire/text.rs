//! Texts from outside: bounded, and never a product key.
//!
//! A path is written out only where something is wrong, so that what is right costs none.

use std::fmt::Display;

use super::{Violations, product_key::holds_product_key};

/// Most bytes of a text.
pub const TEXT_LEN_MAX: usize = 256;
/// Most bytes of free text: evidence and labels.
pub const FREE_TEXT_LEN_MAX: usize = 1024;

/// Checks a text; `None` when it is empty, or wrong and noted as such.
pub fn text<'a>(text: &'a str, path: impl Display, violations: &mut Violations) -> Option<&'a str> {
    bounded(text, path, TEXT_LEN_MAX, violations)
}

/// Checks free text.
pub fn free_text<'a>(text: &'a str, path: impl Display, violations: &mut Violations) -> Option<&'a str> {
    bounded(text, path, FREE_TEXT_LEN_MAX, violations)
}

fn bounded<'a>(text: &'a str, path: impl Display, len_max: usize, violations: &mut Violations) -> Option<&'a str> {
    if text.len() > len_max {
        violations.add(
            path,
            format!("{} bytes are too many; at most {len_max} are taken", text.len()),
        );
        None
    } else if holds_product_key(text) {
        violations.add(
            path,
            "looks like a full product key; leave it out, or mask all but its last group",
        );
        None
    } else {
        (!text.trim().is_empty()).then_some(text)
    }
}

/// Checks the length of a list.
pub fn count(len: usize, len_max: usize, path: impl Display, violations: &mut Violations) {
    if len > len_max {
        violations.add(path, format!("{len} entries are too many; at most {len_max} are taken"));
    }
}

/// Checks that a text which has to mean something, such as a number, does.
pub fn meaningful<T>(parsed: Option<T>, text: &str, path: impl Display, violations: &mut Violations) -> Option<T> {
    if parsed.is_none() {
        violations.add(
            path,
            format!("`{text}` holds no letter or digit; leave it out when it is not known"),
        );
    }
    parsed
}
