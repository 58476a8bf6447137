//! Signed notes that stand one behind the other in a text.

/// Where a signature line of a note begins.
const SIGNATURE: &str = "\u{2014} ";

/// Gathers lines into notes. A note is whole with the empty line behind its signatures.
#[derive(Debug, Default)]
pub struct NoteLines {
    note: String,
    signed: bool,
}

impl NoteLines {
    /// Takes the next line, without its end; gives the note that this makes whole.
    pub fn push(&mut self, line: &str) -> Option<String> {
        if line.is_empty() && (self.signed || self.note.is_empty()) {
            self.signed = false;
            let note = std::mem::take(&mut self.note);
            return (!note.is_empty()).then_some(note);
        }
        self.signed = line.starts_with(SIGNATURE);
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
}
