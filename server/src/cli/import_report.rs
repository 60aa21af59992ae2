//! Report of an import, for the terminal.

use std::collections::BTreeMap;

use gazette_domain::ImportRecord;

use super::output::print_line;
use crate::import::{Refused, Report};

/// The number of stories with one note that are named.
const MAX_NAMED: usize = 5;
/// The number of lines of one kind.
const MAX_LINES: usize = 1_000;

/// Prints what was not imported, what could not be used, and the counts.
pub(super) fn print_report(report: &Report, record: Option<&ImportRecord>) {
    let line =
        |what: &str, refused: &Refused| format!("{what} {}: {}", refused.key, refused.reason);
    print_lines(report.passed_over.iter().map(|passed| line("passed over", passed)), 0);
    print_lines(notes(report).into_iter(), report.more_notes);
    let kept = report.kept.iter();
    print_lines(kept.map(|key| format!("kept {key}: changed here since it was imported")), 0);
    print_lines(report.refused.iter().map(|refused| line("refused", refused)), 0);
    for (kind, stories) in &report.leftovers {
        print_line(format_args!(
            "{} {kind}",
            counted(*stories, "story still holds", "stories still hold")
        ));
    }
    if report.missing_pictures > 0 {
        let missing = report.missing_pictures;
        let one = "picture was not brought in";
        print_line(counted(missing, one, "pictures were not brought in"));
    }
    if let Some(record) = record {
        let number = record.number;
        print_line(format_args!("import number {number}; --undo {number} takes it back"));
    }
    print_line(report.counts());
}

/// Prints the first lines and the number of the others, `more` included.
fn print_lines(mut lines: impl ExactSizeIterator<Item = String>, more: usize) {
    let count = lines.len();
    lines.by_ref().take(MAX_LINES).for_each(print_line);
    let more = count.saturating_sub(MAX_LINES) + more;
    if more > 0 {
        print_line(format_args!("and {more} more"));
    }
}

/// Describes what could not be used: a line for each story, or one for many with the same note.
fn notes(report: &Report) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, note) in &report.notes {
        *counts.entry(note).or_default() += 1;
    }
    let mut lines = Vec::new();
    for (key, note) in &report.notes {
        match counts.get(note.as_str()) {
            Some(0) => {}
            Some(count) if *count > MAX_NAMED => {
                lines.push(format!("note: {note} ({count} stories)"));
                counts.insert(note, 0);
            }
            _ => lines.push(format!("note {key}: {note}")),
        }
    }
    lines
}

/// Returns a number with its words.
pub(super) fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
