//! Contents of the elements of a body, collected before any of them is written.

use std::ops::Range;

use crate::markdown::scan::Piece;

/// Facts about the elements, by the index of their start tag.
pub(super) struct Facts(Vec<Element>);

#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Element {
    name: Name,
    /// Index after the end tag.
    end: usize,
    has_blocks: bool,
    /// It contains a text or a picture.
    has_content: bool,
    has_reading: bool,
    /// Its children that are elements, or texts.
    children: usize,
    /// It contains nothing but terms and their meanings, in this order.
    terms: Terms,
    /// It is the title of the element in which it is.
    is_title: bool,
    /// Number and start of the first summary, or of the only caption.
    title: Option<(usize, usize)>,
    titles: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Name {
    Details,
    Figure,
    Heading,
    #[default]
    Other,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Terms {
    #[default]
    None,
    Term,
    Meaning,
    Broken,
}

impl Facts {
    pub(super) fn of(pieces: &[Piece<'_>]) -> Self {
        let mut facts = Self(vec![Element::default(); pieces.len()]);
        let mut open: Vec<usize> = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) if text.trim_ascii().is_empty() => {}
                Piece::Text(_) => {
                    facts.child(&open, "", index);
                    facts.content(&open);
                }
                Piece::Open(tag) => {
                    facts.child(&open, tag.name, index);
                    facts.element(index, |element| element.name = name_of(tag.name));
                    if is_void(tag.name) {
                        facts.element(index, |element| element.end = index + 1);
                        // A box alone is no heading.
                        if tag.name == "img" {
                            facts.content(&open);
                        }
                    } else {
                        open.push(index);
                    }
                }
                Piece::Close(_) => {
                    if let Some(start) = open.pop() {
                        facts.end(&open, start, index + 1);
                    }
                }
            }
        }
        facts
    }

    fn element(&mut self, index: usize, change: impl FnOnce(&mut Element)) {
        if let Some(element) = self.0.get_mut(index) {
            change(element);
        }
    }

    fn content(&mut self, open: &[usize]) {
        if let Some(parent) = open.last() {
            self.element(*parent, |element| element.has_content = true);
        }
    }

    /// Notes a child of the element that is open.
    fn child(&mut self, open: &[usize], name: &str, index: usize) {
        let Some(parent) = open.last() else { return };
        let mut number = 0;
        self.element(*parent, |element| {
            number = element.children;
            element.children += 1;
            element.has_blocks |= is_block(name);
            element.has_reading |= name == "rt";
            element.terms = element.terms.then(name);
            if matches!(
                (element.name, name),
                (Name::Details, "summary") | (Name::Figure, "figcaption")
            ) {
                element.titles += 1;
                element.title.get_or_insert((number, index));
            }
        });
    }

    /// Notes what is known at the end of an element.
    fn end(&mut self, open: &[usize], start: usize, end: usize) {
        let Some(element) = self.0.get_mut(start) else { return };
        element.end = end;
        let (has_content, has_blocks) = (element.has_content, element.has_blocks);
        let title = element.title.filter(|(number, _)| match element.name {
            Name::Figure => element.titles == 1 && (*number == 0 || number + 1 == element.children),
            _ => true,
        });
        if let Some((_, title)) = title {
            self.element(title, |element| element.is_title = true);
        }
        if let Some(parent) = open.last() {
            self.element(*parent, |element| {
                element.has_content |= has_content;
                element.has_blocks |= has_blocks;
            });
        }
    }

    /// Returns the end of a heading without content.
    pub(super) fn empty_heading(&self, index: usize) -> Option<usize> {
        let element = self.0.get(index)?;
        (element.name == Name::Heading && !element.has_content).then_some(element.end)
    }

    /// Returns the summary of an element that has something before it.
    pub(super) fn late_summary(&self, index: usize) -> Option<Range<usize>> {
        let element = self.0.get(index).filter(|element| element.name == Name::Details)?;
        let (number, start) = element.title?;
        let end = self.0.get(start)?.end;
        (number > 0 && end > start).then_some(start..end)
    }

    pub(super) fn has_summary(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|element| element.title.is_some())
    }

    /// Returns whether a summary is the first of its element, or a caption the only one of its
    /// figure, and the first or last in it.
    pub(super) fn is_title(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|element| element.is_title)
    }

    pub(super) fn has_blocks(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|element| element.has_blocks)
    }

    pub(super) fn has_reading(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|element| element.has_reading)
    }

    pub(super) fn has_terms(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|element| element.terms == Terms::Meaning)
    }
}

impl Terms {
    fn then(self, child: &str) -> Self {
        match (self, child) {
            (Self::None | Self::Term | Self::Meaning, "dt") => Self::Term,
            (Self::Term | Self::Meaning, "dd") => Self::Meaning,
            _ => Self::Broken,
        }
    }
}

fn name_of(name: &str) -> Name {
    match name {
        "details" => Name::Details,
        "figure" => Name::Figure,
        "h2" | "h3" | "h4" | "h5" | "h6" => Name::Heading,
        _ => Name::Other,
    }
}

/// Returns whether an element has no end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "col" | "hr" | "img" | "input" | "wbr")
}

pub(super) fn is_table_part(name: &str) -> bool {
    matches!(
        name,
        "caption" | "col" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr"
    )
}

/// Returns whether an element cannot be within a line.
pub(super) fn is_block(name: &str) -> bool {
    is_table_part(name)
        || matches!(
            name,
            "article"
                | "aside"
                | "blockquote"
                | "dd"
                | "details"
                | "div"
                | "dl"
                | "dt"
                | "figcaption"
                | "figure"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "hr"
                | "li"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "summary"
                | "table"
                | "ul"
        )
}
