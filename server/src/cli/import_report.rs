//! What an import did, for the terminal.

use super::output::print_line;
use crate::import::Report;

/// Prints what was not imported, what could not be used, and the counts.
pub(super) fn print_report(report: &Report) {
    for passed in &report.passed_over {
        print_line(format_args!("passed over {}: {}", passed.key, passed.reason));
    }
    for (key, note) in &report.notes {
        print_line(format_args!("note {key}: {note}"));
    }
    for key in &report.kept {
        print_line(format_args!("kept {key}: changed here since it was imported"));
    }
    for refused in &report.refused {
        print_line(format_args!("refused {}: {}", refused.key, refused.reason));
    }
    for (kind, stories) in &report.leftovers {
        print_line(format_args!("{stories} stories still hold {kind}"));
    }
    print_line(report.counts());
}
