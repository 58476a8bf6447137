//! Lines, in whichever of their forms.

use super::{RECORD_COUNT_MAX, Record};

/// Longest key, in bytes: what is longer is prose.
const KEY_LEN_MAX: usize = 96;

/// The records. An empty line, a section or a registry key begins one; an indented line without a key goes on with the value
/// above it.
pub(super) fn read(text: &str) -> Vec<Record> {
    let mut records = vec![Record::default()];
    for line in text.lines() {
        let section = section(line);
        let begins = section.is_some() || line.trim().is_empty();
        let is_full = records.len() >= RECORD_COUNT_MAX;
        let Some(record) = records.last_mut() else { continue };
        if !begins {
            add(record, line);
        } else if let Some(name) = section {
            if record.fields.is_empty() && !record.is_registry_key() {
                name.clone_into(&mut record.section);
            } else if !is_full {
                records.push(Record::of(name));
            }
        } else if !record.fields.is_empty() && !is_full {
            records.push(Record::default());
        }
    }
    records
}

/// "[Channel]", or a registry key.
fn section(line: &str) -> Option<&str> {
    let line = line.trim();
    let bracketed = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bracketed.or_else(|| Some(line).filter(|line| line.starts_with("HKEY_") || line.starts_with("HKLM\\")))
}

fn add(record: &mut Record, line: &str) {
    if let Some((key, value)) = exported(line).or_else(|| queried(line)).or_else(|| assigned(line)) {
        record.push(key, value);
        return;
    }
    let is_indented = line.starts_with([' ', '\t']);
    match record.fields.last_mut() {
        Some((key, value)) if is_indented && !key.is_empty() => {
            value.push(' ');
            value.push_str(line.trim());
        }
        _ => record.push("", line),
    }
}

/// `"EditionID"="Professional"`
fn exported(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().strip_prefix('"')?.split_once("\"=")?;
    let value = value
        .strip_prefix('"')
        .map_or(value, |value| value.trim_end_matches('"'));
    Some((key, value))
}

/// `    EditionID    REG_SZ    Professional`
fn queried(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once("REG_")?;
    let (kind, value) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let is_kind = !kind.is_empty() && kind.chars().all(|sign| sign.is_ascii_uppercase() || sign == '_');
    (is_kind && !key.trim().is_empty()).then_some((key, value))
}

/// `Edition : Professional`, `Caption=Microsoft Windows 7`; the full-width colon of East Asian languages counts.
fn assigned(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once([':', '=', '：'])?;
    let key = key.trim();
    (!key.is_empty() && key.len() <= KEY_LEN_MAX).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(String, String)> {
        read(text).into_iter().flat_map(|record| record.fields).collect()
    }

    fn pair(key: &str, value: &str) -> Vec<(String, String)> {
        vec![(key.to_owned(), value.to_owned())]
    }

    #[test]
    fn every_usual_form_of_a_line_is_read() {
        assert_eq!(fields("Edition : Professional"), pair("Edition", "Professional"));
        assert_eq!(fields("Caption=Windows 7 "), pair("Caption", "Windows 7"));
        assert_eq!(fields("\"EditionID\"=\"Core\""), pair("EditionID", "Core"));
        assert_eq!(fields("    EditionID    REG_SZ    Core"), pair("EditionID", "Core"));
        assert_eq!(fields("名称：Windows"), pair("名称", "Windows"));
        assert_eq!(fields("just a line"), pair("", "just a line"));
    }

    #[test]
    fn an_indented_line_goes_on_with_the_value() {
        assert_eq!(
            fields("Languages :\n\ten-US (Default)\n\tfr-FR"),
            pair("Languages", " en-US (Default) fr-FR")
        );
    }

    #[test]
    fn sections_and_empty_lines_begin_records() {
        let records = read("[Channel]\nRetail\n\n[VL]\n0\n\nA=1\n\n\nA=2");
        let sections: Vec<&str> = records.iter().map(|record| record.section.as_str()).collect();
        assert_eq!(sections, ["Channel", "VL", "", ""]);
    }
}
