//! The fields of the form in the page.

use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::{Element, Event, HtmlFormElement, HtmlTextAreaElement, UrlSearchParams};

use super::autosave::SaveRequest;
use super::dom::{by_id, property_of, set_property, text_of};
use super::fields::Fields;
use crate::islands::editor_form::{
    ACTION, BODY, FIELDS, FORM_ID, KEY, SEQUENCE, TAB, UNSAVED_ATTRIBUTE, VERSION, ZONE_ATTRIBUTE,
};

/// The editor's form.
#[derive(Clone)]
pub(super) struct Form(HtmlFormElement);

impl Form {
    /// Returns the form of the page, if it has one.
    pub(super) fn find() -> Option<Self> {
        by_id(FORM_ID)?.dyn_into().ok().map(Self)
    }

    /// Returns the element.
    pub(super) fn element(&self) -> &HtmlFormElement {
        &self.0
    }

    /// Returns the text area of the body.
    pub(super) fn body() -> Option<HtmlTextAreaElement> {
        by_id(BODY)?.dyn_into().ok()
    }

    /// Returns the address that the form is sent to.
    ///
    /// Not the property `action`, which is one of the buttons of that name.
    pub(super) fn path(&self) -> String {
        self.0.get_attribute("action").unwrap_or_default()
    }

    /// Sends the form to another address from now on, as the address of the page.
    pub(super) fn move_to(&self, path: &str) {
        let old = self.path();
        let Ok(buttons) = self.0.query_selector_all("[formaction]") else { return };
        for index in 0..buttons.length() {
            let button = buttons.get(index).and_then(|node| node.dyn_into::<Element>().ok());
            let Some(button) = button else { continue };
            let address = button.get_attribute("formaction").unwrap_or_default();
            if let Some(rest) = address.strip_prefix(old.as_str()) {
                let _ = button.set_attribute("formaction", &[path, rest].concat());
            }
        }
        let _ = self.0.set_attribute("action", path);
    }

    /// Returns the zone of the times that the page shows.
    pub(super) fn zone(&self) -> String {
        self.0.get_attribute(ZONE_ATTRIBUTE).unwrap_or_default()
    }

    /// Returns whether the page came with text that is not saved, or something was typed before
    /// the island started.
    pub(super) fn is_unsaved(&self) -> bool {
        self.0.has_attribute(UNSAVED_ATTRIBUTE)
            || FIELDS.into_iter().filter_map(|name| self.control(name)).any(|control| {
                let initial = property_of(&control, "defaultValue").as_string();
                initial.is_some_and(|initial| initial != text_of(&control, "value"))
            })
    }

    /// Reads the fields that are saved.
    pub(super) fn read(&self) -> Fields {
        let mut fields = Fields::default();
        for name in FIELDS {
            if let Some(control) = self.control(name) {
                fields.set(name, text_of(&control, "value"));
            }
        }
        fields
    }

    /// Returns the value of a field or hidden field.
    pub(super) fn value(&self, name: &str) -> String {
        self.control(name).map(|control| text_of(&control, "value")).unwrap_or_default()
    }

    /// Changes a field. The caret stays where it is.
    pub(super) fn set(&self, name: &str, value: &str) {
        let Some(control) = self.control(name) else { return };
        let caret = property_of(&control, "selectionStart");
        set_property(&control, "value", &value.into());
        if !caret.is_undefined() && !caret.is_null() {
            set_property(&control, "selectionStart", &caret);
            set_property(&control, "selectionEnd", &caret);
        }
    }

    /// Returns the parameters of a save.
    pub(super) fn parameters(
        &self,
        action: &str,
        tab: &str,
        save: &SaveRequest,
    ) -> Option<UrlSearchParams> {
        let parameters = UrlSearchParams::new().ok()?;
        for (name, value) in save.fields.iter() {
            parameters.append(name, value);
        }
        parameters.append(VERSION, &save.version.to_string());
        parameters.append(TAB, tab);
        parameters.append(SEQUENCE, &save.sequence.to_string());
        if self.control(KEY).is_some() {
            parameters.append(KEY, &self.value(KEY));
        }
        parameters.append(ACTION, action);
        Some(parameters)
    }

    /// Sends the form as if a button had been pressed.
    pub(super) fn press(&self, button: &Element) {
        if let Some(button) = button.dyn_ref() {
            // Fails only for a button of another form.
            let _ = self.0.request_submit_with_submitter(Some(button));
        }
    }

    /// Returns the button of an action.
    pub(super) fn button(&self, action: &str) -> Option<Element> {
        let selector = ["button[name=", ACTION, "][value=", action, "]"].concat();
        self.0.query_selector(&selector).ok()?
    }

    /// Returns whether an event is about a field that is saved.
    pub(super) fn is_about_field(event: &Event) -> bool {
        let name = event.target().map(|target| text_of(&target, "name")).unwrap_or_default();
        FIELDS.contains(&name.as_str())
    }

    fn control(&self, name: &str) -> Option<JsValue> {
        let control = self.0.elements().named_item(name)?;
        Some(control.into())
    }
}
