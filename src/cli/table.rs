//! Tables: drawn for a terminal, tab-separated for a program.

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};

use super::text::harmless;

/// One field of a table, with a color that only a terminal shows.
pub(super) struct Field {
    text: String,
    color: Option<Color>,
}

impl Field {
    /// A plain field.
    pub(super) fn plain(text: impl AsRef<str>) -> Self {
        Self {
            text: harmless(text.as_ref()),
            color: None,
        }
    }

    /// A field of two lines, for drawn tables.
    pub(super) fn stacked(upper: impl AsRef<str>, lower: impl AsRef<str>) -> Self {
        let (upper, lower) = (harmless(upper.as_ref()), harmless(lower.as_ref()));
        Self {
            text: upper + "\n" + &lower,
            color: None,
        }
    }

    /// The same field in a color.
    pub(super) fn in_color(self, color: Color) -> Self {
        Self {
            color: Some(color),
            ..self
        }
    }
}

/// The table as tab-separated lines, one per row, for a program.
pub(super) fn separated<const N: usize>(header: [&str; N], rows: &[[Field; N]]) -> String {
    header.join("\t") + "\n" + &lines(rows)
}

/// The rows alone, as tab-separated lines.
pub(super) fn lines<const N: usize>(rows: &[[Field; N]]) -> String {
    let line = |row: &[Field; N]| row.each_ref().map(|field| field.text.as_str()).join("\t") + "\n";
    rows.iter().map(line).collect()
}

/// The table drawn for a terminal of `width` columns; the column at index `whole` is never broken.
pub(super) fn drawn<const N: usize>(
    header: [&str; N],
    rows: Vec<[Field; N]>,
    width: usize,
    whole: Option<usize>,
) -> String {
    let mut table = Table::new();
    table
        .load_style(TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .enforce_styling()
        .set_header(header.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    for row in rows {
        table.add_row(row.map(|field| {
            let cell = Cell::new(field.text);
            match field.color {
                Some(color) => cell.fg(color),
                None => cell,
            }
        }));
    }
    if let Some(column) = whole.and_then(|index| table.column_mut(index)) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.trim_fmt() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> [Field; 2] {
        [Field::plain("PC\t1"), Field::plain("permitted").in_color(Color::Green)]
    }

    #[test]
    fn a_program_gets_one_line_per_row_whatever_a_field_holds() {
        assert_eq!(
            separated(["device", "verdict"], &[row()]),
            "device\tverdict\nPC\\t1\tpermitted\n"
        );
    }

    #[test]
    fn a_terminal_gets_a_table_of_its_width() {
        let text = drawn(["device", "verdict"], vec![row()], 24, Some(1));
        let shown = anstream::adapter::strip_str(&text).to_string();
        assert!(shown.lines().all(|line| line.chars().count() <= 24), "{shown}");
        assert!(shown.contains("verdict") && shown.contains("permitted"), "{shown}");
    }
}
