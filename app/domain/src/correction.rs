//! The rules of corrections.

use gazette_table::MAX_BODY_BYTES as MAX_ITEM_BODY_BYTES;

use crate::characters::with_line_feeds;
use crate::field_errors::{FieldError, FieldErrors};
use crate::story::Story;

/// Maximum number of corrections of a story.
pub const MAX_CORRECTIONS: usize = 50;
/// Maximum length of the text, in characters.
const MAX_LENGTH: usize = 2_000;
/// Part of a story's item that corrections leave free for changes of its other fields, in bytes.
const RESERVE_BYTES: usize = 8 * 1024;

/// Checks the text of a correction and returns it without outer spaces and repeated empty lines.
pub(crate) fn normal_text(text: &str) -> Result<String, Vec<FieldError>> {
    let mut errors = FieldErrors::default();
    errors.line("text", text);
    let normal = with_single_gaps(&with_line_feeds(text.to_owned()));
    errors.length("text", &normal, 1, MAX_LENGTH);
    if errors.errors.is_empty() { Ok(normal) } else { Err(errors.errors) }
}

fn with_single_gaps(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for line in text.trim().lines().map(str::trim) {
        if !(line.is_empty() && normal.ends_with("\n\n")) {
            normal.push_str(line);
            normal.push('\n');
        }
    }
    normal.truncate(normal.trim_end().len());
    normal
}

/// Checks the corrections of a stored story.
pub(crate) fn check_stored(story: &Story, errors: &mut FieldErrors) {
    let count = story.corrections.len();
    if count > MAX_CORRECTIONS {
        errors.add(
            "corrections",
            format!("has {count} texts; at most {MAX_CORRECTIONS} are allowed"),
        );
        return;
    }
    for correction in &story.corrections {
        errors.date("corrections", correction.at);
        match normal_text(&correction.text) {
            Ok(normal) if normal == correction.text => {}
            Ok(_) => errors.add("corrections", "has spaces or empty lines too many"),
            Err(broken) => {
                for error in broken {
                    errors.add("corrections", error.message);
                }
            }
        }
    }
    if !story.corrections.windows(2).all(|pair| matches!(pair, [a, b] if a.at < b.at)) {
        errors.add("corrections", "is not in the order of time");
    }
}

/// Checks that a story fits into the table together with its corrections.
pub(crate) fn check_size(story: &Story, field: &'static str) -> Result<(), Vec<FieldError>> {
    if story.corrections.is_empty() {
        return Ok(());
    }
    // Text and numbers always serialize.
    let size = serde_json::to_vec(story).unwrap_or_default().len();
    let max = MAX_ITEM_BODY_BYTES - RESERVE_BYTES;
    if size <= max {
        return Ok(());
    }
    let message = format!(
        "is too long together with the corrections of the story: both take {size} bytes in the store; at most {max} are allowed"
    );
    Err(vec![FieldError { field, message }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_loses_its_gaps() {
        let text = normal_text(" One. \r\n two\r\n\r\n\r\n\r\nThree.\n\n").expect("valid");
        assert_eq!(text, "One.\ntwo\n\nThree.");
        assert_eq!(normal_text(&text), Ok(text));
    }

    #[test]
    fn a_text_has_1_to_2000_visible_characters() {
        for bad in ["", " \n\t ", "a\u{202e}b", "a\0b", "a\u{1b}[31mb", &"a".repeat(2_001)] {
            assert!(normal_text(bad).is_err(), "{bad:?}");
        }
        assert!(normal_text(&"橋".repeat(2_000)).is_ok());
    }
}
