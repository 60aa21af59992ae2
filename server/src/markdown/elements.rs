//! Rewriting of elements that a story cannot have, before the sanitizer removes the rest.

use std::cell::{Cell, RefCell};

use html5ever::Attribute;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, TokenizerOpts};

use crate::markdown::error::RenderError;
use crate::markdown::media::{MediaLink, of_frame, of_picture};
use crate::markdown::scan::push_escaped;
use crate::markdown::stopwatch::Stopwatch;
use crate::markdown::tokens::{LimitedSink, feed};
use crate::markdown::url::{is_local, is_relative, is_sign_in, is_unstored, without_origin};

/// Class of the words in place of a picture or frame.
pub(super) const MEDIA_CLASS: &str = "external-media";

/// Alignments of a cell's text, and their classes. It is at the start without one.
pub(super) const ALIGNMENTS: [(&str, &str); 2] =
    [("right", "align-right"), ("center", "align-center")];

/// Elements that show something from elsewhere and have an end tag.
const FRAMES: [&str; 4] = ["iframe", "video", "audio", "object"];

/// Rewrites headings of level 1, pictures and frames, and the names of anchors. Drops comments,
/// scripts and style sheets.
///
/// # Errors
/// [`RenderError`] when the HTML becomes too large, has a tag that is too long, or takes too long.
pub(super) fn rewrite(
    html: &str,
    origin: Option<&str>,
    max_bytes: usize,
    stopwatch: &Stopwatch,
) -> Result<String, RenderError> {
    let rewriter = Rewriter {
        origin,
        html: RefCell::new(String::with_capacity(html.len())),
        skipped: RefCell::default(),
        unclosed: FRAMES.map(|name| (name, Cell::new(count_ends(html, name)))),
        is_in_link: Cell::default(),
        tokens: Cell::default(),
        max_bytes,
    };
    Ok(feed(rewriter, TokenizerOpts::default(), html, stopwatch)?.html.into_inner())
}

/// Counts the end tags of an element.
fn count_ends(html: &str, name: &str) -> usize {
    let is_end =
        |after: &str| after.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    html.split("</").skip(1).filter(|after| is_end(after)).count()
}

struct Rewriter<'a> {
    /// Origin of this site, if it is known.
    origin: Option<&'a str>,
    html: RefCell<String>,
    /// The element whose content is dropped.
    skipped: RefCell<Option<Skipped>>,
    /// End tags that are still to come. An element without one ends at once, so that it does not
    /// take the rest of the story with it.
    unclosed: [(&'static str, Cell<usize>); FRAMES.len()],
    is_in_link: Cell<bool>,
    tokens: Cell<usize>,
    max_bytes: usize,
}

struct Skipped {
    element: String,
    source: Option<String>,
    title: String,
}

impl Rewriter<'_> {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let is_start = tag.kind == TagKind::StartTag;
        if !is_start && let Some((_, ends)) = self.unclosed.iter().find(|(own, _)| *own == name) {
            ends.set(ends.get().saturating_sub(1));
        }
        if self.skipped.borrow().is_some() {
            self.skip(name, is_start, &tag.attrs);
            return TokenSinkResult::Continue;
        }
        match (name, is_start) {
            ("script", true) => return self.start_skipping(tag, RawKind::ScriptData),
            ("style", true) => return self.start_skipping(tag, RawKind::Rawtext),
            ("iframe", true) if self.will_end(tag) => {
                return self.start_skipping(tag, RawKind::Rawtext);
            }
            ("xmp" | "noembed" | "noframes", true) => {
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            ("title" | "textarea", true) => return TokenSinkResult::RawData(RawKind::Rcdata),
            ("plaintext", true) => return TokenSinkResult::Plaintext,
            ("video" | "audio" | "object", true) if self.will_end(tag) => {
                *self.skipped.borrow_mut() = Some(Skipped::new(tag));
            }
            ("iframe" | "video" | "audio" | "object" | "embed", true) => {
                self.write_media(&Skipped::new(tag).into_link());
            }
            ("img" | "image", true) => self.picture(tag),
            (
                "script" | "style" | "iframe" | "xmp" | "noembed" | "noframes" | "title"
                | "textarea" | "video" | "audio" | "object" | "embed" | "source" | "track"
                | "param",
                _,
            ) => {}
            _ => self.write_tag(tag, is_start),
        }
        TokenSinkResult::Continue
    }

    fn will_end(&self, tag: &Tag) -> bool {
        let name = &*tag.name;
        !tag.self_closing && self.unclosed.iter().any(|(own, ends)| *own == name && ends.get() > 0)
    }

    fn start_skipping(&self, tag: &Tag, kind: RawKind) -> TokenSinkResult<()> {
        *self.skipped.borrow_mut() = Some(Skipped::new(tag));
        TokenSinkResult::RawData(kind)
    }

    /// Looks at a tag within a skipped element: it names the source, or it is the end.
    fn skip(&self, name: &str, is_start: bool, attributes: &[Attribute]) {
        let mut skipped = self.skipped.borrow_mut();
        let Some(element) = skipped.as_mut() else { return };
        if is_start {
            if element.source.is_none() && matches!(name, "source" | "embed" | "iframe") {
                element.source = source(attributes);
            }
        } else if *name == *element.element
            && let Some(ended) = skipped.take()
            && !matches!(name, "script" | "style")
        {
            self.write_media(&ended.into_link());
        }
    }

    fn picture(&self, tag: &Tag) {
        let source = source(&tag.attrs).map(|source| without_origin(source, self.origin));
        let is_here = |url: &&str| is_local(url) && !is_sign_in(url) && !is_unstored(url);
        if let Some(source) = source.as_deref().filter(is_here) {
            return self.write_picture(source, &tag.attrs);
        }
        let text = |name| value(&tag.attrs, name).unwrap_or_default();
        let mut link = of_picture(source.as_deref(), text("alt"), text("title"));
        if link.words.is_empty() && self.is_in_link.get() {
            // The link around it must have words.
            link.words.push_str("Picture");
        }
        self.write_media(&link);
    }

    fn write_picture(&self, source: &str, attributes: &[Attribute]) {
        let mut html = self.html.borrow_mut();
        html.push_str("<img src=\"");
        push_escaped(&mut html, source);
        for name in ["alt", "title", "width", "height", "id", "lang", "dir"] {
            // Without the attribute, a picture would be read out by its address.
            let default = (name == "alt").then_some("");
            let Some(value) = value(attributes, name).or(default) else { continue };
            html.extend(["\" ", name, "=\""]);
            push_escaped(&mut html, value);
        }
        html.push_str("\">");
    }

    fn write_media(&self, link: &MediaLink) {
        if link.words.is_empty() {
            return;
        }
        let mut html = self.html.borrow_mut();
        let href = link.href.as_deref().filter(|_| !self.is_in_link.get());
        html.push_str(if href.is_some() { "<a class=\"" } else { "<em class=\"" });
        html.push_str(MEDIA_CLASS);
        if let Some(href) = href {
            html.push_str("\" href=\"");
            push_escaped(&mut html, href);
        }
        html.push_str("\">");
        push_escaped(&mut html, &link.words);
        html.push_str(if href.is_some() { "</a>" } else { "</em>" });
    }

    fn write_tag(&self, tag: &Tag, is_start: bool) {
        let name = match &*tag.name {
            // The headline is level 1.
            "h1" => "h2",
            // Obsolete elements.
            "acronym" => "abbr",
            "strike" => "s",
            "tt" => "code",
            "center" => "div",
            name => name,
        };
        if name == "a" {
            // The sanitizer removes relative URLs.
            let href = value(&tag.attrs, "href").filter(|href| !is_relative(href));
            self.is_in_link.set(is_start && href.is_some());
        }
        let mut html = self.html.borrow_mut();
        html.push_str(if is_start { "<" } else { "</" });
        html.push_str(name);
        let has_id = value(&tag.attrs, "id").is_some();
        if is_start && let Some(class) = alignment(tag) {
            html.extend([" class=\"", class, "\""]);
        }
        for attribute in tag.attrs.iter().filter(|_| is_start) {
            let own = match &*attribute.name.local {
                "name" if name == "a" && !has_id => "id",
                // The class of a cell says how its text is aligned, see above.
                "class" if matches!(name, "td" | "th") => continue,
                own => own,
            };
            html.extend([" ", own, "=\""]);
            push_escaped(&mut html, &attribute.value);
            html.push('"');
        }
        html.push_str(if is_start && tag.self_closing { " />" } else { ">" });
    }
}

impl Skipped {
    fn new(tag: &Tag) -> Self {
        let title = value(&tag.attrs, "title").or_else(|| value(&tag.attrs, "aria-label"));
        Self {
            element: tag.name.to_string(),
            source: source(&tag.attrs),
            title: title.unwrap_or_default().to_owned(),
        }
    }

    fn into_link(self) -> MediaLink {
        of_frame(&self.element, self.source.as_deref(), &self.title)
    }
}

/// Returns the class for the alignment of a table's cell.
fn alignment(tag: &Tag) -> Option<&'static str> {
    if !matches!(&*tag.name, "td" | "th") {
        return None;
    }
    let style = || value(&tag.attrs, "style")?.split_once("text-align:").map(|(_, side)| side);
    let side = value(&tag.attrs, "align").or_else(style)?.trim_ascii_start();
    let is = |name: &&(&str, &str)| {
        side.get(..name.0.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.0))
    };
    ALIGNMENTS.iter().find(is).map(|(_, class)| *class)
}

fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|own| &*own.name.local == name).map(|own| &*own.value)
}

/// Returns what an element would load. Scripts that load it late keep the URL in another attribute.
fn source(attributes: &[Attribute]) -> Option<String> {
    let is_usable = |source: &&str| {
        !source.is_empty() && !source.starts_with("data:") && !source.starts_with("about:")
    };
    let names = ["src", "data", "data-src", "data-lazy-src", "data-original"];
    names
        .into_iter()
        .find_map(|name| value(attributes, name).map(str::trim).filter(is_usable))
        .map(str::to_owned)
}

impl LimitedSink for Rewriter<'_> {
    fn tokens(&self) -> usize {
        self.tokens.get()
    }

    fn check(&self) -> Result<(), RenderError> {
        if self.html.borrow().len() > self.max_bytes {
            return Err(RenderError::TooLarge(self.max_bytes));
        }
        Ok(())
    }
}

impl TokenSink for Rewriter<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        // Errors are reported inside a tag, for each of its repeated attributes.
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        match token {
            Token::TagToken(tag) => return self.tag(&tag),
            Token::CharacterTokens(text) if self.skipped.borrow().is_none() => {
                push_escaped(&mut self.html.borrow_mut(), &text);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
