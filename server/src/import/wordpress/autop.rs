//! Paragraphs of the classic editor: a blank line begins one, a line break is kept.

/// Elements that paragraphs do not contain.
const BLOCKS: [&str; 44] = [
    "table",
    "thead",
    "tfoot",
    "caption",
    "col",
    "colgroup",
    "tbody",
    "tr",
    "td",
    "th",
    "div",
    "dl",
    "dd",
    "dt",
    "ul",
    "ol",
    "li",
    "pre",
    "form",
    "map",
    "area",
    "blockquote",
    "address",
    "style",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "fieldset",
    "legend",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "nav",
    "figure",
    "figcaption",
    "details",
    "summary",
];
/// Elements that have no text of their own.
const WITHOUT_TEXT: [&str; 9] =
    ["table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "colgroup"];
/// Elements in which one paragraph needs no element.
const LINES: [&str; 15] = [
    "p",
    "li",
    "td",
    "th",
    "dd",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figcaption",
    "caption",
    "summary",
];
/// Elements whose text stays as it is.
const VERBATIM: [&str; 5] = ["pre", "script", "style", "svg", "textarea"];

/// Maximum length of a tag, in bytes; embedded files were removed.
const MAX_TAG_BYTES: usize = 8 * 1024;

/// Returns the HTML of text of the classic editor.
pub(super) fn autop(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut open: Vec<String> = Vec::new();
    let mut inline = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        inline.push_str(before);
        let Some((name, is_end, tag, after)) = split_tag(tag) else {
            inline.push_str("&lt;");
            rest = tag.get(1..).unwrap_or_default();
            continue;
        };
        rest = after;
        if VERBATIM.contains(&name.as_str()) && !is_end {
            let end = after.find(&format!("</{name}")).unwrap_or(after.len());
            let (content, after) = after.split_at(end);
            flush(&mut inline, &open, &mut out);
            out.push_str(tag);
            out.push_str(content);
            let (end, after) = after.split_at(after.find('>').map_or(after.len(), |end| end + 1));
            out.push_str(end);
            rest = after;
        } else if BLOCKS.contains(&name.as_str()) {
            flush(&mut inline, &open, &mut out);
            out.push_str(tag);
            if !is_end {
                open.push(name);
            } else if let Some(at) = open.iter().rev().take(100).position(|one| *one == name) {
                open.truncate(open.len() - 1 - at);
            }
            open.retain(|name| !matches!(name.as_str(), "hr" | "col" | "area"));
        } else {
            // A line break within a tag is no line break of the text.
            inline.push_str(&tag.replace('\n', " "));
        }
    }
    inline.push_str(rest);
    flush(&mut inline, &open, &mut out);
    out
}

/// Splits a tag or comment from what follows; `None` if it is none.
fn split_tag(text: &str) -> Option<(String, bool, &str, &str)> {
    if text.starts_with("<!--") {
        let end = text.find("-->").map_or(text.len(), |end| end + "-->".len());
        let (comment, after) = text.split_at(end);
        return Some((String::new(), false, comment, after));
    }
    let inner = text.get(1..)?;
    let is_end = inner.starts_with('/');
    let name: String = inner
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(20)
        .collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '>') => {
                let (tag, after) = text.split_at(at + 1);
                return Some((name.to_ascii_lowercase(), is_end, tag, after));
            }
            _ if at > MAX_TAG_BYTES => break,
            _ => {}
        }
    }
    // A quote is not closed.
    let start = text.get(..text.floor_char_boundary(MAX_TAG_BYTES))?;
    let (tag, after) = text.split_at(start.find('>')? + 1);
    Some((name.to_ascii_lowercase(), is_end, tag, after))
}

fn flush(inline: &mut String, open: &[String], out: &mut String) {
    let container = open.last().map_or("", String::as_str);
    if inline.trim().is_empty() || WITHOUT_TEXT.contains(&container) {
        out.push_str(if inline.trim().is_empty() && !inline.is_empty() { "\n" } else { inline });
        inline.clear();
        return;
    }
    let paragraphs = paragraphs(inline);
    let is_line = LINES.contains(&container) && paragraphs.len() == 1;
    for paragraph in &paragraphs {
        let lines = paragraph.replace('\n', "<br>");
        if is_line || container == "p" {
            out.push_str(&lines);
        } else {
            out.extend(["<p>", &lines, "</p>"]);
        }
    }
    inline.clear();
}

/// Splits text at its blank lines.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(|line| line.trim_matches([' ', '\t'])) {
        let is_last_empty = paragraphs.last().is_some_and(String::is_empty);
        match paragraphs.last_mut() {
            Some(_) if line.is_empty() && !is_last_empty => paragraphs.push(String::new()),
            Some(last) if !line.is_empty() => {
                if !last.is_empty() && !last.ends_with("<br>") && !last.ends_with("<br />") {
                    last.push('\n');
                }
                last.push_str(line);
            }
            _ => {}
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_make_paragraphs() {
        for (text, html) in [
            ("a\n\nb\nc", "<p>a</p><p>b<br>c</p>"),
            (
                "a\n<ul>\n<li>b</li>\n<li>c\n\nd</li>\n</ul>\ne",
                "<p>a</p><ul>\n<li>b</li>\n<li><p>c</p><p>d</p></li>\n</ul><p>e</p>",
            ),
            ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
            ("<h2>a</h2>\nb <em\nclass=x>c</em>", "<h2>a</h2><p>b <em class=x>c</em></p>"),
            ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
            ("1 < 2\n\n<!--more-->\n\nx", "<p>1 &lt; 2</p><p><!--more--></p><p>x</p>"),
            ("<p>a\nb</p>", "<p>a<br>b</p>"),
            ("a<br />\nb", "<p>a<br />b</p>"),
        ] {
            assert_eq!(autop(text), html, "{text}");
        }
    }
}
