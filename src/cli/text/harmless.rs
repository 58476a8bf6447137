//! Text of others on a terminal of ours.

/// The text with every control and every sign that reorders text written out, so that a device's name can neither move the
/// cursor nor pass for another.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|sign| match sign {
            '\n' | '\r' | '\t' => sign.escape_default().to_string(),
            sign if sign.is_control() || reorders(sign) => sign.escape_unicode().to_string(),
            sign => sign.to_string(),
        })
        .collect()
}

/// Direction marks, embeddings, overrides and isolates; line and paragraph separators.
const fn reorders(sign: char) -> bool {
    matches!(sign, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn controls_are_written_out() {
        assert_eq!(harmless("a\u{1b}[2J\n\u{9b}x"), "a\\u{1b}[2J\\n\\u{9b}x");
        assert_eq!(harmless("a\u{202e}b"), "a\\u{202e}b");
    }

    #[test]
    fn words_stay_as_they_are() {
        assert_eq!(harmless("Büro 7, Łódź – 東京"), "Büro 7, Łódź – 東京");
    }
}
