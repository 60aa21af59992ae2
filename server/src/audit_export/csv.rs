//! Records as comma-separated values (RFC 4180).

use gazette_domain::AuditRecord;
use jiff::tz::TimeZone;

use crate::audit_export::time::time;

const COLUMNS: [&str; 15] = [
    "time",
    "person",
    "person_id",
    "act",
    "story",
    "headline",
    "version_before",
    "version_after",
    "removal_reason",
    "permission",
    "request_id",
    "day",
    "number",
    "previous",
    "hash",
];

/// Returns the line with the names of the columns.
pub(super) fn header() -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    text
}

/// Writes a record as one row.
pub(super) fn write(text: &mut String, record: &AuditRecord, zone: &TimeZone) {
    let event = &record.event;
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let cells: [String; COLUMNS.len()] = [
        time(record, zone),
        event.by.name.clone(),
        event.by.sub.clone().unwrap_or_default(),
        event.action.as_str().to_owned(),
        event.story.map(|story| story.to_string()).unwrap_or_default(),
        event.headline.clone(),
        number(event.version_before),
        number(event.version_after),
        event.removal_reason.clone().unwrap_or_default(),
        event.by.reason.clone(),
        event.by.request_id.clone().unwrap_or_default(),
        event.at.strftime("%Y-%m-%d").to_string(),
        record.number.to_string(),
        record.previous.clone(),
        record.hash.clone(),
    ];
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_cell(text, cell);
    }
    text.push_str("\r\n");
}

/// Writes a cell in quotes. One that a spreadsheet would take for a formula begins with an
/// apostrophe instead.
fn write_cell(text: &mut String, cell: &str) {
    text.push('"');
    if is_formula(cell) {
        text.push('\'');
    }
    for character in cell.chars() {
        if character == '"' {
            text.push('"');
        }
        text.push(character);
    }
    text.push('"');
}

/// Checks whether a spreadsheet may calculate a cell, also one with full-width signs.
fn is_formula(cell: &str) -> bool {
    cell.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell(text: &str) -> String {
        let mut written = String::new();
        write_cell(&mut written, text);
        written
    }

    #[test]
    fn a_cell_is_quoted_and_never_a_formula() {
        assert_eq!(cell("Rivers rise"), r#""Rivers rise""#);
        assert_eq!(cell(r#"A "word", and another"#), r#""A ""word"", and another""#);
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\u{ff1d}1"] {
            assert_eq!(cell(text), format!("\"'{text}\""));
        }
        assert_eq!(cell(""), r#""""#);
    }

    proptest! {
        #[test]
        fn a_cell_is_read_as_it_was_written(text in "(?s).{0,40}") {
            let written = cell(&text);
            let inner = &written[1..written.len() - 1];
            prop_assert_eq!(inner.matches('"').count() % 2, 0);
            let read = inner.replace("\"\"", "\"");
            let read = if is_formula(&text) { &read[1..] } else { &read };
            prop_assert_eq!(read, text);
        }
    }
}
