//! Signed notes that stand one behind the other in a text.

/// Gathers lines into notes: an empty line ends a note's text, and another its signatures. What stands between is not looked at, so that
/// a note is still one when somebody altered it.
#[derive(Debug, Default)]
pub struct NoteLines {
    note: String,
    has_text: bool,
}

impl NoteLines {
    /// Takes the next line, without its end; gives the note that this makes whole.
    pub fn push(&mut self, line: &str) -> Option<String> {
        if line.is_empty() && (self.has_text || self.note.is_empty()) {
            self.has_text = false;
            let note = std::mem::take(&mut self.note);
            return (!note.is_empty()).then_some(note);
        }
        self.has_text |= line.is_empty();
        self.note.push_str(line);
        self.note.push('\n');
        None
    }

    /// What stands behind the last whole note; empty where nothing does.
    #[must_use]
    pub fn rest(self) -> String {
        self.note
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_end_with_the_empty_line_behind_their_signatures() {
        let note = |name: &str| format!("{name}\n1\nroot\n\n\u{2014} {name} one\n\u{2014} {name} two\n");
        let text = format!("{}\n{}\nrest\n\nof it\n", note("a"), note("b"));
        let mut lines = NoteLines::default();
        let notes: Vec<String> = text.lines().filter_map(|line| lines.push(line)).collect();
        assert_eq!(notes, [note("a"), note("b")]);
        assert_eq!(lines.rest(), "rest\n\nof it\n");
    }

    #[test]
    fn a_note_without_a_signature_that_is_one_ends_all_the_same() {
        let text = "a\n1\nroot\n\n- a one\n\nb\n1\nroot\n\n\u{2014} b one\n\n";
        let mut lines = NoteLines::default();
        let notes: Vec<String> = text.lines().filter_map(|line| lines.push(line)).collect();
        assert_eq!(notes, ["a\n1\nroot\n\n- a one\n", "b\n1\nroot\n\n\u{2014} b one\n"]);
        assert_eq!(lines.rest(), "");
    }
}
