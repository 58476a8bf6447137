//! The known names nearest to an unknown text.
//!
//! Comparing two texts is slow beside a lookup, and there are a thousand names to compare with; so each is first given the
//! most that its letters allow, and compared only while that could still matter.

use strsim::normalized_damerau_levenshtein;

/// From this similarity on, a text is a slip rather than another name.
const NEAR_MISS_MIN: f64 = 0.8;

/// Below this similarity, a name is no help.
const HELPFUL_MIN: f64 = 0.5;

/// As many names as one reads.
const NEAREST_LEN_MAX: usize = 5;

/// The names of which the text looks like a slip, and others that resemble it, nearest first; none when it looks like no
/// slip. Each form comes with the name it stands for.
pub(super) fn near_misses<'a>(key: &str, forms: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let ranked = rank(key, forms, NEAR_MISS_MIN, |_| 0.0);
    ranked.into_iter().map(str::to_owned).collect()
}

/// The things whose forms begin with the text or resemble it, nearest first.
pub(super) fn nearest<'a, T: PartialEq>(key: &str, forms: impl Iterator<Item = (&'a str, T)>) -> Vec<T> {
    rank(
        key,
        forms,
        HELPFUL_MIN,
        |form| if form.starts_with(key) { 1.0 } else { 0.0 },
    )
}

/// The best few, or none when the best is not good enough.
fn rank<'a, T: PartialEq>(
    key: &str,
    forms: impl Iterator<Item = (&'a str, T)>,
    best_min: f64,
    bonus: impl Fn(&str) -> f64,
) -> Vec<T> {
    let letters = Letters::of(key);
    let bounded = forms.map(|(form, thing)| (bonus(form) + letters.similarity_max(&Letters::of(form)), form, thing));
    let mut candidates: Vec<_> = bounded.filter(|(most, ..)| *most >= HELPFUL_MIN).collect();
    candidates.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    let mut best = Best(Vec::with_capacity(NEAREST_LEN_MAX + 1));
    for (most, form, thing) in candidates {
        if best.rules_out(most) || most.max(best.score()) < best_min {
            break;
        }
        let score = bonus(form) + normalized_damerau_levenshtein(key, form);
        if score >= HELPFUL_MIN {
            best.add(score, thing);
        }
    }
    if best.score() < best_min {
        Vec::new()
    } else {
        best.0.into_iter().map(|(_, thing)| thing).collect()
    }
}

/// The best things so far, each once, best first.
struct Best<T>(Vec<(f64, T)>);

impl<T: PartialEq> Best<T> {
    fn score(&self) -> f64 {
        self.0.first().map_or(0.0, |(score, _)| *score)
    }

    fn rules_out(&self, score: f64) -> bool {
        self.0.len() == NEAREST_LEN_MAX && self.0.last().is_some_and(|(least, _)| score <= *least)
    }

    fn add(&mut self, score: f64, thing: T) {
        if let Some(known) = self.0.iter_mut().find(|(_, known)| *known == thing) {
            known.0 = known.0.max(score);
        } else {
            self.0.push((score, thing));
        }
        self.0.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        self.0.truncate(NEAREST_LEN_MAX);
    }
}

/// How often each letter occurs; letters may share a count.
struct Letters {
    counts: [u16; 64],
    len: u16,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self {
            counts: [0; 64],
            len: 0,
        };
        for letter in text.chars() {
            if let Some(count) = letters.counts.get_mut(letter as usize % 64) {
                *count = count.saturating_add(1);
            }
            letters.len = letters.len.saturating_add(1);
        }
        letters
    }

    /// No less than the similarity of the texts: each letter that one of them has more of costs an edit.
    fn similarity_max(&self, other: &Self) -> f64 {
        let pairs = || self.counts.iter().zip(&other.counts);
        let surplus: u32 = pairs().map(|(one, two)| u32::from(one.saturating_sub(*two))).sum();
        let missing: u32 = pairs().map(|(one, two)| u32::from(two.saturating_sub(*one))).sum();
        let len = f64::from(self.len.max(other.len).max(1));
        1.0 - f64::from(surplus.max(missing)) / len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first_and_each_name_once() {
        let forms = [
            ("professional", "P"),
            ("pro", "P"),
            ("professionalplus", "PP"),
            ("basic", "B"),
        ];
        assert_eq!(nearest("profesional", forms.into_iter()), ["P", "PP"]);
    }

    #[test]
    fn names_that_the_text_begins_come_before_names_of_its_length() {
        let forms = [("windows8core", "8"), ("windows7starter", "7 Starter")];
        assert_eq!(nearest("windows7", forms.into_iter()), ["7 Starter", "8"]);
    }

    #[test]
    fn a_slip_is_told_from_another_name() {
        let forms = || [("professional", "Professional"), ("ultimate", "Ultimate")].into_iter();
        assert_eq!(near_misses("profesional", forms()), ["Professional"]);
        assert!(near_misses("embedded", forms()).is_empty());
    }

    #[test]
    fn letters_never_allow_less_than_the_similarity() {
        let texts = [
            "",
            "windows7",
            "windosw7",
            "windows",
            "wïndöws7",
            "professionalplus",
            "8.1",
            "\u{1f5a5}\u{1f5a5}",
        ];
        for one in texts {
            for other in texts {
                let most = Letters::of(one).similarity_max(&Letters::of(other));
                assert!(most >= normalized_damerau_levenshtein(one, other), "{one} {other}");
            }
        }
    }
}
