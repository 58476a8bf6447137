//! Names that compare the way people mean them.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// A name of a family, version, edition or program.
///
/// Two names are equal when their keys are: letter case, spacing, punctuation, trademark signs and service-pack marks do not
/// count; `&` reads as "and". A point between digits counts ("8.1" is not "81"), and so do `+` and `#` ("C++" is not "C#").
#[derive(Clone, Debug)]
pub struct Name {
    text: Arc<str>,
    key: Arc<str>,
}

impl Name {
    /// Reads a name; `None` when nothing of it counts, as in an empty or all-punctuation text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let key = key(text);
        (!key.is_empty()).then(|| Self {
            text: text.trim().into(),
            key: key.into(),
        })
    }

    /// The name as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part of the name that counts, in lower case without spaces.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// The words of a name that count, in lower case and without spaces.
fn key(text: &str) -> String {
    let words = split(&without_marks(text));
    let mut kept = without_service_pack(words.split(BETWEEN).filter(|word| !word.is_empty()));
    if let ["microsoft", _, ..] = kept.as_slice() {
        kept.remove(0);
    }
    kept.concat()
}

/// Stands between words; no word holds it.
const BETWEEN: char = ' ';

/// Drops trademark and copyright signs, in their ASCII spellings too.
fn without_marks(text: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '®' | '™' | '©' | '℠' => {}
            sign if sign.is_ascii() => rest.push(sign.to_ascii_lowercase()),
            sign => rest.extend(sign.to_lowercase()),
        }
    }
    if rest.contains('(') {
        for mark in ["(r)", "(tm)", "(c)"] {
            rest = rest.replace(mark, " ");
        }
    }
    rest
}

/// Splits at everything that does not count; several separators in a row stand for one.
fn split(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let is_digit_at = |at: Option<usize>| {
        at.and_then(|at| text.as_bytes().get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    for (position, sign) in text.char_indices() {
        match sign {
            '&' => words.push_str(" and "),
            '+' => words.push_str("plus"),
            '#' => words.push_str("sharp"),
            '.' if is_digit_at(position.checked_sub(1)) && is_digit_at(position.checked_add(1)) => words.push(sign),
            _ if counts(sign) => words.push(sign),
            _ => words.push(BETWEEN),
        }
    }
    words
}

/// Letters, digits and the marks that modify them count; spaces, controls and punctuation do not.
fn counts(sign: char) -> bool {
    let general_punctuation = ('\u{2000}'..='\u{206f}').contains(&sign);
    if sign.is_ascii() {
        sign.is_ascii_alphanumeric()
    } else {
        !(sign.is_whitespace()
            || sign.is_control()
            || general_punctuation
            || matches!(sign, '\u{feff}' | '«' | '»' | '·' | '´'))
    }
}

/// Drops service-pack marks: "sp1", "service pack 2", "with sp1", "7sp1".
fn without_service_pack<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kept = Vec::with_capacity(8);
    for word in words {
        if is_number(word)
            && let [.., "service", "pack"] = kept.as_slice()
        {
            kept.truncate(kept.len().saturating_sub(2));
            drop_with(&mut kept);
        } else if word.strip_prefix("sp").is_some_and(is_number) {
            drop_with(&mut kept);
        } else if let Some((version, pack)) = word.split_once("sp")
            && version.ends_with(|sign: char| sign.is_ascii_digit())
            && is_number(pack)
        {
            kept.push(version);
        } else {
            kept.push(word);
        }
    }
    kept
}

fn drop_with(kept: &mut Vec<&str>) {
    if kept.last() == Some(&"with") {
        kept.pop();
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        Name::parse(text).map(|name| name.key().to_owned()).unwrap_or_default()
    }

    #[test]
    fn case_spacing_punctuation_and_marks_do_not_count() {
        assert_eq!(key("Home & Student"), key("home and  STUDENT"));
        assert_eq!(
            key("Microsoft(R) Windows(R) Server 2003"),
            key("Windows® Server™ 2003 ")
        );
        assert_eq!(key("Professional\u{a0}Plus"), key("professional-plus"));
    }

    #[test]
    fn service_pack_marks_drop() {
        for text in [
            "7 SP1",
            "7 with SP1",
            "7 Service Pack 1",
            "7 with Service Pack 1",
            "7SP1",
        ] {
            assert_eq!(key(text), "7", "{text}");
        }
        assert_eq!(key("Spain"), "spain");
    }

    #[test]
    fn what_tells_products_apart_counts() {
        assert_ne!(key("8.1"), key("81"));
        assert_ne!(key("C++"), key("C#"));
        assert_ne!(key("2008"), key("2008 R2"));
        assert_ne!(key("Café"), key("Cafe"));
    }

    #[test]
    fn a_name_of_nothing_but_punctuation_is_none() {
        assert!(Name::parse(" -- ® ").is_none());
    }
}
