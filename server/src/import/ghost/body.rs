//! A body that is being put together as HTML, with Markdown cards in it.

/// HTML, the Markdown that it refers to, and what was left out.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The HTML.
    pub(super) html: String,
    /// Markdown of the elements `<gazette-verbatim n="0">`.
    pub(super) verbatim: Vec<String>,
    /// Notes about content that was left out, a line each.
    pub(super) notes: Vec<String>,
}

impl Body {
    /// Adds HTML.
    pub(super) fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Adds text.
    pub(super) fn push_text(&mut self, text: &str) {
        self.html.push_str(&escape(text));
    }

    /// Adds a block of Markdown.
    pub(super) fn push_markdown(&mut self, markdown: &str) {
        let number = self.verbatim.len();
        self.verbatim.push(markdown.to_owned());
        let element = format!("<gazette-verbatim n=\"{number}\"></gazette-verbatim>");
        self.html.push_str(&element);
    }

    /// Notes something, once.
    pub(super) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) && self.notes.len() < 20 {
            self.notes.push(note);
        }
    }
}

/// Escapes text for HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
