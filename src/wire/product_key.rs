//! Product keys are secrets: a request that holds one is refused, and the key is neither logged nor stored.

/// Signs of a key, the joints between its groups left out.
const KEY_LEN: usize = 25;
/// Signs of a key with a hyphen at each joint.
const HYPHENATED_LEN: usize = 29;

/// Whether a text holds what looks like a full product key: five groups of five signs.
///
/// Groups joined by single hyphens may hold any letters and digits. Groups of nothing but the signs of keys count however they are
/// joined, and wherever they stand; joined by nothing at all they count when they stand alone.
#[must_use]
pub fn holds_product_key(text: &str) -> bool {
    if text.len() < KEY_LEN {
        return false;
    }
    let signs: Vec<char> = text.chars().collect();
    (0..signs.len()).any(|start| {
        let rest = signs.get(start..).unwrap_or_default();
        let inside_word = start
            .checked_sub(1)
            .and_then(|before| signs.get(before))
            .is_some_and(char::is_ascii_alphanumeric);
        is_hyphenated(rest, inside_word) || is_key_signs(rest, inside_word)
    })
}

/// Whether what a tool printed holds one: what was UTF-16 once may still hold a zero between any two signs.
#[must_use]
pub fn holds_printed_product_key(text: &str) -> bool {
    holds_product_key(text) || (text.contains('\0') && holds_product_key(&text.replace('\0', "")))
}

fn is_hyphenated(rest: &[char], inside_word: bool) -> bool {
    let is_hyphen = |sign: &char| matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let ends = !rest.get(HYPHENATED_LEN).is_some_and(char::is_ascii_alphanumeric);
    let fits = |(position, sign): (usize, &char)| {
        if position % 6 == 5 {
            is_hyphen(sign)
        } else {
            sign.is_ascii_alphanumeric()
        }
    };
    let key = rest.get(..HYPHENATED_LEN);
    !inside_word && ends && key.is_some_and(|key| key.iter().enumerate().all(fits))
}

fn is_key_signs(mut rest: &[char], inside_word: bool) -> bool {
    let (mut joined, mut apart) = (true, true);
    for group in 0..5 {
        let (five, behind) = rest.split_at_checked(5).unwrap_or_default();
        if five.len() < 5 || !five.iter().copied().all(is_key_sign) {
            return false;
        }
        rest = behind;
        if group < 4 {
            let joint = behind.iter().take_while(|sign| !sign.is_alphanumeric()).count();
            rest = behind.get(joint..).unwrap_or_default();
            joined &= joint == 0;
            apart &= (1..=3).contains(&joint);
        }
    }
    let alone = !inside_word && !rest.first().is_some_and(char::is_ascii_alphanumeric);
    apart || (alone && joined)
}

/// Product keys are made of these; no vowels, so that words are not taken for keys.
fn is_key_sign(sign: char) -> bool {
    matches!(
        sign.to_ascii_uppercase(),
        'B'..='D' | 'F'..='H' | 'J'..='N' | 'P'..='R' | 'T' | 'V'..='Y' | '2'..='4' | '6'..='9'
    )
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
            "keyBBBBB-BBBBB-BBBBB-BBBBB-BBBBB",
            "BBBBB-BBBBB-BBBBB-BBBBB-BBBBBx",
            "BBBBB - CCCCC - DDDDD - FFFFF - GGGGG",
            "BBBBBCCCCCDDDDDFFFFFGGGGG",
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
