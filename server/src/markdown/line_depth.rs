//! Cost of parsing a body, estimated before the parser runs.

use crate::markdown::error::{MAX_BODY_BYTES, RenderError};

/// Maximum sum of the depths of all lines.
///
/// The parser compares every line, blank ones too, with every open quote and list. This many
/// comparisons take about 100 ms.
const MAX_TOTAL_DEPTH: usize = 4_000_000;
/// Maximum sum of the squares of the quote marks at the start of each line.
///
/// The parser looks for an alert at each of them, and reads all that follow to do so.
const MAX_QUOTE_STEPS: usize = 50_000_000;
/// Columns to the next tab stop, at most.
const TAB_COLUMNS: usize = 4;
/// Columns that a list item takes, at least.
const ITEM_COLUMNS: usize = 2;

/// Refuses a body that is too long, or whose quotes and lists would take the parser very long.
///
/// Runs in linear time. The estimate of a line's depth is an upper bound, so that no body evades
/// it; only the sum over all lines counts, so that code and rules with many marks pass.
pub(super) fn check(markdown: &str) -> Result<(), RenderError> {
    if markdown.len() > MAX_BODY_BYTES {
        return Err(RenderError::TooLong(markdown.len()));
    }
    let (mut depth, mut total, mut after_blank) = (0_usize, 0_usize, true);
    let mut quote_steps = 0_usize;
    for line in markdown.split(['\n', '\r']) {
        if line.trim_ascii().is_empty() {
            after_blank = true;
        } else {
            let (quotes, columns) = quotes_and_columns(line);
            quote_steps = quote_steps.saturating_add(quotes * quotes);
            let own = quotes + columns.div_ceil(ITEM_COLUMNS);
            // Text directly after a paragraph may continue it in every open quote and list.
            depth = if after_blank { own } else { depth.max(own) };
            after_blank = false;
        }
        total = total.saturating_add(depth);
        if total > MAX_TOTAL_DEPTH || quote_steps > MAX_QUOTE_STEPS {
            return Err(RenderError::TooDeep);
        }
    }
    Ok(())
}

/// Returns the quote marks and the columns before the text of a line. Both bound the quotes and
/// lists that it is part of.
fn quotes_and_columns(line: &str) -> (usize, usize) {
    let (mut columns, mut quotes) = (0_usize, 0);
    for byte in line.bytes() {
        match byte {
            b'>' => quotes += 1,
            b'\t' => columns += TAB_COLUMNS,
            b' ' | b'-' | b'+' | b'*' | b'.' | b')' | b'0'..=b'9' => columns += 1,
            _ => break,
        }
    }
    (quotes, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_lists_followed_by_many_lines_are_refused() {
        let stairs: String = (0..400).map(|step| " ".repeat(step * 2) + "- a\n").collect();
        for body in [
            "- ".repeat(90) + "x\n" + &"\n".repeat(200_000),
            ">".repeat(90) + "x\n" + &"a\n".repeat(120_000),
            stairs.clone() + &"\n".repeat(50_000),
            stairs + &"a\n".repeat(50_000),
            ">".repeat(8_000),
        ] {
            assert_eq!(check(&body), Err(RenderError::TooDeep));
        }
    }

    #[test]
    fn code_tables_and_rules_pass() {
        for body in [
            "- ".repeat(120),
            ("    ".repeat(20) + "let v: Vec<u8> = Vec::new();\n").repeat(2_000),
            "| - | - |\n".repeat(20_000),
            "- a\n  - b\n    - c\n\n".repeat(10_000),
        ] {
            assert_eq!(check(&body), Ok(()));
        }
    }
}
