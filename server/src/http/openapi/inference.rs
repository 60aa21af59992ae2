//! JSON Schema of a type, read off samples of it.
//!
//! Samples are values of the type itself, so that a new field cannot be missing: it would not
//! compile. One sample has every optional part, another one none.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Returns the schema that all samples satisfy.
pub(super) fn infer(samples: &[&Value]) -> Value {
    let given: Vec<&Value> = samples.iter().copied().filter(|value| !value.is_null()).collect();
    let mut schema = match given.first() {
        Some(Value::Object(_)) => object(&given),
        Some(Value::Array(_)) => {
            let items: Vec<&Value> =
                given.iter().filter_map(|value| value.as_array()).flatten().collect();
            json!({ "type": "array", "items": infer(&items) })
        }
        Some(Value::String(_)) => text(&given),
        Some(Value::Number(_)) => json!({ "type": "integer", "minimum": 0 }),
        Some(Value::Bool(_)) => json!({ "type": "boolean" }),
        Some(Value::Null) | None => json!({}),
    };
    let is_nullable = given.len() < samples.len();
    if is_nullable && let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    schema
}

fn object(samples: &[&Value]) -> Value {
    let mut members: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    let objects = samples.iter().filter_map(|value| value.as_object());
    for (name, value) in objects.flatten() {
        members.entry(name).or_default().push(value);
    }
    let is_in_all = |values: &Vec<&Value>| values.len() == samples.len();
    let required: BTreeSet<&str> =
        members.iter().filter(|(_, values)| is_in_all(values)).map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        members.iter().map(|(name, values)| ((*name).to_owned(), infer(values))).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn text(samples: &[&Value]) -> Value {
    let all = |is_it: fn(&str) -> bool| samples.iter().all(|it| it.as_str().is_some_and(is_it));
    if all(|text| text.parse::<Timestamp>().is_ok()) {
        json!({ "type": "string", "format": "date-time" })
    } else if all(|text| text.starts_with("https://")) {
        json!({ "type": "string", "format": "uri" })
    } else {
        json!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_has_what_the_samples_have_in_common() {
        let full = json!({ "at": "2026-11-26T14:03:10Z", "url": "https://a.example/", "n": 1,
            "list": ["a"], "note": "x", "picture": { "alt": "x" } });
        let least = json!({ "at": "2026-11-26T14:03:10Z", "url": "https://a.example/", "n": 2,
            "list": [], "picture": null });
        let schema = infer(&[&full, &least]);
        let expected = json!({
            "type": "object",
            "properties": {
                "at": { "type": "string", "format": "date-time" },
                "url": { "type": "string", "format": "uri" },
                "n": { "type": "integer", "minimum": 0 },
                "list": { "type": "array", "items": { "type": "string" } },
                "note": { "type": "string" },
                "picture": {
                    "type": ["object", "null"],
                    "properties": { "alt": { "type": "string" } },
                    "required": ["alt"],
                },
            },
            "required": ["at", "list", "n", "picture", "url"],
        });
        assert_eq!(schema, expected);
    }
}
