//! Columns with the names of the keys above them: what `wmic` prints unless it is told otherwise, and CSV.
//!
//! Where columns begin is told by the names above them. In a table that lost some of its spaces on the way, where a value reaches into the next
//! column, two spaces part the values, if there is one for each name; else the line has no keys, and says nothing. So has a line of CSV with more or fewer values than names, since `wmic` parts values by commas
//! whether there are commas in them or not.

use super::{RECORD_COUNT_MAX, Record};

/// What `wmic` puts before the values of each line of CSV: the name of the device.
const NODE: &str = "Node";

/// Records of the blocks that are tables, and the rest of the text. A block is one when a name above it is a key.
pub(super) fn read(text: &str, is_key: &impl Fn(&str) -> bool) -> (Vec<Record>, String) {
    let mut records = Vec::new();
    let mut rest = String::with_capacity(text.len());
    let lines: Vec<&str> = text.lines().collect();
    for block in lines.split(|line| line.trim().is_empty()) {
        let block = match block {
            [first, lines @ ..] if first.starts_with("#TYPE ") => lines,
            _ => block,
        };
        let table = block.split_first().and_then(|(names, rows)| {
            let head = Head::parse(names).filter(|head| head.keys().any(is_key))?;
            (!rows.is_empty() && !rows.iter().any(|row| is_ruler(row))).then_some((head, rows))
        });
        match table {
            Some((head, rows)) if records.len() < RECORD_COUNT_MAX => {
                records.extend(rows.iter().map(|row| head.record(row)));
            }
            _ => {
                rest.extend(block.iter().flat_map(|line| [*line, "\n"]));
                rest.push('\n');
            }
        }
    }
    (records, rest)
}

/// A line of dashes stands in tables of PowerShell, which cut values short.
fn is_ruler(line: &str) -> bool {
    let mut signs = line.chars().filter(|sign| !sign.is_whitespace()).peekable();
    signs.peek().is_some() && signs.all(|sign| sign == '-')
}

/// The names above the columns.
enum Head<'t> {
    /// In CSV.
    Commas(Vec<String>),
    /// With the place at which each column begins, in signs.
    Places(Vec<(usize, &'t str)>),
}

impl<'t> Head<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let line = line.trim_end();
        if line.contains(',') || line.starts_with('"') {
            let names = cells(line);
            return names.iter().all(|name| is_name(name)).then_some(Self::Commas(names));
        }
        let mut places = Vec::new();
        let mut at: usize = 0;
        for part in line.split("  ") {
            let name = part.trim_start();
            let indent = part.chars().count().saturating_sub(name.chars().count());
            if !name.is_empty() {
                places.push((at.saturating_add(indent), name));
            }
            at = at.saturating_add(part.chars().count()).saturating_add(2);
        }
        let are_names = !places.is_empty() && places.iter().all(|(_, name)| is_name(name));
        are_names.then_some(Self::Places(places))
    }

    fn keys(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Commas(names) => Box::new(names.iter().map(String::as_str)),
            Self::Places(places) => Box::new(places.iter().map(|(_, name)| *name)),
        }
    }

    fn record(&self, row: &str) -> Record {
        let mut record = Record::default();
        let values = match self {
            Self::Commas(names) => Some(cells(row)).filter(|values| values.len() == names.len()),
            Self::Places(places) => placed(row, places).or_else(|| parted(row, places.len())),
        };
        match values {
            Some(values) => {
                let pairs = self.keys().zip(&values).filter(|(key, _)| *key != NODE);
                pairs.for_each(|(key, value)| record.push(key, value));
            }
            None => record.push("", row),
        }
        record
    }
}

/// The values below the names; `None` where one reaches into the next column.
fn placed(row: &str, places: &[(usize, &str)]) -> Option<Vec<String>> {
    let signs: Vec<char> = row.chars().collect();
    let starts = places.iter().map(|(start, _)| *start);
    let ends = starts.clone().skip(1).chain(std::iter::once(usize::MAX));
    starts
        .zip(ends)
        .map(|(start, end)| {
            let before = start.checked_sub(1).and_then(|before| signs.get(before));
            let is_apart = before.is_none_or(|sign| sign.is_whitespace());
            let column = signs.get(start..end.min(signs.len())).unwrap_or_default();
            is_apart.then(|| column.iter().collect())
        })
        .collect()
}

/// The values between which there are two spaces or more, if there are as many as names.
fn parted(row: &str, count: usize) -> Option<Vec<String>> {
    let parts = row.split("  ").map(str::trim).filter(|part| !part.is_empty());
    let values: Vec<String> = parts.map(str::to_owned).collect();
    (values.len() == count).then_some(values)
}

/// The values of a line of CSV; what stands in quotes may hold commas.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for sign in line.trim().chars() {
        match sign {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            _ => cells.last_mut().into_iter().for_each(|cell| cell.push(sign)),
        }
    }
    cells
}

/// Whether it can be the name of a property.
fn is_name(text: &str) -> bool {
    let mut signs = text.chars();
    signs
        .next()
        .is_some_and(|sign| sign.is_ascii_alphabetic() || sign == '_')
        && signs.all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<String> {
        let (records, rest) = read(text, &|key| key == "Caption" || key == "Version");
        let records = records.into_iter();
        let texts = records.map(|record| {
            let pairs = record.fields.into_iter();
            pairs
                .map(|(key, value)| format!("{key}={value}"))
                .collect::<Vec<_>>()
                .join("; ")
        });
        let rest = Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty());
        texts.chain(rest.map(|rest| format!("rest: {rest}"))).collect()
    }

    #[test]
    fn values_stand_below_their_names() {
        assert_eq!(
            fields("Caption    Name  Version\nWindows 7  PC    6.1\nOther            5.2"),
            [
                "Caption=Windows 7; Name=PC; Version=6.1",
                "Caption=Other; Name=; Version=5.2"
            ]
        );
        assert_eq!(fields("Caption\nMicrosoft Windows 7"), ["Caption=Microsoft Windows 7"]);
    }

    #[test]
    fn a_value_that_reaches_into_the_next_column_is_none() {
        assert_eq!(
            fields("Caption  Version\nMicrosoft Windows 7 6.1"),
            ["=Microsoft Windows 7 6.1"]
        );
    }

    #[test]
    fn two_spaces_part_the_values_of_a_table_that_lost_others() {
        assert_eq!(
            fields("Caption  Version\nMicrosoft Windows 7  6.1"),
            ["Caption=Microsoft Windows 7; Version=6.1"]
        );
    }

    #[test]
    fn values_stand_between_commas() {
        assert_eq!(
            fields("Node,Caption,Version\nPC,Windows 7,6.1\n\n\"Caption\",\"Name\"\n\"Windows, 7\",\"\""),
            ["Caption=Windows 7; Version=6.1", "Caption=Windows, 7; Name="]
        );
        assert_eq!(
            fields("Node,Caption,Version\nPC,Server 2003, Standard Edition,5.2"),
            ["=PC,Server 2003, Standard Edition,5.2"]
        );
    }

    #[test]
    fn what_has_no_key_above_it_is_no_table() {
        for text in [
            "Nothing  Known\na        b",
            "Caption",
            "Caption  Version\n-------  -------\nWindows  6.1",
            "Caption=Windows 7\nVersion=6.1",
            "Caption : Windows 7",
        ] {
            assert_eq!(fields(text), [format!("rest: {text}")], "{text}");
        }
    }
}
