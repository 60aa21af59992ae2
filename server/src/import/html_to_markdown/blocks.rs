//! Paragraphs, headings, quotes, code and what contains them.

use crate::import::html_to_markdown::clean_html::clean;
use crate::import::html_to_markdown::dom::NodeId;
use crate::import::html_to_markdown::inline::{anchor, line, longest_run, marked_line};
use crate::import::html_to_markdown::line_writer::Place;
use crate::import::html_to_markdown::list::list;
use crate::import::html_to_markdown::media::{embed_link, frame};
use crate::import::html_to_markdown::page::Page;
use crate::import::html_to_markdown::pieces::Mark;
use crate::import::html_to_markdown::table::table;
use crate::import::html_to_markdown::writer::Writer;

/// Writes a block element.
pub(super) fn element(writer: &mut Writer<'_, '_>, id: NodeId) {
    let page = writer.page;
    let name = page.dom.name(id).unwrap_or_default();
    if page.is_note_list(id) {
        return;
    }
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => writer.heading(id, name),
        "blockquote" => writer.quote(id),
        "pre" => writer.preformatted(id),
        "hr" => writer.anchored("***", id),
        "ul" | "ol" | "menu" | "dir" => list(writer, id),
        "table" => table(writer, id),
        "figure" => writer.figure(id),
        "iframe" => writer.frame(id),
        "video" | "audio" | "object" | "embed" => writer.media(id),
        "dl" => writer.write(&clean(page, id)),
        "details" => writer.details(id),
        "gazette-verbatim" => writer.verbatim(id),
        _ => writer.container(id),
    }
}

impl Writer<'_, '_> {
    fn frame(&mut self, id: NodeId) {
        if let Some(frame) = frame(self.page, id) {
            self.write(&frame);
        }
    }

    fn heading(&mut self, id: NodeId, name: &str) {
        let children: Vec<NodeId> = self.page.dom.children(id).collect();
        let text = line(self.page, &children, Place::Heading);
        if text.is_empty() {
            return;
        }
        let level = name.trim_start_matches('h').parse().unwrap_or(2);
        let target = self.page.target(id).map(|target| format!(" {{#{target}}}"));
        self.write(&format!("{} {text}{}", "#".repeat(level), target.unwrap_or_default()));
    }

    fn quote(&mut self, id: NodeId) {
        let outer = self.output.begin("> ", "> ", false);
        self.last_list = None;
        self.container(id);
        self.output.end(outer);
        self.last_list = None;
    }

    fn preformatted(&mut self, id: NodeId) {
        let page = self.page;
        if page.dom.has_class(id, "wp-block-verse") {
            self.verse(id);
            return;
        }
        let text = page.dom.text_below(id).replace("\r\n", "\n").replace('\r', "\n");
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end_matches('\n');
        let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
        let language = language(page, id).unwrap_or_default();
        self.anchored(&format!("{fence}{language}\n{text}\n{fence}"), id);
    }

    /// Writes a poem: its lines stay lines.
    fn verse(&mut self, id: NodeId) {
        let text = self.page.dom.text_below(id);
        let lines = text.trim().split("\n\n").map(|stanza| {
            let lines = stanza.lines().map(|line| {
                let escaped = super::escape::escape(line.trim());
                super::escape::escape_line_start(&escaped).unwrap_or(escaped)
            });
            lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\\\n")
        });
        let stanzas: Vec<String> = lines.filter(|stanza| !stanza.is_empty()).collect();
        for stanza in stanzas {
            self.write(&stanza);
        }
    }

    fn figure(&mut self, id: NodeId) {
        let dom = &self.page.dom;
        let is_caption = |id: &NodeId| dom.name(*id) == Some("figcaption");
        let (captions, content): (Vec<NodeId>, Vec<NodeId>) =
            dom.children(id).partition(is_caption);
        if let Some(target) = self.page.target(id) {
            self.write(&anchor(target));
        }
        self.nodes(&content);
        for caption in captions {
            let children: Vec<NodeId> = self.page.dom.children(caption).collect();
            let text = marked_line(self.page, &children, Place::Paragraph, Some(Mark::Emphasis));
            if !text.is_empty() {
                self.write(&text);
            }
        }
    }

    fn media(&mut self, id: NodeId) {
        let link = embed_link(self.page, id);
        if !link.is_empty() {
            self.write(&link);
        }
    }

    fn details(&mut self, id: NodeId) {
        let dom = &self.page.dom;
        let is_summary = |id: &NodeId| dom.name(*id) == Some("summary");
        let (summary, content): (Vec<NodeId>, Vec<NodeId>) = dom.children(id).partition(is_summary);
        let is_open = dom.attributes(id).iter().any(|(name, _)| name == "open");
        let mut start = format!("<details{}>", if is_open { " open" } else { "" });
        if let Some(summary) = summary.first() {
            start.push('\n');
            start.push_str(&clean(self.page, *summary));
        }
        self.write(&start);
        self.nodes(&content);
        self.write("</details>");
    }

    fn verbatim(&mut self, id: NodeId) {
        let number = self.page.dom.attribute(id, "n").and_then(|number| number.parse().ok());
        let text = number.and_then(|number: usize| self.page.verbatim.get(number));
        if let Some(text) = text.map(|text| text.trim_matches(['\n', '\r'])) {
            self.write(&text.replace("\r\n", "\n"));
        }
    }
}

/// Returns the language of code, from the classes of its elements.
fn language(page: &Page<'_>, id: NodeId) -> Option<String> {
    let code = page.dom.children(id).find(|child| page.dom.name(*child) == Some("code"));
    let of = |id: NodeId| {
        let data = ["data-language", "data-lang", "lang"]
            .into_iter()
            .find_map(|name| page.dom.attribute(id, name));
        let classes = page.dom.attribute(id, "class").unwrap_or_default();
        let (_, brush) = classes.split_once("brush:").unwrap_or_default();
        let brush = brush.split([';', ' ']).find(|word| !word.is_empty());
        let named = classes.split_whitespace().find_map(|class| {
            class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-"))
        });
        named.or(brush).or(data).map(str::to_owned)
    };
    let parent = || page.dom.parent(id);
    let language = code.and_then(of).or_else(|| of(id)).or_else(|| parent().and_then(of))?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.');
    (language.len() <= 30 && language.chars().all(is_plain)).then_some(language)
}
