//! How many there are of something, in words.

/// A count and its noun, in the singular where there is one: `1 decision`, `12 decisions`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_none_is_not() {
        let told = [0, 1, 2].map(|count| counted(count, "decision"));
        assert_eq!(told, ["0 decisions", "1 decision", "2 decisions"]);
    }
}
