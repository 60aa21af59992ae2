//! Notices over the form, with buttons to answer them.

use leptos::web_sys::{Element, Event};

use super::dom::{append, button, document, element};
use super::form::Form;
use crate::islands::editor_form::MESSAGES_CLASS;

/// A notice that the page shows.
#[derive(Clone)]
pub(super) struct Notice(Element);

impl Notice {
    /// Shows a notice.
    pub(super) fn show(form: &Form, text: &str) -> Option<Self> {
        let notice = element("section", "notice editor-notice", "")?;
        notice.set_attribute("role", "alert").ok()?;
        append(&notice, element("p", "", text));
        let messages = document()?.get_elements_by_class_name(MESSAGES_CLASS).item(0);
        match messages {
            Some(messages) => append(&messages, Some(notice.clone())),
            None => form.element().prepend_with_node_1(&notice).ok()?,
        }
        Some(Self(notice))
    }

    /// Adds a text that someone typed.
    pub(super) fn add_text(&self, text: &str) {
        let block = element("pre", "", text);
        if let Some(block) = &block {
            let _ = block.set_attribute("dir", "auto");
            // Long texts scroll, also by keyboard.
            let _ = block.set_attribute("tabindex", "0");
        }
        append(&self.0, block);
    }

    /// Adds a row for buttons.
    pub(super) fn add_buttons(&self, buttons: impl IntoIterator<Item = Option<Element>>) {
        let Some(row) = element("div", "group-acts", "") else { return };
        for button in buttons {
            append(&row, button);
        }
        append(&self.0, Some(row));
    }

    /// Makes a button that closes the notice and does something.
    pub(super) fn closing_button(
        &self,
        label: &str,
        mut click: impl FnMut() + 'static,
    ) -> Option<Element> {
        let notice = self.clone();
        button(label, move |_: Event| {
            notice.close();
            click();
        })
    }

    /// Adds a link that opens in another tab.
    pub(super) fn add_link(&self, label: &str, address: &str) {
        let link = element("a", "", label);
        if let Some(link) = &link {
            let _ = link.set_attribute("href", address);
            let _ = link.set_attribute("target", "_blank");
        }
        append(&self.0, link);
    }

    /// Returns whether the notice is still in the page.
    pub(super) fn is_shown(&self) -> bool {
        self.0.is_connected()
    }

    /// Removes the notice.
    pub(super) fn close(&self) {
        self.0.remove();
    }
}
