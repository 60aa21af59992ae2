//! The copy of unsaved text in this browser: one a story, kept only while it is not saved.

use std::cell::{Cell, RefCell};

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys::Object;

use super::autosave::Millis;
use super::fields::{Fields, fields_of};
use crate::islands::dom::{call, get, now, set, text_of, try_call, window};
use crate::islands::editor_form::BODY;

/// First part of the keys.
const PREFIX: &str = "gazette-copy-";
/// Longest copy, in bytes of its JSON; browsers keep about five million characters for a site.
const MAX_LENGTH: usize = 1_500_000;
/// Copies that one story can have: those that the user has not decided about, and one more.
const MAX_SLOTS: usize = 3;
/// Characters that tell one copy from another.
const MAX_CHARACTERS: usize = 60;
/// Age from which a copy is not offered any more.
const MAX_AGE: Millis = 60.0 * 24.0 * 3_600_000.0;

/// A copy that was found.
pub(super) struct Found {
    /// Key under which it is kept.
    pub(super) key: String,
    /// Time at which it was made.
    pub(super) at: Millis,
    /// Fields that were not saved.
    pub(super) fields: Fields,
    /// Key of a new story; empty for one that exists.
    pub(super) story_key: String,
}

impl Found {
    /// Returns whether a form lacks some of it.
    pub(super) fn differs(&self, form: &Fields) -> bool {
        self.fields.iter().any(|(name, value)| is_other(name, value, form.get(name)))
    }

    /// Returns the first words of the copy that the form does not have.
    pub(super) fn words(&self, form: &Fields) -> String {
        let is_new = |(name, value): &(&str, &str)| is_other(name, value, form.get(name));
        let Some((name, value)) = self.fields.iter().find(is_new) else { return String::new() };
        first_words(value, form.get(name).map_or("", String::as_str))
    }
}

/// Returns a text from the first character that differs from those of another text.
fn first_words(text: &str, other: &str) -> String {
    let same = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    text.chars().skip(same).take(MAX_CHARACTERS).collect()
}

/// The place of the story's copy.
pub(super) struct LocalCopy {
    /// Others who sign in at this browser do not get the copy.
    person: String,
    path: RefCell<String>,
    /// Copies before this one wait for a decision.
    slot: Cell<usize>,
    is_stored: Cell<bool>,
}

impl LocalCopy {
    /// Returns the place for a story of a person.
    pub(super) fn new(person: String, path: String) -> Self {
        Self { person, path: RefCell::new(path), slot: Cell::new(0), is_stored: Cell::new(false) }
    }

    /// Returns the copies that differ from the form, the latest last, and removes the others.
    pub(super) fn found(&self, form: &Fields) -> Vec<Found> {
        let copies = (0..MAX_SLOTS).filter_map(|slot| {
            let key = self.key(slot);
            let copy = read(&key)?;
            if !copy.differs(form) || now() - copy.at > MAX_AGE {
                remove(&key);
                return None;
            }
            self.slot.set((slot + 1).min(MAX_SLOTS - 1));
            Some(copy)
        });
        copies.collect()
    }

    /// Keeps the fields that are not saved. Returns false when the browser cannot.
    pub(super) fn store(&self, fields: &Fields, saved: &Fields, key: &str) -> bool {
        let values = Object::new();
        for (name, value) in fields.iter() {
            if saved.get(name).is_none_or(|saved| saved != value) {
                set(&values, name, &value.into());
            }
        }
        let copy = Object::new();
        set(&copy, "at", &now().into());
        set(&copy, "fields", &values);
        set(&copy, "key", &key.into());
        let json = call(&get(&window(), "JSON"), "stringify", &[copy.into()]);
        let key = self.key(self.slot.get());
        let length = json.as_string().map_or(usize::MAX, |json| json.len());
        let is_stored =
            length <= MAX_LENGTH && try_call(&storage(), "setItem", &[key.into(), json]).is_some();
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
        [PREFIX, &slot.to_string(), " ", &self.person, " ", &self.path.borrow()].concat()
    }
}

/// Returns whether a value of a copy is not what the form shows. Publishing tidies spaces, and fills
/// in what was left empty; in the body they mean something.
fn is_other(name: &str, value: &str, shown: Option<&String>) -> bool {
    let Some(shown) = shown else { return false };
    let is_made = value.is_empty() && matches!(name, "slug" | "publish_at");
    let marks = |text: &str| text.split_whitespace().collect::<String>();
    let is_same =
        if name == BODY { shown.trim() == value.trim() } else { marks(shown) == marks(value) };
    !is_made && !is_same
}

/// Removes a copy.
pub(super) fn remove(key: &str) {
    call(&storage(), "removeItem", &[key.into()]);
}

/// Returns the storage that outlives the page; undefined where the browser forbids it.
fn storage() -> JsValue {
    get(&window(), "localStorage")
}

fn read(key: &str) -> Option<Found> {
    let json = call(&storage(), "getItem", &[key.into()]).as_string()?;
    let copy = try_call(&get(&window(), "JSON"), "parse", &[json.into()])?;
    let at = get(&copy, "at").as_f64()?;
    let fields = fields_of(&get(&copy, "fields"));
    Some(Found { key: key.to_owned(), at, fields, story_key: text_of(&copy, "key") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_told_by_its_first_words_of_its_own() {
        assert_eq!(first_words("One two three", "One two 3"), "three");
        assert_eq!(first_words("Only here", ""), "Only here");
        assert_eq!(first_words(&"\u{1f30a}".repeat(90), "").chars().count(), MAX_CHARACTERS);
    }

    #[test]
    fn a_copy_that_was_published_is_not_offered() {
        let other = |name, value: &str, shown: &str| is_other(name, value, Some(&shown.to_owned()));
        assert!(!other("tags", "Harbours,Housing", "Harbours, Housing"));
        assert!(!other("body", "One.\n\nTwo.\n", "One.\n\nTwo."));
        assert!(other("body", "One.\n\nTwo.", "One.\nTwo."), "a paragraph is a change");
        assert!(!other("slug", "", "harbour-plans"));
        assert!(other("summary", "", "Deleted here."));
    }
}
