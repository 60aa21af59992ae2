//! What an import did, for the terminal.

use std::collections::BTreeMap;

use gazette_domain::ImportRecord;

use super::output::print_line;
use crate::import::Report;

/// The number of stories with one note that are named.
const MAX_NAMED: usize = 5;

/// Prints what was not imported, what could not be used, and the counts.
pub(super) fn print_report(report: &Report, record: Option<&ImportRecord>) {
    for passed in &report.passed_over {
        print_line(format_args!("passed over {}: {}", passed.key, passed.reason));
    }
    print_notes(report);
    for key in &report.kept {
        print_line(format_args!("kept {key}: changed here since it was imported"));
    }
    for refused in &report.refused {
        print_line(format_args!("refused {}: {}", refused.key, refused.reason));
    }
    for (kind, stories) in &report.leftovers {
        print_line(format_args!(
            "{} {kind}",
            counted(*stories, "story still holds", "stories still hold")
        ));
    }
    if let Some(record) = record {
        let number = record.number;
        print_line(format_args!("import number {number}; --undo {number} takes it back"));
    }
    print_line(report.counts());
}

/// Prints what could not be used: a line for each story, or one for many with the same note.
fn print_notes(report: &Report) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, note) in &report.notes {
        *counts.entry(note).or_default() += 1;
    }
    for (key, note) in &report.notes {
        match counts.get(note.as_str()) {
            Some(0) => {}
            Some(count) if *count > MAX_NAMED => {
                print_line(format_args!("note: {note} ({count} stories)"));
                counts.insert(note, 0);
            }
            _ => print_line(format_args!("note {key}: {note}")),
        }
    }
}

/// Returns a number with its words.
pub(super) fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
