//! The copy of unsaved text in this browser: one a story, kept only while it is not saved.

use std::cell::{Cell, RefCell};

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys::{JSON, Object, Reflect};

use super::autosave::Millis;
use super::dom::{now, property_of, set_property, storage};
use super::fields::Fields;

/// Longest copy, in characters of its JSON; browsers keep about five million for a site.
const MAX_LENGTH: usize = 1_500_000;
/// Copies that one story can have: those that the user has not decided about, and one more.
const MAX_SLOTS: usize = 3;
/// Age from which a copy is not offered any more.
const MAX_AGE: Millis = 60.0 * 24.0 * 3_600_000.0;

/// A copy that was found.
pub(super) struct Found {
    /// Where it is kept.
    pub(super) key: String,
    /// Time at which it was made.
    pub(super) at: Millis,
    /// Fields that were not saved.
    pub(super) fields: Fields,
}

/// The place of the story's copy.
pub(super) struct LocalCopy {
    path: RefCell<String>,
    /// Copies before this one wait for a decision.
    slot: Cell<usize>,
    is_stored: Cell<bool>,
}

impl LocalCopy {
    /// Returns the place for a story.
    pub(super) fn new(path: String) -> Self {
        Self { path: RefCell::new(path), slot: Cell::new(0), is_stored: Cell::new(false) }
    }

    /// Returns the copies that differ from the form, and removes the others.
    pub(super) fn found(&self, form: &Fields) -> Vec<Found> {
        let copies = (0..MAX_SLOTS).filter_map(|slot| {
            let key = self.key(slot);
            let copy = read(&key)?;
            let is_new = copy
                .fields
                .iter()
                .any(|(name, value)| form.get(name).is_some_and(|shown| shown != value));
            if !is_new || now() - copy.at > MAX_AGE {
                remove(&key);
                return None;
            }
            self.slot.set((slot + 1).min(MAX_SLOTS - 1));
            Some(copy)
        });
        copies.collect()
    }

    /// Keeps the fields that are not saved. Returns false when the browser cannot.
    pub(super) fn store(&self, fields: &Fields, saved: &Fields) -> bool {
        let values = Object::new();
        for (name, value) in
            fields.iter().filter(|(name, value)| saved.get(name).is_none_or(|saved| saved != value))
        {
            set_property(&values, name, &value.into());
        }
        let copy = Object::new();
        set_property(&copy, "at", &now().into());
        set_property(&copy, "fields", &values);
        let json = JSON::stringify(&copy).ok().and_then(|json| json.as_string());
        let is_stored = json.filter(|json| json.len() <= MAX_LENGTH).zip(storage()).is_some_and(
            |(json, storage)| storage.set_item(&self.key(self.slot.get()), &json).is_ok(),
        );
        self.is_stored.set(is_stored);
        is_stored
    }

    /// Removes the copy of this page: its text is saved.
    pub(super) fn remove(&self) {
        if self.is_stored.replace(false) {
            remove(&self.key(self.slot.get()));
        }
    }

    /// Names the story by another path from now on.
    pub(super) fn move_to(&self, path: &str) {
        self.remove();
        path.clone_into(&mut self.path.borrow_mut());
        self.slot.set(0);
    }

    fn key(&self, slot: usize) -> String {
        ["gazette-copy", "-", &slot.to_string(), " ", &self.path.borrow()].concat()
    }
}

/// Removes a copy.
pub(super) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // Fails only where nothing could be stored.
        let _ = storage.remove_item(key);
    }
}

fn read(key: &str) -> Option<Found> {
    let json = storage()?.get_item(key).ok()??;
    let copy = JSON::parse(&json).unwrap_or(JsValue::NULL);
    let at = property_of(&copy, "at").as_f64().unwrap_or_default();
    let fields = fields_of(&property_of(&copy, "fields"));
    Some(Found { key: key.to_owned(), at, fields })
}

/// Returns the fields in an object.
pub(super) fn fields_of(object: &JsValue) -> Fields {
    let mut fields = Fields::default();
    let Some(object) = object.is_object().then_some(object) else { return fields };
    for name in Reflect::own_keys(object).unwrap_or_default().iter() {
        let name = name.as_string().unwrap_or_default();
        if let Some(value) = property_of(object, &name).as_string() {
            fields.set_named(&name, value);
        }
    }
    fields
}
