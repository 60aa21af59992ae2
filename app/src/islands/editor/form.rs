//! The fields of the form in the page.

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::Element;

use super::autosave::SaveRequest;
use super::fields::Fields;
use crate::islands::dom::{
    attribute, by_id, call, document, find, find_all, get, is_missing, new, set,
};
use crate::islands::dom::{set_attribute, set_text, text_of, window};
use crate::islands::editor_form::{
    ACTION, BODY, FIELDS, FORM_ID, KEY, PERSON_ATTRIBUTE, SEQUENCE, STAGE_ID, TAB,
    UNSAVED_ATTRIBUTE, VERSION, ZONE_ATTRIBUTE,
};

/// The editor's form.
#[derive(Clone)]
pub(super) struct Form(Element);

impl Form {
    /// Returns the form of the page, if it has one.
    pub(super) fn find() -> Option<Self> {
        by_id(FORM_ID).map(Self)
    }

    /// Returns the element.
    pub(super) fn element(&self) -> &Element {
        &self.0
    }

    /// Returns the text area of the body.
    pub(super) fn body() -> Option<Element> {
        by_id(BODY)
    }

    /// Returns the address that the form is sent to.
    ///
    /// Not the property `action`, which is one of the buttons of that name.
    pub(super) fn path(&self) -> String {
        attribute(&self.0, "action").unwrap_or_default()
    }

    /// Makes another address that of the form and of the page: the story is a draft from now on.
    pub(super) fn move_to(&self, path: &str) {
        let old = self.path();
        for button in find_all(&self.0, "[formaction]") {
            let address = attribute(&button, "formaction").unwrap_or_default();
            if let Some(rest) = address.strip_prefix(old.as_str()) {
                set_attribute(&button, "formaction", &[path, rest].concat());
            }
        }
        set_attribute(&self.0, "action", path);
        // A browser may refuse after too many changes; the form knows its address anyway.
        let history = get(&window(), "history");
        call(&history, "replaceState", &[JsValue::NULL, "".into(), path.into()]);
        if let Some(stage) = by_id(STAGE_ID) {
            set_text(&stage, "Draft");
        }
    }

    /// Returns the zone of the times that the page shows.
    pub(super) fn zone(&self) -> String {
        attribute(&self.0, ZONE_ATTRIBUTE).unwrap_or_default()
    }

    /// Returns the name of the person, under which copies are kept.
    pub(super) fn person(&self) -> String {
        attribute(&self.0, PERSON_ATTRIBUTE).unwrap_or_default()
    }

    /// Returns whether the page came with text that is not saved.
    pub(super) fn is_unsaved(&self) -> bool {
        attribute(&self.0, UNSAVED_ATTRIBUTE).is_some()
    }

    /// Returns whether something was typed before the island started.
    pub(super) fn is_changed(&self) -> bool {
        FIELDS.into_iter().filter_map(|name| self.control(name)).any(|control| {
            let initial = get(&control, "defaultValue").as_string();
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
        let caret = get(&control, "selectionStart");
        set(&control, "value", &value.into());
        // Some browsers move the focus to a control whose selection is set.
        let is_focused = get(&document(), "activeElement") == control;
        if is_focused && !is_missing(&caret) {
            set(&control, "selectionStart", &caret);
            set(&control, "selectionEnd", &caret);
        }
    }

    /// Returns the parameters of a save.
    pub(super) fn parameters(&self, action: &str, tab: &str, save: &SaveRequest) -> JsValue {
        let parameters = new("URLSearchParams", &[]);
        let add = |name: &str, value: &str| {
            call(&parameters, "append", &[name.into(), value.into()]);
        };
        for (name, value) in save.fields.iter() {
            add(name, value);
        }
        add(VERSION, &save.version.to_string());
        add(TAB, tab);
        add(SEQUENCE, &save.sequence.to_string());
        if self.control(KEY).is_some() {
            add(KEY, &self.value(KEY));
        }
        add(ACTION, action);
        parameters
    }

    /// Sends the form as if a button had been pressed.
    pub(super) fn press(&self, button: &Element) {
        call(&self.0, "requestSubmit", &[button.into()]);
    }

    /// Returns the button of an action.
    pub(super) fn button(&self, action: &str) -> Option<Element> {
        find(&self.0, &["button[name=", ACTION, "][value=", action, "]"].concat())
    }

    /// Returns whether an event is about a field that is saved.
    pub(super) fn is_about_field(event: &JsValue) -> bool {
        FIELDS.contains(&text_of(&get(event, "target"), "name").as_str())
    }

    fn control(&self, name: &str) -> Option<JsValue> {
        let control = get(&get(&self.0, "elements"), name);
        (!is_missing(&control)).then_some(control)
    }
}
