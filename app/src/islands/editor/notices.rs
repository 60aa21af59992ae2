//! Notices over the form, with buttons to answer them.

use leptos::web_sys::Element;

use super::form::Form;
use crate::islands::dom::{append, button, call, document, element, find, has, set_attribute};
use crate::islands::editor_form::MESSAGES_SELECTOR;

/// Address that signs in and shows who that is.
const SIGN_IN: &str = "/auth/login?return_to=/account";

/// A notice that the page shows.
#[derive(Clone)]
pub(super) struct Notice(Element);

impl Notice {
    /// Shows a notice.
    pub(super) fn show(form: &Form, text: &str) -> Self {
        let messages = find(&document(), MESSAGES_SELECTOR);
        let notice = element("section", "notice editor-notice", "");
        set_attribute(&notice, "role", "alert");
        append(&notice, &element("p", "", text));
        append(messages.as_ref().unwrap_or_else(|| form.element()), &notice);
        Self(notice)
    }

    /// Shows that the session has ended, with a way back that keeps this page.
    pub(super) fn show_sign_in(form: &Form) -> Self {
        let notice = Self::show(form, "You\u{2019}ve been signed out.");
        // Not to this story: it would be open twice.
        let link = notice.add_link("Sign in in a new tab, then come back to this one", SIGN_IN);
        set_attribute(&link, "target", "_blank");
        notice
    }

    /// Adds a text that someone typed.
    pub(super) fn add_text(&self, text: &str) {
        let block = element("pre", "", text);
        set_attribute(&block, "dir", "auto");
        // Long texts scroll, also by keyboard.
        set_attribute(&block, "tabindex", "0");
        append(&self.0, &block);
    }

    /// Adds a row of buttons.
    pub(super) fn add_buttons(&self, buttons: &[Element]) {
        let row = element("div", "group-acts", "");
        for button in buttons {
            append(&row, button);
        }
        append(&self.0, &row);
    }

    /// Makes a button that closes the notice and does something.
    pub(super) fn closing_button(&self, label: &str, click: Box<dyn Fn()>) -> Element {
        let notice = self.clone();
        button(
            label,
            Box::new(move |_| {
                notice.close();
                click();
            }),
        )
    }

    /// Adds a link.
    pub(super) fn add_link(&self, label: &str, address: &str) -> Element {
        let link = element("a", "", label);
        set_attribute(&link, "href", address);
        append(&self.0, &link);
        link
    }

    /// Returns whether the notice is still in the page.
    pub(super) fn is_shown(&self) -> bool {
        has(&self.0, "isConnected")
    }

    /// Removes the notice.
    pub(super) fn close(&self) {
        call(&self.0, "remove", &[]);
    }
}
