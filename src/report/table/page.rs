//! The tables as a page to read.

use std::fmt::Write as _;

use toml::{Table, Value};

use super::load::{FILES, KEY_FILES};
use crate::domain::LANGUAGE_IDS;

const HEAD: &str = "\
# Facts, as tools report them

Which values of which tools are read, what they are taken to mean, and how well that is known: `seen` was read in a public
source, `recalled` was not checked by anybody. This page is generated from the tables under `src/report/data/` and from the
language ids in `src/domain/language_id.rs`. After a change there:

```
cargo test --test it write_facts_page -- --ignored
```

What no table translates stays unknown. Two values that contradict each other leave their field unknown, too. An edition id, a number of an
edition or a kernel that no row knows is of nothing that could be stated by a name that is known here, so it contradicts that.

## How a report counts

In a request, reports stand in `device.licenses[].reports` and in `image.reports`. Each holds the `tool` and its named `values`, its `text` as it was
printed, or both: at most 8 reports on one thing, 128 values of 1 KiB and 16 KiB of text in each. Product keys and `DigitalProductId` are
refused.

Text is read in whichever form it is printed: lines of `Key=value` or `Key : value`, as `wmic ... /value` and `| Format-List` print them, the
table and the CSV of `wmic`, CSV of PowerShell, `reg query` and exported keys, INI files, JSON and XML. Tables of PowerShell (`| Format-Table`) cut values
short and are not read. Of a report without any key that its tool is known for, `resolved.notes` says that it could not be read; it decides nothing.

- What is stated stands; a report fills in what is not. Where they contradict, or two reports do, the fact is unknown, and the finding
  `report-conflict` names both values if a condition misses it.
- Evidence about the **license** itself counts for it: the description of the key in the firmware, the marker of an OEM, a record of licenses. A marker
  (SLIC) is that of Windows Vista (`0x20000`), or of Vista or 7, and tells the channel of a license for these only: a device keeps it whatever is bought later.
- What is said of a **running copy** counts for a license only where the copy runs in the license's own channel, OEM or retail. A copy in a volume channel
  shows what was deployed, not what was bought. It never tells the channel, nor that a license is for several languages, nor version, edition and
  language where it may be Windows 8.1, 10 or 11, which were given free to devices with an earlier one.
- Nor does it tell these where the device was **sold with a later Windows**, and with the earlier one installed by the right to it: where the firmware holds a
  key (8 and later) or a marker (Vista and later, Server 2008 and later; from `0x20002` on Server 2012 and later) of later versions only than the one that runs,
  and where what runs is what is stated to be `preinstalled`, an earlier version than the stated product's.
- Reports that tell of Windows and of other software count for a license only if its family is stated.
- What is said of an **image** counts for its products, and so does a running copy on the device it was captured from, but not what ConfigMgr and MDT say of
  the device that they run on. Media only contradict: what they tell of themselves makes no stated source true. For Office, the channel
  of a key tells the media, too, but for volume keys, which can be entered into a copy from others.
- A program in an image that no table names is a product more, or may be a stated one that the same report does not tell: then that one's edition is unknown.
  What comes with others or free of charge, as language packs and viewers do, is none, and of other makers' programs in an inventory nothing is known here.
- A *hint* can contradict and settles nothing: a name that somebody gave to an image, a firmware key that fits two versions,
  an id that is one of several editions.

`resolved.notes` of a decision says of each such fact on whose word it counts, or why it does not.
";

/// The page, in Markdown.
#[must_use]
pub fn facts_page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n## Keys\n");
    for (file, text) in KEY_FILES {
        section(&mut page, file.trim_start_matches("keys/"), text);
    }
    page.push_str("\n## Values\n");
    for (file, text) in FILES {
        section(&mut page, file, text);
    }
    language_ids(&mut page);
    page
}

/// The ids of languages, which requests may state, too.
fn language_ids(page: &mut String) {
    page.push_str("\n### lcid\n\nLanguage ids of Windows and Office, as numbers; Office writes them in hexadecimal. All are `seen`.\n");
    page.push_str("\n| hexadecimal | decimal | language |\n| --- | --- | --- |\n");
    for (id, tag) in LANGUAGE_IDS {
        let _ = writeln!(page, "| 0x{id:04x} | {id} | {tag} |");
    }
}

fn section(page: &mut String, title: &str, text: &str) {
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    let intro: Vec<&str> = comments.map(|line| line.trim_start_matches(['#', ' '])).collect();
    let _ = writeln!(page, "\n### {title}\n\n{}", escaped(&intro.join("\n")));
    let Ok(file) = text.parse::<Table>() else { return };
    if let Some(about) = file.get("about").and_then(Value::as_str) {
        let _ = writeln!(
            page,
            "\nAbout the {} where nothing else is said.",
            about.replace('-', " ")
        );
    }
    let commands = file.get("printed_by").and_then(Value::as_array).into_iter().flatten();
    let commands: Vec<String> = commands
        .filter_map(Value::as_str)
        .map(|command| format!("`{command}`"))
        .collect();
    if !commands.is_empty() {
        let _ = writeln!(page, "\nPrinted by {}.", commands.join(", "));
    }
    let mut arrays: Vec<(&String, &Vec<Value>)> = file
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_array()?)))
        .filter(|(_, rows)| rows.iter().all(Value::is_table))
        .collect();
    arrays.sort_by_key(|(name, _)| text.find(&format!("\n{name} = [")));
    for (_, rows) in arrays {
        table(page, rows, text);
    }
}

fn table(page: &mut String, rows: &[Value], text: &str) {
    let rows: Vec<&Table> = rows.iter().filter_map(Value::as_table).collect();
    let mut columns: Vec<&str> = rows.iter().flat_map(|row| row.keys().map(String::as_str)).collect();
    columns.sort_unstable_by_key(|column| (rank(column), text.find(&format!("{column} = ")), *column));
    columns.dedup();
    let _ = writeln!(page, "\n| {} |", columns.join(" | "));
    let _ = writeln!(page, "|{}", " --- |".repeat(columns.len()));
    for row in rows {
        let cells: Vec<String> = columns.iter().map(|column| cell(column, row.get(*column))).collect();
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
}

/// Columns that come last, in that order.
fn rank(column: &str) -> u8 {
    match column {
        "about" => 1,
        "source" => 2,
        "why" => 3,
        "needed" => 4,
        "note" => 5,
        _ => 0,
    }
}

fn cell(column: &str, value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => escaped(text),
        Some(Value::Array(values)) => {
            let texts: Vec<String> = values.iter().map(|value| cell(column, Some(value))).collect();
            texts.join(if column == "builds" { " to " } else { ", " })
        }
        Some(value) => value.to_string(),
    }
}

/// Text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    if text.contains('`') {
        return text.replace('|', "\\|");
    }
    text.replace('|', "\\|")
        .replace('<', "\\<")
        .replace('*', "\\*")
        .replace('_', "\\_")
}
