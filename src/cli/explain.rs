//! `explain`

use clap::Args;

use super::{
    Ending, Failure, Screen,
    condition_page::{ConditionPage, conditions},
    text::{self, harmless},
};
use crate::domain::nearest;

/// Explain a condition: what it decides, where the brief says so, how it can come out
///
/// Without a condition: all of them, one per line.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights explain
  reimage-rights explain same-language

Exit codes:
  0  explained
  2  no such condition, bad usage")]
pub(super) struct ExplainArgs {
    /// Code of the condition, as `check` prints it
    #[arg(value_name = "CONDITION")]
    condition: Option<String>,
}

impl ExplainArgs {
    /// Prints the page of the condition, or the list.
    pub(super) fn run(&self, screen: &mut Screen) -> Result<Ending, Failure> {
        self.answer(&conditions(), screen)
    }

    fn answer(&self, pages: &[ConditionPage], screen: &mut Screen) -> Result<Ending, Failure> {
        let text = match &self.condition {
            None => text::condition_list(pages, screen.width()),
            Some(code) => {
                let page = pages.iter().find(|page| page.code.eq_ignore_ascii_case(code));
                text::condition(page.ok_or_else(|| unknown(code, pages))?, screen.width())
            }
        };
        let _ = screen.print(&text)?;
        Ok(Ending::Good)
    }
}

fn unknown(code: &str, pages: &[ConditionPage]) -> Failure {
    let cure = nearest(code, pages.iter().map(|page| page.code)).map_or_else(
        || "`reimage-rights explain` lists them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Failure::BadInput(format!("there is no condition `{}`; {cure}", harmless(code)))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::cli::testing::language_page;

    fn answer(condition: &str) -> Result<Ending, String> {
        let args = ExplainArgs {
            condition: Some(condition.to_owned()),
        };
        let mut screen = Screen::new(io::sink(), io::sink(), None);
        args.answer(&[language_page()], &mut screen)
            .map_err(|failure| failure.words().to_owned())
    }

    #[test]
    fn a_known_condition_is_explained_in_any_letter_case() {
        assert_eq!(answer("Same-Language"), Ok(Ending::Good));
    }

    #[test]
    fn an_unknown_condition_names_the_nearest() {
        assert_eq!(
            answer("same-langauge").unwrap_err(),
            "there is no condition `same-langauge`; did you mean `same-language`?"
        );
        assert!(
            answer("zebra")
                .unwrap_err()
                .contains("`reimage-rights explain` lists them")
        );
    }
}
