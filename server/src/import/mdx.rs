//! Syntax that MDX adds to Markdown.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::import::code::{code_ranges, map_text};

static COMMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)\{\s*/\*.*?\*/\s*\}").ok());

/// Checks for a file in MDX.
pub(super) fn is_mdx(key: &str) -> bool {
    key.to_ascii_lowercase().ends_with(".mdx")
}

/// Removes imports, exports and comments, which are code of the page and no text.
pub(super) fn without_modules(body: &str) -> String {
    let code = code_ranges(body);
    let mut kept = String::with_capacity(body.len());
    let (mut at, mut in_module, mut after_blank) = (0, false, true);
    for line in body.split_inclusive('\n') {
        let is_code = code.iter().any(|range| range.contains(&at));
        at += line.len();
        let is_blank = line.trim().is_empty();
        let begins = ["import ", "import{", "export "].iter().any(|word| line.starts_with(word));
        // A module goes on until an empty line.
        in_module = !is_code && !is_blank && (in_module || (begins && after_blank));
        after_blank = is_blank || in_module;
        if !in_module {
            kept.push_str(line);
        }
    }
    let Some(comment) = COMMENT.as_ref() else { return kept };
    map_text(&kept, |text| comment.replace_all(text, "").into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_exports_and_comments_are_left_out() {
        let body = "import A from './a'\nimport {\n  B\n} from './b'\n\nexport const x = 1\n\n\
                    Text {/* no */}goes on\nimport duties rose\n\n```js\nimport C from 'c'\n```\n";
        assert_eq!(
            without_modules(body),
            "\n\nText goes on\nimport duties rose\n\n```js\nimport C from 'c'\n```\n"
        );
    }
}
