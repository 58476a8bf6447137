//! `facts`

mod json;
mod layout;

use clap::Args;

use super::{Ending, Failure, Screen, client, report_file, text::harmless};
use crate::{
    catalogue::Catalogue,
    report::{Report, Tool, printed_by, read},
};

/// Show which facts a tool's report maps to
///
/// Takes what a tool printed, as it printed it, and shows every fact that follows, the values it follows from, and what says
/// nothing here and why. Asks no service and records nothing. Facts marked as recalled were not checked: verify them.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights facts image.txt --tool dism
  slmgr.vbs /dlv | reimage-rights facts - --tool slmgr
  reimage-rights facts install.xml --tool wim-xml --value index=2 --json | jq '.described[].product'

JSON:
  --json prints an object for each thing described: its product and channel as in a request, and what runs beside it.

Exit codes:
  0  shown, whatever it maps to
  1  failed
  2  bad input or usage, also a report in which there is nothing of the tool")]
pub(super) struct FactsArgs {
    /// File that holds the report; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The tool that printed it
    #[arg(long, value_name = "TOOL", value_parser = tools())]
    tool: Tool,
    /// A further value by the name that the tool gives it, such as index=2; may be repeated
    #[arg(long = "value", value_name = "NAME=VALUE", value_parser = report_file::value)]
    values: Vec<(String, String)>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The names of the tools, which completions list.
fn tools() -> impl clap::builder::TypedValueParser<Value = Tool> {
    use clap::builder::{PossibleValuesParser, TypedValueParser as _};
    PossibleValuesParser::new(Tool::ALL.map(Tool::as_str)).try_map(|name| Tool::parse(&name).ok_or("no such tool"))
}

impl FactsArgs {
    /// Reads the report and prints what it maps to.
    pub(super) fn run(&self, screen: &mut Screen) -> Result<Ending, Failure> {
        let text = report_file::read(&self.file)?;
        self.answer(text, screen)
    }

    fn answer(&self, text: String, screen: &mut Screen) -> Result<Ending, Failure> {
        let report = Report {
            tool: self.tool,
            values: self.values.iter().cloned().collect(),
            text,
        };
        report_file::refuse_product_keys(&report)?;
        let catalogue = Catalogue::embedded();
        let reading = read(&report, catalogue);
        if reading.described.is_empty() && reading.unmapped.is_empty() {
            let command =
                printed_by(self.tool).map_or_else(String::new, |command| format!(", as `{command}` prints them"));
            return Err(Failure::BadInput(format!(
                "`{}` holds nothing that `{tool}` reports; give lines of `Key=value` or `Key : value`, a table or CSV of wmic, JSON or XML{command}: docs/facts.md has the keys, under `{tool}`",
                harmless(&self.file),
                tool = self.tool.as_str(),
            )));
        }
        let text = if self.json {
            client::json(&json::reading(&reading, catalogue))?
        } else {
            layout::reading(&reading, catalogue, screen.width())
        };
        let _ = screen.print(&text)?;
        Ok(Ending::Good)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write as _};

    use crate::cli::testing::{Told, tell};

    const IMAGE: &str = "tests/reports/dism/windows-7-english.txt";
    const DEVICE: &str = "tests/reports/wmi/windows-11-reimaged.json";

    fn tell_of(tool: &str, text: &str, further: &[&str], width: Option<usize>) -> Told {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let path = file.path().to_str().unwrap();
        tell(&[&["facts", path, "--tool", tool], further].concat(), width)
    }

    #[test]
    fn a_terminal_gets_the_facts_and_what_they_come_from() {
        let told = tell(&["facts", DEVICE, "--tool", "wmi"], Some(110));
        assert!(told.out.lines().all(|line| line.chars().count() <= 110), "{}", told.out);
        insta::assert_snapshot!(told.out);
    }

    #[test]
    fn a_program_gets_one_line_per_fact() {
        insta::assert_snapshot!(tell(&["facts", IMAGE, "--tool", "dism"], None).out);
    }

    #[test]
    fn json_holds_products_and_channels_as_on_the_wire() {
        insta::assert_snapshot!(tell(&["facts", DEVICE, "--tool", "wmi", "--json"], None).out);
    }

    #[test]
    fn what_contradicts_itself_is_shown_as_unknown() {
        let text = "Edition : Professional\nEditionId : Ultimate\nArchitecture : PDP-11";
        insta::assert_snapshot!(tell_of("dism", text, &[], None).out);
        let json = tell_of("dism", text, &["--json"], None).out;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            json["described"][0]["product"],
            serde_json::json!({ "family": "Windows" })
        );
        assert_eq!(json["described"][0]["conflicts"][0]["field"], "product.edition");
        assert_eq!(json["unmapped"][0]["key"], "Architecture");
    }

    #[test]
    fn a_value_beside_the_text_picks_an_image() {
        let list = fs::read_to_string("tests/reports/wim-xml/windows-7.xml").unwrap();
        let told = tell_of("wim-xml", &list, &["--value", "index=2", "--json"], None);
        assert!(
            told.out.contains("Professional") && !told.out.contains("Home Premium"),
            "{}",
            told.out
        );
    }

    #[test]
    fn a_report_without_facts_says_so() {
        let told = tell_of("dism", "Architecture : PDP-11", &[], Some(80));
        assert_eq!(told.code, 0, "{}", told.err);
        assert!(told.out.starts_with("The report maps to no fact.\n"), "{}", told.out);
    }

    #[test]
    fn a_report_with_nothing_of_the_tool_is_bad_input() {
        for (tool, text) in [
            ("dism", ""),
            ("wmi", "[]"),
            ("wmi", "{}"),
            ("slmgr", "no such command\n"),
        ] {
            let told = tell_of(tool, text, &["--json"], None);
            assert_eq!((told.code, told.out.as_str()), (2, ""), "{text}");
            assert!(
                told.err.contains(&format!("holds nothing that `{tool}` reports")),
                "{}",
                told.err
            );
        }
        let told = tell_of("wmi", "", &[], None);
        assert!(told.err.contains("as `wmic os get /value` prints them"), "{}", told.err);
    }

    #[test]
    fn a_report_with_a_product_key_is_refused_and_not_shown() {
        let key = ["BBBBB"; 5].join("-");
        let interleaved: String = key.chars().flat_map(|sign| [sign, '\0']).collect();
        for text in [format!("ProductKey={key}"), interleaved] {
            let told = tell_of("mdt", &text, &[], None);
            assert_eq!((told.code, told.out.as_str()), (2, ""));
            assert!(
                told.err.contains("full product key") && !told.err.contains("BBBBB"),
                "{}",
                told.err
            );
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_bad_input() {
        let told = tell(&["facts", "no-such-file", "--tool", "dism"], None);
        assert_eq!(told.code, 2);
        assert!(told.err.contains("`no-such-file` cannot be read"), "{}", told.err);
    }
}
