//! The highlighter as the Markdown renderer calls it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use comrak::adapters::SyntaxHighlighterAdapter;

use super::languages::find;
use super::markup::{is_markup, scan_markup};
use super::scanner::{scan, scan_diff};
use super::token::{Kind, write_part};

/// Start of the class that names the language.
pub(in crate::markdown) const LANGUAGE_CLASS: &str = "language-";
/// Longest code that is highlighted, in bytes; what is longer stays plain.
const MAX_CODE_BYTES: usize = 32 * 1024;

/// Highlights the code of one body, as far as its size allows.
pub(in crate::markdown) struct CodeHighlighter {
    /// Bytes of HTML that highlighting may still add.
    budget: AtomicUsize,
}

impl CodeHighlighter {
    /// Makes one that adds at most this many bytes.
    pub(in crate::markdown) fn new(budget: usize) -> Self {
        Self { budget: AtomicUsize::new(budget) }
    }
}

/// Returns the code with its parts marked, or `None` for an unknown language.
fn highlight(language: &str, code: &str) -> Option<String> {
    let mut html = String::with_capacity(code.len() * 3);
    let mut write = |kind: Kind, part: &str| write_part(&mut html, kind, part).is_ok();
    if language == "diff" || language == "patch" {
        scan_diff(code, &mut write);
    } else if is_markup(language) {
        scan_markup(code, &mut write);
    } else {
        scan(find(language)?, code, &mut write);
    }
    Some(html)
}

/// Returns the name of the language in an info string: `rust` of `rust,ignore` and `{.rust #id}`.
fn language_name(info: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_');
    let start = info.trim_start_matches(['{', '.', ' ']);
    let name = start.get(..start.find(|c| !is_part(c)).unwrap_or(start.len()));
    name.unwrap_or_default().to_ascii_lowercase()
}

impl SyntaxHighlighterAdapter for CodeHighlighter {
    fn write_highlighted(
        &self,
        output: &mut dyn Write,
        info: Option<&str>,
        code: &str,
    ) -> fmt::Result {
        let budget = self.budget.load(Ordering::Relaxed);
        let is_short = code.len() <= MAX_CODE_BYTES;
        let html = info.filter(|_| is_short).and_then(|info| highlight(&language_name(info), code));
        match html.filter(|html| html.len() <= budget) {
            Some(html) => {
                self.budget.store(budget - html.len(), Ordering::Relaxed);
                output.write_str(&html)
            }
            None => comrak::html::escape(output, code),
        }
    }

    fn write_pre_tag(
        &self,
        output: &mut dyn Write,
        _: HashMap<&'static str, Cow<'_, str>>,
    ) -> fmt::Result {
        output.write_str("<pre>")
    }

    fn write_code_tag(
        &self,
        output: &mut dyn Write,
        attributes: HashMap<&'static str, Cow<'_, str>>,
    ) -> fmt::Result {
        let class = attributes.get("class").and_then(|class| class.strip_prefix(LANGUAGE_CLASS));
        match class.map(language_name).filter(|name| !name.is_empty()) {
            Some(name) => write!(output, "<code class=\"{LANGUAGE_CLASS}{name}\">"),
            None => output.write_str("<code>"),
        }
    }
}
