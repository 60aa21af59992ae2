//! Values of the form's fields.

use leptos::wasm_bindgen::JsValue;

use crate::islands::dom::get;
use crate::islands::editor_form::FIELDS;

/// Fields with their values; at most one value a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// Returns the value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&String> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// Adds a field or replaces its value.
    pub(crate) fn set(&mut self, name: &'static str, value: String) {
        match self.0.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Returns whether no field is there.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Iterates over names and values.
    pub(crate) fn into_pairs(self) -> impl Iterator<Item = (&'static str, String)> {
        self.0.into_iter()
    }
}

/// Returns the fields in an object.
pub(super) fn fields_of(object: &JsValue) -> Fields {
    let mut fields = Fields::default();
    for name in FIELDS {
        if let Some(value) = get(object, name).as_string() {
            fields.set(name, value);
        }
    }
    fields
}
