//! Product keys are secrets: a request that holds one is refused, and the key is neither logged nor stored.

/// Signs that product keys are made of; no vowels, so that words are not taken for keys.
const KEY_SIGNS: &str = "BCDFGHJKLMNPQRTVWXY2346789";

/// Whether a text holds what looks like a full product key: five groups of five signs.
///
/// Groups joined by hyphens may hold any letters and digits; groups joined by spaces or other signs only those of keys.
#[must_use]
pub fn holds_product_key(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    (0..signs.len()).any(|start| starts_key(&signs, start))
}

fn starts_key(signs: &[char], start: usize) -> bool {
    let at = |offset: usize| start.checked_add(offset).and_then(|index| signs.get(index)).copied();
    let inside_word = start
        .checked_sub(1)
        .and_then(|before| signs.get(before))
        .is_some_and(char::is_ascii_alphanumeric);
    if inside_word || at(29).is_some_and(|after| after.is_ascii_alphanumeric()) {
        return false;
    }
    let mut hyphens_only = true;
    let mut key_signs_only = true;
    for offset in 0..29 {
        let Some(sign) = at(offset) else { return false };
        let is_separator = offset % 6 == 5;
        if is_separator == sign.is_ascii_alphanumeric() {
            return false;
        }
        if is_separator {
            hyphens_only &= matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        } else {
            key_signs_only &= KEY_SIGNS.contains(sign.to_ascii_uppercase());
        }
    }
    hyphens_only || key_signs_only
}

#[cfg(test)]
mod tests {
    use super::holds_product_key;

    #[test]
    fn five_groups_of_five_look_like_a_key() {
        for text in [
            "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
            "key: abcde-12345-fghij-67890-klmno.",
            "BBBBB CCCCC DDDDD FFFFF GGGGG",
            "22222\u{2013}33333\u{2013}44444\u{2013}66666\u{2013}77777",
        ] {
            assert!(holds_product_key(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_passes() {
        for text in [
            "0190b2c4-7d1e-7a3b-9c5d-1234567890ab",
            "these words might match again",
            "AAAAA-BBBBB-CCCCC-DDDDD",
            "AAAAA-BBBBB-CCCCC-DDDDD-EEEEEE",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "XXXXX-*****-*****-*****-*****",
        ] {
            assert!(!holds_product_key(text), "{text}");
        }
    }
}
