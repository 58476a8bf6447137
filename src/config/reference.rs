//! Every setting on one page, in Markdown.

use super::Key;

const HEAD: &str = "\
# Settings

Every setting, by each of its names. A flag wins over a variable of the environment, a variable over the file (`--config PATH`, or
`reimage-rights/config.toml` in the platform's configuration folder), the file over the default. An unknown name is refused, and the nearest is
named. `reimage-rights config show` prints what is in force and where it is from, `config check` whether a server would start with it.

This page is written by `reimage-rights config reference`.
";

/// The page.
#[must_use]
pub fn reference() -> String {
    let entries = Key::ALL.map(entry);
    format!("{HEAD}{}", entries.concat())
}

fn entry(key: Key) -> String {
    let default = match key.default() {
        "" => "not set".to_owned(),
        words if words.contains(' ') => words.to_owned(),
        value => format!("`{value}`"),
    };
    let flag = match key {
        // Others on the machine can read what a command was given.
        Key::Token => "no flag".to_owned(),
        _ => format!("`{}`", key.flag()),
    };
    format!(
        "\n## `{name}`\n\n{purpose}.\n\n- flag: {flag}, variable: `{variable}`\n- default: {default}\n- write: {right}\n",
        name = key.name(),
        purpose = capitalized(key.purpose()),
        variable = key.variable(),
        right = key.right(),
    )
}

fn capitalized(text: &str) -> String {
    let mut signs = text.chars();
    signs
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_in_the_documents_is_the_one_that_is_printed() {
        let kept = std::fs::read_to_string("docs/settings.md").unwrap();
        assert!(
            kept == reference(),
            "write it again: cargo run -- config reference > docs/settings.md"
        );
    }
}
