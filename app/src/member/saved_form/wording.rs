//! The parts of the words for a form.

use gazette_domain::Endpoint;

/// Words for a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Title of the page: "Delete 2 stories?"
    pub(super) question: String,
    /// Text of the button: "Delete 2 stories".
    pub(super) button: String,
    pub(super) is_danger: bool,
    /// Typed fields: label and text.
    pub(super) typed: Vec<(&'static str, String)>,
    /// Consequence of the act.
    pub(super) note: Option<&'static str>,
    /// Page to go to instead.
    pub(super) back: Endpoint,
}

/// Returns the words for an act, which ask whether to do it.
pub(super) fn act(button: impl Into<String>, back: Endpoint) -> Words {
    let button = button.into();
    let question = format!("{button}?");
    Words { question, button, is_danger: false, typed: Vec::new(), note: None, back }
}

impl Words {
    /// Marks the act as one that removes something.
    pub(super) fn danger(self) -> Self {
        Self { is_danger: true, ..self }
    }

    /// Adds a text that was typed, unless it is empty.
    pub(super) fn typed(mut self, label: &'static str, text: &str) -> Self {
        if !text.trim().is_empty() {
            self.typed.push((label, text.to_owned()));
        }
        self
    }
}

/// Returns text in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("\u{201c}{}\u{201d}", text.trim())
}
