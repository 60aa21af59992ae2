//! Accessibility of a story: heading levels, labels, and focusable tables and code.

use crate::markdown::scan::{Piece, Tag, pieces};
use crate::markdown::targets::is_heading;

/// Longest name of a box or a table, in bytes.
const MAX_NAME_BYTES: usize = 120;
/// Parts of the text in which a name is looked for.
const MAX_PIECES: usize = 40;

/// Changes the levels of headings so that none is skipped, names the boxes of tasks, and makes
/// tables and code reachable by keyboard, because they scroll. Changes nothing if the HTML would
/// become larger than `max_bytes`.
pub(super) fn make_accessible(html: String, max_bytes: usize) -> String {
    let all: Vec<Piece<'_>> = pieces(&html).collect();
    let mut writer = Writer { html: String::with_capacity(html.len()), ..Writer::default() };
    for (index, piece) in all.iter().enumerate() {
        let rest = all.get(index + 1..).unwrap_or_default();
        match piece {
            Piece::Text(text) => writer.html.push_str(text),
            Piece::Open(tag) => writer.open(tag, rest),
            Piece::Close(name) => writer.close(name),
        }
    }
    if writer.html.len() > max_bytes { html } else { writer.html }
}

#[derive(Default)]
struct Writer {
    html: String,
    levels: Levels,
    tables: usize,
}

impl Writer {
    fn open(&mut self, tag: &Tag<'_>, rest: &[Piece<'_>]) {
        match tag.name {
            name if is_heading(name) => {
                let name = self.levels.open(name);
                self.tag(name, tag, "");
            }
            "table" => {
                self.tables += 1;
                let caption = match rest.iter().find(|piece| !is_blank(piece)) {
                    Some(Piece::Open(caption)) if caption.name == "caption" => name_of(rest),
                    _ => String::new(),
                };
                let name =
                    if caption.is_empty() { format!("Table {}", self.tables) } else { caption };
                let region = "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"";
                self.html.extend([region, &name, "\">"]);
                self.tag(tag.name, tag, "");
            }
            "pre" => {
                self.tag(tag.name, tag, " tabindex=\"0\" role=\"group\" aria-label=\"Code\"");
            }
            "input" => {
                let name = name_of(rest);
                let name = if name.is_empty() { "Task" } else { &name };
                self.tag(tag.name, tag, &format!(" aria-label=\"{name}\""));
            }
            "a" if shows_its_address(tag, rest.first()) => {
                self.tag(tag.name, tag, " class=\"plain-url\"");
            }
            name => self.tag(name, tag, ""),
        }
    }

    fn close(&mut self, name: &str) {
        let name = if is_heading(name) { self.levels.current } else { name };
        self.html.extend(["</", name, ">"]);
        if name == "table" {
            self.html.push_str("</div>");
        }
    }

    fn tag(&mut self, name: &str, tag: &Tag<'_>, more: &str) {
        self.html.extend(["<", name]);
        for (name, value) in tag.attributes() {
            self.html.extend([" ", name, "=\"", value, "\""]);
        }
        self.html.extend([more, ">"]);
    }
}

/// Levels of headings: the first is 2, below the headline, and each is at most one deeper than
/// the one before. Headings that had the same level keep having the same.
struct Levels {
    /// Names, as they were written, of the headings that the next one may be below.
    above: Vec<String>,
    /// Name of the heading that is open.
    current: &'static str,
}

impl Default for Levels {
    fn default() -> Self {
        Self { above: Vec::new(), current: "h2" }
    }
}

impl Levels {
    fn open(&mut self, name: &str) -> &'static str {
        while self.above.last().is_some_and(|above| above.as_str() >= name) {
            self.above.pop();
        }
        self.current = match self.above.len() {
            0 => "h2",
            1 => "h3",
            2 => "h4",
            3 => "h5",
            _ => "h6",
        };
        self.above.push(name.to_owned());
        self.current
    }
}

fn is_blank(piece: &Piece<'_>) -> bool {
    matches!(piece, Piece::Text(text) if text.trim_ascii().is_empty())
}

/// Returns the text up to the end of the item or caption, as the value of an attribute.
fn name_of(rest: &[Piece<'_>]) -> String {
    let mut name = String::new();
    for piece in rest.iter().take(MAX_PIECES) {
        match piece {
            Piece::Text(text) => name.push_str(text),
            Piece::Close("li" | "caption" | "p" | "td") => break,
            Piece::Open(tag) if matches!(tag.name, "ul" | "ol" | "input" | "table") => break,
            Piece::Open(_) | Piece::Close(_) => {}
        }
        if name.len() > MAX_NAME_BYTES {
            break;
        }
    }
    let name = name.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    shortened(&name).replace('"', "&quot;")
}

/// Cuts at the end of a word, and so not within an entity.
fn shortened(text: &str) -> &str {
    let end = text.floor_char_boundary(MAX_NAME_BYTES);
    if end == text.len() {
        return text;
    }
    let start = text.get(..end).unwrap_or_default();
    start.rsplit_once(' ').map_or("", |(words, _)| words)
}

/// Returns whether the text of a link is its address, which printed pages then need not repeat.
fn shows_its_address(tag: &Tag<'_>, next: Option<&Piece<'_>>) -> bool {
    let mut attributes = tag.attributes();
    let (Some((_, href)), Some(Piece::Text(text))) =
        (attributes.find(|(name, _)| *name == "href"), next)
    else {
        return false;
    };
    let has_class = tag.attributes().any(|(name, _)| name == "class");
    let address = href.split_once("://").map_or(href, |(_, address)| address);
    !has_class && (*text == href || text.trim_end_matches('/') == address.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accessible(html: &str) -> String {
        make_accessible(html.to_owned(), usize::MAX)
    }

    /// Returns headings of these levels.
    fn headings(levels: &str) -> String {
        let one = |level| ["<h", level, " id=\"a\">x</h", level, ">"].concat();
        levels.split("").filter(|level| !level.is_empty()).map(one).collect()
    }

    #[test]
    fn headings_begin_at_two_and_skip_no_level() {
        for (given, expected) in [
            ("345", "234"),
            ("33", "22"),
            ("242", "232"),
            ("2443", "2333"),
            ("4324", "2223"),
            ("2345664", "2345664"),
            ("26", "23"),
        ] {
            let html = headings(given);
            let expected = headings(expected);
            assert_eq!(accessible(&html), expected, "{given}");
        }
    }

    #[test]
    fn boxes_of_tasks_have_the_name_of_their_task() {
        let list = |first: &str| {
            format!("<ul><li>{first} Buy <em>\"milk\"</em>\n<ul><li>today</li></ul></li></ul>")
        };
        let given = list("<input type=\"checkbox\" disabled=\"\">");
        let expected =
            list("<input type=\"checkbox\" disabled=\"\" aria-label=\"Buy &quot;milk&quot;\">");
        assert_eq!(accessible(&given), expected);
        let alone = accessible("<p><input type=\"checkbox\" disabled=\"\"></p>");
        assert!(alone.contains("aria-label=\"Task\""), "{alone}");
        let long = accessible(&format!("<li><input disabled=\"\">{}</li>", "&amp; ".repeat(100)));
        assert!(long.contains("&amp;\">") && long.len() < 800, "{long}");
    }

    #[test]
    fn tables_and_code_are_reachable_by_keyboard_and_have_names() {
        let table = accessible("<table><tbody></tbody></table>");
        let region = "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=";
        assert_eq!(table, format!("{region}\"Table 1\"><table><tbody></tbody></table></div>"));
        let named = accessible("<table>\n<caption>The <b>fleet</b></caption></table>");
        assert!(named.starts_with(&format!("{region}\"The fleet\">")), "{named}");
        let code = accessible("<pre><code>x</code></pre>");
        assert!(code.starts_with("<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>"));
    }

    #[test]
    fn links_that_show_their_address_are_marked_for_print() {
        for (html, is_plain) in [
            ("<a href=\"https://a.example/b\">https://a.example/b</a>", true),
            ("<a href=\"https://a.example/\">a.example</a>", true),
            ("<a href=\"https://a.example/\">here</a>", false),
            ("<a class=\"external-media\" href=\"https://a.example/\">a.example</a>", false),
        ] {
            assert_eq!(accessible(html).contains("plain-url"), is_plain, "{html}");
        }
    }

    #[test]
    fn html_that_would_become_too_large_stays_as_it_is() {
        let html = "<pre>x</pre>";
        assert_eq!(make_accessible(html.to_owned(), html.len()), html);
    }
}
