//! The first heading of a text.

/// The first heading, and the text without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heading<'a> {
    /// Text of the heading, in Markdown.
    pub text: &'a str,
    /// The text after the heading if that is its first block, else the whole text.
    pub rest: &'a str,
}

/// Finds the first heading outside of code.
pub(super) fn first_heading(body: &str) -> Option<Heading<'_>> {
    let mut at = 0;
    let mut is_first_block = true;
    let mut fence: Option<&str> = None;
    let mut lines = body.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        at += line.len();
        let content = line.trim();
        if let Some(mark) = fence {
            if content.starts_with(mark) {
                fence = None;
            }
            continue;
        }
        fence = ["```", "~~~"].into_iter().find(|mark| content.starts_with(mark));
        let underline = lines.peek().map_or("", |next| next.trim());
        let found = atx(content).map(|text| (text, at)).or_else(|| {
            let is_setext = is_first_block && is_underline(underline) && is_text(content);
            is_setext.then(|| (content, at + lines.peek().map_or(0, |next| next.len())))
        });
        if let Some((text, end)) = found {
            let rest = if is_first_block { body.get(end..)? } else { body };
            return Some(Heading { text: without_id(text), rest });
        }
        let is_comment = content.starts_with("<!--") && content.ends_with("-->");
        is_first_block &= content.is_empty() || is_comment;
    }
    None
}

fn atx(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let is_heading = (1..=6).contains(&level) && text.starts_with([' ', '\t']);
    let text = text.trim().trim_end_matches('#').trim();
    (is_heading && !text.is_empty()).then_some(text)
}

fn is_underline(line: &str) -> bool {
    line.len() >= 2
        && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
}

fn is_text(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(['-', '*', '>', '|', '<', '`', '~', '{'])
}

/// Removes `{#id}` at the end of a heading.
fn without_id(text: &str) -> &str {
    match text.rsplit_once('{') {
        Some((before, id)) if id.starts_with(['#', ':', '.']) && id.ends_with('}') => before.trim(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_heading_is_found_and_removed_if_it_comes_first() {
        let heading = |body| first_heading(body).map(|found| (found.text, found.rest));
        assert_eq!(heading("\n# The bridge {#b}\n\nText"), Some(("The bridge", "\nText")));
        assert_eq!(heading("## The bridge ##\nText"), Some(("The bridge", "Text")));
        assert_eq!(heading("The bridge\n======\nText"), Some(("The bridge", "Text")));
        assert_eq!(heading("Text\n\n# Later\n"), Some(("Later", "Text\n\n# Later\n")));
        assert_eq!(heading("```\n# no\n```\n"), None);
        assert_eq!(heading("#hashtag\n"), None);
        assert_eq!(heading(""), None);
    }
}
