//! Text as tools and pipes leave it, made plain.

/// The text without what encodings and locales leave in it: marks of byte order, zero bytes of a UTF-16 text that was read by
/// the byte, invisible marks of direction, other controls, and the many kinds of spaces and line ends.
pub(super) fn plain(text: &str) -> String {
    let text = ["\u{feff}", "ÿþ", "þÿ", "ï»¿"]
        .iter()
        .fold(text, |text, mark| text.strip_prefix(mark).unwrap_or(text));
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars().filter(|sign| *sign != '\0').peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\r' => {
                while signs.next_if_eq(&'\r').is_some() {}
                let _ = signs.next_if_eq(&'\n');
                plain.push('\n');
            }
            '\n' | '\t' => plain.push(sign),
            '\u{2028}' | '\u{2029}' => plain.push('\n'),
            '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' => {}
            _ if sign.is_whitespace() => plain.push(' '),
            _ if sign.is_control() => {}
            _ => plain.push(sign),
        }
    }
    plain
}

/// What counts of a key or a token: its letters and digits, in lower case.
pub(super) fn fold(text: &str) -> String {
    text.chars()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_encodings_leave_behind_goes() {
        assert_eq!(plain("\u{feff}a\r\nb\r\r\nc\rd"), "a\nb\nc\nd");
        assert_eq!(plain("ÿþN\0a\0m\0e\0"), "Name");
        assert_eq!(plain("Nom\u{a0}:\u{202f}7\u{200e}\u{7}"), "Nom : 7");
    }

    #[test]
    fn keys_compare_by_letters_and_digits() {
        assert_eq!(fold("ServicePack Build "), fold("servicepack_build"));
        assert_eq!(fold("Größe"), "größe");
    }
}
