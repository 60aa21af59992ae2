//! The keys of front matter.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The keys and values of front matter. `publishDate`, `publish_date` and `PublishDate` are one key.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Head {
    values: BTreeMap<String, Value>,
}

/// Format of the files that `export --markdown` writes, under the key `gazette_export`.
pub(crate) const MARKDOWN_FORMAT: u32 = 1;

/// Tables within which Hugo and Zola keep the keys that they do not know.
const INNER: [&str; 2] = ["params", "extra"];

impl Head {
    /// Reads the keys of a map.
    pub(super) fn new(map: &Map<String, Value>) -> Self {
        let mut values = BTreeMap::new();
        for (key, value) in map {
            values.entry(plain(key)).or_insert_with(|| value.clone());
        }
        Self { values }
    }

    /// Adds the keys that the front matter lacks.
    pub(super) fn with_defaults(mut self, defaults: &Self) -> Self {
        for (key, value) in &defaults.values {
            self.values.entry(key.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    /// Returns the value of a key in its plain spelling, unless it is empty.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key).filter(|value| !is_empty(value))
    }

    /// Checks for a file of Gazette's own: its texts are plain, and its body is as it was.
    pub(super) fn is_own(&self) -> bool {
        let format = self.values.get("gazetteexport").and_then(Value::as_u64);
        format == Some(u64::from(MARKDOWN_FORMAT))
    }

    /// Returns the keys below a key.
    pub(super) fn inner(&self, key: &str) -> Option<Self> {
        self.values.get(key).and_then(Value::as_object).map(Self::new)
    }

    /// Returns the values of those of the keys that are there, in the order of the keys, first
    /// outside and then within `params` and `extra`.
    pub(super) fn all(&self, keys: &[&str]) -> Vec<Value> {
        let within = INNER.iter().filter_map(|inner| self.inner(inner));
        std::iter::once(self.clone())
            .chain(within)
            .flat_map(|head| {
                keys.iter().filter_map(|key| head.get(key).cloned()).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Returns the first value of the keys.
    pub(super) fn first(&self, keys: &[&str]) -> Option<Value> {
        self.all(keys).into_iter().next()
    }

    /// Returns the first usable text of the keys.
    pub(super) fn text(&self, keys: &[&str]) -> Option<String> {
        self.all(keys).iter().find_map(text_of)
    }
}

/// Returns the spelling of a key by which it is found.
pub(super) fn plain(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns a text or a number as text, of a list the texts joined.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().filter_map(text_of).collect();
            texts.join(" ")
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn head(value: &Value) -> Head {
        Head::new(value.as_object().expect("a map"))
    }

    #[test]
    fn a_key_is_found_in_each_spelling_and_place() {
        for map in [
            json!({"featured_image": "a.png"}),
            json!({"FeaturedImage": "a.png"}),
            json!({"featured-image": "a.png", "params": {"featuredImage": "b.png"}}),
            json!({"params": {"featuredImage": "a.png"}}),
            json!({"featuredImage": "", "extra": {"featured_image": "a.png"}}),
        ] {
            assert_eq!(head(&map).text(&["image", "featuredimage"]).as_deref(), Some("a.png"));
        }
    }

    #[test]
    fn a_text_is_a_text_a_number_or_a_list() {
        let text = |value: Value| text_of(&value);
        assert_eq!(text(json!(2024)).as_deref(), Some("2024"));
        assert_eq!(text(json!(["a", 1])).as_deref(), Some("a 1"));
        assert_eq!(text(json!({"a": 1})), None);
        assert_eq!(text(json!(" ")), None);
    }
}
