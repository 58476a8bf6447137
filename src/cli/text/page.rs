//! The layout of a text: headings, and entries of a label and a wrapped body.

use std::fmt::Write as _;

use anstyle::Style;

use super::harmless;

const BOLD: Style = Style::new().bold();
const PLAIN: Style = Style::new();
const INDENT: usize = 2;

/// A text that grows from the top.
pub(super) struct Page {
    text: String,
    width: Option<usize>,
    label_width: usize,
}

impl Page {
    /// An empty page of that width, with room for labels of `label_width` signs.
    pub(super) const fn new(width: Option<usize>, label_width: usize) -> Self {
        Self {
            text: String::new(),
            width,
            label_width,
        }
    }

    /// The finished text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// A word that stands out, and the rest of its line.
    pub(super) fn headline(&mut self, style: Style, word: &str, rest: &str) {
        let gap = if rest.is_empty() { "" } else { "  " };
        let _ = writeln!(self.text, "{style}{word}{style:#}{gap}{}", harmless(rest));
    }

    /// A bold line with an empty one above it.
    pub(super) fn heading(&mut self, text: &str) {
        let text = harmless(text);
        let _ = writeln!(self.text, "\n{BOLD}{text}{BOLD:#}");
    }

    /// A label in a style, and what it labels.
    pub(super) fn entry(&mut self, style: Style, label: &str, body: &str) {
        self.labeled(style, label, PLAIN, body);
    }

    /// An entry in one style whole.
    pub(super) fn entry_in(&mut self, style: Style, label: &str, body: &str) {
        self.labeled(style, label, style, body);
    }

    fn labeled(&mut self, label_style: Style, label: &str, body_style: Style, body: &str) {
        let pad = self.label_width.saturating_sub(label.chars().count());
        let _ = write!(
            self.text,
            "{:INDENT$}{label_style}{label}{label_style:#}{:pad$} ",
            "", ""
        );
        self.wrapped(body_style, body, self.hanging());
    }

    /// A line without a label, under the bodies.
    pub(super) fn under(&mut self, style: Style, body: &str) {
        let hanging = self.hanging();
        let _ = write!(self.text, "{:hanging$}", "");
        self.wrapped(style, body, hanging);
    }

    /// An indented line without a label.
    pub(super) fn line(&mut self, style: Style, body: &str) {
        let _ = write!(self.text, "{:INDENT$}", "");
        self.wrapped(style, body, INDENT);
    }

    /// Where bodies begin.
    const fn hanging(&self) -> usize {
        INDENT.saturating_add(self.label_width).saturating_add(1)
    }

    /// Ends a line that is `hanging` wide already, breaking it at spaces.
    fn wrapped(&mut self, style: Style, body: &str, hanging: usize) {
        let room = self
            .width
            .map_or(usize::MAX, |width| width.saturating_sub(hanging).max(20));
        for (index, line) in broken(&harmless(body), room).iter().enumerate() {
            if index > 0 {
                let _ = write!(self.text, "{:hanging$}", "");
            }
            let _ = writeln!(self.text, "{style}{line}{style:#}");
        }
    }
}

/// The lines of a text, none longer than `room` signs unless a word is.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut len: usize = 0;
    for word in text.split(' ') {
        let word_len = word.chars().count();
        if len > 0 && len.saturating_add(word_len).saturating_add(1) > room {
            lines.push(std::mem::take(&mut line));
            len = 0;
        }
        if len > 0 {
            line.push(' ');
            len = len.saturating_add(1);
        }
        line.push_str(word);
        len = len.saturating_add(word_len);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_only_where_there_is_no_room() {
        assert_eq!(broken("one two three", 7), ["one two", "three"]);
        assert_eq!(broken("one two three", usize::MAX), ["one two three"]);
        assert_eq!(broken("unbreakable word", 4), ["unbreakable", "word"]);
        assert_eq!(broken("", 4), [""]);
    }

    #[test]
    fn a_body_hangs_under_itself() {
        let mut page = Page::new(Some(32), 6);
        page.entry(PLAIN, "broken", "the license is in English only");
        assert_eq!(
            anstream::adapter::strip_str(&page.into_text()).to_string(),
            "  broken the license is in\n         English only\n"
        );
    }
}
