//! Nodes to blocks: paragraphs of inline nodes, wrappers of language and direction.

use crate::import::html_to_markdown::clean_html::direction;
use crate::import::html_to_markdown::dom::NodeId;
use crate::import::html_to_markdown::inline::{anchor, line};
use crate::import::html_to_markdown::line_writer::Place;
use crate::import::html_to_markdown::output::Output;
use crate::import::html_to_markdown::page::Page;

/// Depth of containers below which only the text is kept.
const MAX_DEPTH: usize = 40;

/// Writes blocks.
pub(super) struct Writer<'p, 's> {
    /// The page.
    pub(super) page: &'p Page<'s>,
    /// Markdown written so far.
    pub(super) output: Output,
    /// Depth of the current container.
    depth: usize,
    /// Marker of the list that was just written.
    pub(super) last_list: Option<char>,
    /// Writes a block element.
    element: fn(&mut Self, NodeId),
}

impl<'p, 's> Writer<'p, 's> {
    /// Starts without blocks.
    pub(super) fn new(page: &'p Page<'s>, element: fn(&mut Self, NodeId)) -> Self {
        Self { page, output: Output::new(), depth: 0, last_list: None, element }
    }

    /// Writes the children of a container.
    pub(super) fn children(&mut self, id: NodeId) {
        let children: Vec<NodeId> = self.page.dom.children(id).collect();
        self.nodes(&children);
    }

    /// Writes nodes, each run of inline ones as a paragraph.
    pub(super) fn nodes(&mut self, nodes: &[NodeId]) {
        if self.depth > MAX_DEPTH {
            self.paragraph(nodes);
            return;
        }
        self.depth += 1;
        let mut run = Vec::new();
        let mut wrapper = String::new();
        for id in nodes {
            if !self.is_block(*id) {
                run.push(*id);
                continue;
            }
            self.run(&mut run, &mut wrapper);
            self.wrap(direction(self.page, *id), &mut wrapper);
            (self.element)(self, *id);
        }
        self.run(&mut run, &mut wrapper);
        self.wrap(String::new(), &mut wrapper);
        self.depth -= 1;
    }

    /// Writes inline nodes as a paragraph, outside of a wrapper.
    fn run(&mut self, run: &mut Vec<NodeId>, wrapper: &mut String) {
        let is_space =
            |id: &NodeId| self.page.dom.text(*id).is_some_and(|text| text.trim_ascii().is_empty());
        if !run.iter().all(is_space) {
            self.wrap(String::new(), wrapper);
            self.paragraph(run);
        }
        run.clear();
    }

    fn wrap(&mut self, attributes: String, current: &mut String) {
        if attributes == *current {
            return;
        }
        if !current.is_empty() {
            self.write("</div>");
        }
        if !attributes.is_empty() {
            self.write(&format!("<div{attributes}>"));
        }
        *current = attributes;
    }

    fn is_block(&self, id: NodeId) -> bool {
        let dom = &self.page.dom;
        dom.is_block(id) || dom.has_blocks(id) && !self.is_media_link(id)
    }

    /// Checks for a link around blocks, which is written as one line.
    fn is_media_link(&self, id: NodeId) -> bool {
        self.page.dom.name(id) == Some("a") && self.page.dom.attribute(id, "href").is_some()
    }

    /// Writes a block of Markdown.
    pub(super) fn write(&mut self, block: &str) {
        self.output.block(block);
        self.last_list = None;
    }

    /// Writes inline nodes as a paragraph, if they show anything.
    pub(super) fn paragraph(&mut self, nodes: &[NodeId]) {
        let text = line(self.page, nodes, Place::Paragraph);
        if !text.is_empty() {
            self.write(&text);
        }
    }

    /// Writes the children of a container after its anchor.
    pub(super) fn container(&mut self, id: NodeId) {
        if let Some(target) = self.page.target(id) {
            self.write(&anchor(target));
        }
        self.children(id);
    }

    /// Writes a block after its anchor.
    pub(super) fn anchored(&mut self, block: &str, id: NodeId) {
        if let Some(target) = self.page.target(id) {
            self.write(&anchor(target));
        }
        self.write(block);
    }
}
