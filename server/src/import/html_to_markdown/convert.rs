//! The whole of a page.

use crate::import::html_to_markdown::blocks::element;
use crate::import::html_to_markdown::error::HtmlError;
use crate::import::html_to_markdown::page::Page;
use crate::import::html_to_markdown::parse::parse;
use crate::import::html_to_markdown::writer::Writer;

/// HTML to convert.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Html<'a> {
    /// The HTML of a body.
    pub text: &'a str,
    /// URL of the page, which its links to itself may begin with.
    pub own_url: Option<&'a str>,
    /// Markdown for the elements `<gazette-verbatim n="0">`.
    pub verbatim: &'a [String],
}

/// Markdown of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Converted {
    /// The Markdown.
    pub markdown: String,
    /// Notes about content that was left out, a line each.
    pub notes: Vec<String>,
}

/// Converts HTML to Markdown, and to cleaned HTML where Markdown cannot say it.
///
/// Both render to the same words.
///
/// # Errors
/// [`HtmlError`] when a limit of size or work is exceeded.
pub(crate) fn html_to_markdown(input: Html<'_>) -> Result<Converted, HtmlError> {
    let html = without_embedded_files(input.text);
    let (dom, root) = parse(&html)?;
    let page = Page::new(dom, root, input.own_url, input.verbatim);
    let mut writer = Writer::new(&page, element);
    writer.children(root);
    for note in page.notes() {
        let marker = format!("[^{}]: ", note.number);
        let outer = writer.output.begin(&marker, "    ", false);
        writer.last_list = None;
        writer.children(note.element);
        writer.output.end(outer);
    }
    Ok(Converted { markdown: writer.output.finish(), notes: page.left_out() })
}

/// Returns the text of HTML on one line.
pub(crate) fn text_of_html(html: &str) -> String {
    let html = without_embedded_files(html);
    let Ok((dom, root)) = parse(&html) else { return String::new() };
    let mut text = String::new();
    for node in dom.descendants(root) {
        if dom.is_block(node) || dom.name(node) == Some("br") {
            text.push(' ');
        }
        let parent = dom.parent(node).and_then(|parent| dom.name(parent));
        if !matches!(parent, Some("script" | "style")) {
            text.push_str(dom.text(node).unwrap_or_default());
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Removes the content of embedded files, which can be megabytes in one attribute.
pub(crate) fn without_embedded_files(html: &str) -> String {
    const MARK: &str = ";base64,";
    // Text may show a short one.
    const MIN_EMBEDDED_BYTES: usize = 1_024;
    let mut out = String::with_capacity(html.len().min(1024 * 1024));
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(MARK) {
        out.push_str(before);
        out.push_str(MARK);
        let is_data = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '%');
        rest = after.trim_start_matches(is_data);
        if after.len() - rest.len() < MIN_EMBEDDED_BYTES {
            rest = after;
        }
    }
    out.push_str(rest);
    out
}
