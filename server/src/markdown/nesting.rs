//! The limit on nesting.

/// Maximum depth of quotes, lists and HTML.
const MAX_DEPTH: usize = 100;

/// The body is nested so deeply that rendering it would take very long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("quotes, lists or HTML are nested more than {MAX_DEPTH} levels deep")]
pub(crate) struct NestingError;

/// Refuses bodies that are nested too deeply.
///
/// Estimates the depth on the text, before parsing: each mark at the start of a line opens a level,
/// and so does an HTML element until it is closed.
pub(crate) fn check(markdown: &str) -> Result<(), NestingError> {
    let has_deep_line = markdown.lines().any(|line| opened_levels(line) > MAX_DEPTH);
    if has_deep_line || html_depth(markdown) > MAX_DEPTH { Err(NestingError) } else { Ok(()) }
}

/// Counts the quotes and list items that the marks at the start of a line open.
fn opened_levels(line: &str) -> usize {
    let mut levels = 0;
    for word in line.split_whitespace() {
        let mark = word.trim_start_matches('>');
        levels += word.len() - mark.len();
        let numbered = mark.strip_suffix(['.', ')']).is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if numbered || matches!(mark, "-" | "*" | "+") {
            levels += 1;
        } else if !mark.is_empty() {
            break;
        }
    }
    levels
}

/// Returns the maximum number of HTML elements open at once, counting tags.
fn html_depth(markdown: &str) -> usize {
    const WITHOUT_END_TAG: [&str; 9] = ["br", "hr", "img", "input", "p", "li", "td", "tr", "th"];
    let (mut depth, mut max_depth) = (0_usize, 0);
    for tag in markdown.split('<').skip(1) {
        let name: String =
            tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        let name = name.to_ascii_lowercase();
        if name.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !name.is_empty()
            && tag.contains('>')
            && !WITHOUT_END_TAG.contains(&name.trim_end_matches('/'))
        {
            depth += 1;
            max_depth = max_depth.max(depth);
        }
    }
    max_depth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_deeper_than_the_limit_is_refused() {
        for deep in [">".repeat(101), "- ".repeat(101), "1. ".repeat(101), "<div>".repeat(101)] {
            assert_eq!(check(&format!("Text\n\n{deep} x\n")), Err(NestingError), "{deep}");
        }
        let table = "| a | b |\n|---|---|\n".to_owned() + &"| 1 | <b>2</b> |\n".repeat(500);
        for fine in ["-".repeat(300), "| - ".repeat(300), ">".repeat(20), "<br>".repeat(500), table]
        {
            assert_eq!(check(&fine), Ok(()), "{fine}");
        }
    }
}
