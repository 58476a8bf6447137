//! `docs/facts.md` is what the tables say.

use std::fs;

use reimage_rights::report::facts_page;

const PAGE: &str = "docs/facts.md";

#[test]
fn the_page_of_facts_says_what_the_tables_say() {
    let page = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(
        page == facts_page(),
        "{PAGE} is not up to date: `cargo test --test it write_facts_page -- --ignored` writes it"
    );
}

#[test]
#[ignore = "writes into the source tree"]
fn write_facts_page() {
    fs::write(PAGE, facts_page()).unwrap();
}
