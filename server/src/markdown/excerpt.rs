//! The first words of a story, as its summary.

use crate::markdown::elements::MEDIA_CLASS;
use crate::markdown::scan::{Piece, Tag, pieces, unescape};
use crate::markdown::shortcodes::Shortcodes;
use crate::markdown::shorten::shorten;

/// Maximum length of an excerpt, in graphemes.
const MAX_LENGTH: usize = 220;
/// Elements whose text is not part of the story's first words.
const SKIPPED: [&str; 12] =
    ["h2", "h3", "h4", "h5", "h6", "pre", "figcaption", "caption", "summary", "nav", "rt", "rp"];
/// Elements that end the line before them, besides those of [`Rank`].
const BLOCKS: [&str; 17] = [
    "p", "div", "ul", "ol", "dl", "dt", "table", "tr", "section", "article", "aside", "header",
    "footer", "details", "figure", "center", "hr",
];
/// Stand for `{`, `[` and `<` in inline code, which is no shortcode.
const IN_CODE: [(char, char); 3] = [('{', '\u{e000}'), ('[', '\u{e001}'), ('<', '\u{e002}')];

/// Rank of a block as a summary of its story; the lowest is best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Paragraph,
    ItemOrQuote,
    /// Nothing but links.
    Links,
    Cell,
}

/// Returns the first paragraph of clean HTML as plain text, or else the first item or quote.
pub(super) fn excerpt_of(html: &str) -> String {
    let mut reader = Reader::default();
    for piece in pieces(html) {
        reader.read(piece);
        if reader.best.as_ref().is_some_and(|(rank, _)| *rank == Rank::Paragraph) {
            break;
        }
    }
    reader.end_block();
    reader.best.map_or_else(String::new, |(_, text)| shorten(&text, MAX_LENGTH))
}

#[derive(Default)]
struct Reader<'a> {
    /// Text of the current block, and the part of it outside links.
    text: String,
    own: String,
    /// Name and depth of the element that is skipped.
    skipped: Option<(&'a str, usize)>,
    /// Ranks of the blocks that are open.
    ranks: Vec<Rank>,
    links: usize,
    codes: usize,
    shortcodes: Shortcodes,
    best: Option<(Rank, String)>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, piece: Piece<'a>) {
        if let Some((skipped, depth)) = &mut self.skipped {
            match piece {
                Piece::Open(tag) if tag.name == *skipped => *depth += 1,
                Piece::Close(name) if name == *skipped => *depth -= 1,
                _ => {}
            }
            if *depth == 0 {
                self.skipped = None;
            }
            return;
        }
        match piece {
            Piece::Open(tag) => self.open(&tag),
            Piece::Close("a") => self.links = self.links.saturating_sub(1),
            Piece::Close("code") => self.codes = self.codes.saturating_sub(1),
            Piece::Close(name) if rank_of(name).is_some() => {
                self.end_block();
                self.ranks.pop();
            }
            Piece::Close(_) => {}
            Piece::Text(text) => self.push(&unescape(text)),
        }
    }

    fn open(&mut self, tag: &Tag<'a>) {
        let is_block = rank_of(tag.name).is_some();
        if is_block || tag.name == "pre" || is_heading(tag.name) {
            self.end_block();
        }
        if is_skipped(tag) {
            self.skipped = Some((tag.name, 1));
            return;
        }
        match tag.name {
            "br" => self.push("\n"),
            "a" => self.links += 1,
            "code" => self.codes += 1,
            "hr" => {}
            name => {
                let is_alert = tag.has_class("markdown-alert");
                let rank = if is_alert { Some(Rank::ItemOrQuote) } else { rank_of(name) };
                let above = self.ranks.last().copied().unwrap_or(Rank::Paragraph);
                self.ranks.extend(rank.map(|rank| rank.max(above)));
            }
        }
    }

    fn push(&mut self, text: &str) {
        let mut text = text.to_owned();
        if self.codes > 0 {
            text = IN_CODE
                .iter()
                .fold(text, |text, (c, stand_in)| text.replace(*c, &stand_in.to_string()));
        }
        if self.links == 0 {
            self.own.push_str(&text);
        }
        self.text.push_str(&text);
    }

    /// Ends a block, and keeps it if it is better than those before it.
    fn end_block(&mut self) {
        let (text, own) = (std::mem::take(&mut self.text), std::mem::take(&mut self.own));
        if text.trim().is_empty() {
            return;
        }
        let own = Shortcodes::default().remove(&own);
        let text = plain(&self.shortcodes.remove(&text));
        let rank = self.ranks.last().copied().unwrap_or(Rank::Paragraph);
        let has_words = own.contains(char::is_alphanumeric);
        let rank = if has_words { rank } else { rank.max(Rank::Links) };
        let is_better = self.best.as_ref().is_none_or(|(best, _)| rank < *best);
        if is_better && text.contains(char::is_alphanumeric) {
            self.best = Some((rank, text));
        }
    }
}

fn plain(text: &str) -> String {
    let text = IN_CODE
        .iter()
        .fold(text.to_owned(), |text, (c, stand_in)| text.replace(*stand_in, &c.to_string()));
    // A summary must not override the direction of the text around it.
    let is_override = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text = text.replace(is_override, "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn rank_of(name: &str) -> Option<Rank> {
    match name {
        "li" | "blockquote" | "dd" => Some(Rank::ItemOrQuote),
        "td" | "th" => Some(Rank::Cell),
        _ if BLOCKS.contains(&name) => Some(Rank::Paragraph),
        _ => None,
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_skipped(tag: &Tag<'_>) -> bool {
    let classes =
        [MEDIA_CLASS, "footnote-ref", "footnote-backref", "footnotes", "markdown-alert-title"];
    let is_note = tag.name == "sup" && tag.attribute("id").is_some();
    SKIPPED.contains(&tag.name) || is_note || classes.iter().any(|class| tag.has_class(class))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::excerpt;

    #[test]
    fn an_excerpt_is_the_first_paragraph_as_plain_text() {
        for (markdown, words) in [
            ("## Title\n\nSome *plain* `words`\n[here](/x).\n\nMore", "Some plain words here."),
            ("One<br>two<br/>three\\\nfour", "One two three four"),
            ("![Alt text](x.png)\n\nReal first paragraph.", "Real first paragraph."),
            ("![Alt text](https://a.example/x.png) Text.", "Text."),
            ("{% include toc.html %}\n\nReal.", "Real."),
            (":::tip\nText in it.\n:::", "Text in it."),
            ("[Home](/) | [News](/news)\n\nReal.", "Real."),
            ("<p>One</p><p>two</p>", "One"),
            ("<div>One</div><div>two</div>", "One"),
            ("<table><tr><td>a</td><td>b</td></tr></table>\n\nText", "Text"),
            ("- One\n- two", "One"),
            ("> A quote.\n\n## Title", "A quote."),
            ("# Only a title", ""),
            ("Text[^1] goes on.\n\n[^1]: Note", "Text goes on."),
            ("Use `{{ x }}` and `[toc]`.", "Use {{ x }} and [toc]."),
            ("<iframe src=\"https://www.youtube.com/embed/x\"></iframe>\n\nText", "Text"),
            ("[toc]\n\n<!--more-->\n\nText", "Text"),
            ("import A from 'a'\n\n<A b={c} />\n\nText", "Text"),
            ("<ruby>漢<rt>かん</rt></ruby>字", "漢字"),
            ("> [!NOTE]\n> In a note.\n\nText", "Text"),
        ] {
            assert_eq!(excerpt(markdown), words, "{markdown}");
        }
        let short = excerpt(&"word ".repeat(100));
        assert!(short.chars().count() <= MAX_LENGTH && short.ends_with("word\u{2026}"));
    }
}
