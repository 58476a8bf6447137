//! The known word that a mistyped one was probably meant to be.

use strsim::damerau_levenshtein;

/// Most bytes of a word that may be a slip: none that is known is nearly as long, and comparing takes time and memory for each.
const WORD_LEN_MAX: usize = 128;

/// The candidate nearest to `word`, unless none is near: at most every third letter may differ. Letter case, hyphens and
/// underscores count for nothing.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > WORD_LEN_MAX {
        return None;
    }
    let key = folded(word);
    candidates
        .into_iter()
        .map(|candidate| (damerau_levenshtein(&key, &folded(candidate)), candidate))
        .filter(|(distance, candidate)| distance.saturating_mul(3) <= key.len().max(candidate.len()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace(['-', '_'], "")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        assert_eq!(nearest("lisen", ["listen", "log"]), Some("listen"));
        assert_eq!(nearest("QueueLenMax", ["queue_len_max"]), Some("queue_len_max"));
        assert_eq!(nearest("chanel", ["channel", "kind"]), Some("channel"));
    }

    #[test]
    fn a_strange_word_finds_none() {
        assert_eq!(nearest("zebra", ["listen", "log"]), None);
        assert_eq!(nearest("x", ["listen", "log"]), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), ["x"]), None);
    }
}
