//! Schemas of the bodies, made of samples.

use std::collections::BTreeMap;

use gazette_domain::{MAX_AUTHORS, MAX_TAGS, Status};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::inference::infer;
use super::samples;
use crate::http::middleware::error_pages::ErrorBody;
use crate::http::reply::{Warning, Written};
use crate::http::routes::health::Readiness;
use crate::http::routes::identity::{Explained, Explanation, Me};

/// Body of a new story, for examples.
pub(in crate::http) const INPUT_EXAMPLE: &str =
    r#"{"headline":"The bridge is open","body":"It *is*.","section":"City","tags":["Rivers"]}"#;

/// Returns every schema by its name.
pub(super) fn schemas() -> Map<String, Value> {
    let stories = [samples::item(true), samples::item_with_bare_picture(), samples::item(false)];
    let details = stories.clone().map(samples::detail);
    let [full, bare, least] = stories;
    let newsroom = |is_full, item| samples::newsroom(is_full, item);
    let warnings = vec![Warning { field: "body", message: "The link /news/old leads nowhere." }];
    let written = [
        Written { story: newsroom(true, full), warnings },
        Written { story: newsroom(false, bare), warnings: Vec::new() },
        Written { story: newsroom(false, least), warnings: Vec::new() },
    ];
    let all = [
        ("StoryList", of(&[samples::list(true), samples::list(false)])),
        ("Story", of(&details)),
        ("WrittenStory", of(&written)),
        ("StoryInput", input(&["headline", "body"])),
        ("StoryChange", input(&[])),
        ("FoundStories", of(&[samples::found()])),
        ("Corrections", of(&[samples::corrections()])),
        ("CorrectionInput", correction_input()),
        ("UploadedImage", of(&[samples::uploaded()])),
        ("Deleted", of(&[samples::deleted()])),
        ("Me", of(&[me(true), me(false)])),
        ("Explanation", of(&[explanation(true), explanation(false)])),
        ("Readiness", readiness()),
        ("Error", error()),
        // Formats that are defined elsewhere.
        ("JsonFeed", json!({ "type": "object", "required": ["version", "title", "items"] })),
        ("Manifest", json!({ "type": "object", "required": ["name", "icons"] })),
        ("OpenApi", json!({ "type": "object", "required": ["openapi", "info", "paths"] })),
        ("Health", of(&[json!({ "status": "ok" })])),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// Returns the schema of a type, with the first sample as its example.
fn of<T: Serialize>(samples: &[T]) -> Value {
    let values: Vec<Value> =
        samples.iter().map(|sample| serde_json::to_value(sample).unwrap_or_default()).collect();
    let mut schema = infer(&values.iter().collect::<Vec<_>>());
    if let (Some(members), Some(example)) = (schema.as_object_mut(), values.into_iter().next()) {
        members.insert("examples".to_owned(), json!([example]));
    }
    schema
}

/// Sets a member of the object at a JSON pointer.
pub(super) fn set(value: &mut Value, pointer: &str, member: &str, new: Value) {
    if let Some(object) = value.pointer_mut(pointer).and_then(Value::as_object_mut) {
        object.insert(member.to_owned(), new);
    }
}

/// The fields of a story that a program may send.
fn input(required: &[&str]) -> Value {
    let mut schema = of(&[samples::input(true), samples::input(false)]);
    let statuses = [Status::Draft, Status::Review, Status::Published].map(Status::as_str);
    let example = serde_json::from_str::<Value>(INPUT_EXAMPLE).unwrap_or_default();
    let text_or_null = || json!(["string", "null"]);
    for (pointer, member, value) in [
        ("", "required", json!(required)),
        ("", "additionalProperties", json!(false)),
        ("", "examples", json!([example])),
        ("/properties/status", "enum", json!(statuses)),
        ("/properties/headline", "minLength", json!(1)),
        ("/properties/headline", "maxLength", json!(200)),
        ("/properties/summary", "maxLength", json!(500)),
        ("/properties/body", "minLength", json!(1)),
        ("/properties/tags", "maxItems", json!(MAX_TAGS)),
        ("/properties/authors", "maxItems", json!(MAX_AUTHORS)),
        ("/properties/image", "required", json!(["url"])),
        ("/properties/image", "additionalProperties", json!(false)),
        ("/properties/image/properties/caption", "type", text_or_null()),
        ("/properties/image/properties/credit", "type", text_or_null()),
    ] {
        set(&mut schema, pointer, member, value);
    }
    // The site looks the size up.
    let fields = schema.pointer_mut("/properties/image/properties");
    if let Some(fields) = fields.and_then(Value::as_object_mut) {
        fields.remove("width");
        fields.remove("height");
    }
    schema
}

fn correction_input() -> Value {
    json!({
        "type": "object",
        "properties": { "text": { "type": "string", "minLength": 1, "maxLength": 2000 } },
        "required": ["text"],
        "additionalProperties": false,
        "examples": [{ "text": "The bridge has five arches, not four." }],
    })
}

fn me(is_full: bool) -> Me {
    Me {
        sub: "5f0c9d1e-0f3a-4c57-9b1d-2f6f8a3f9c11".to_owned(),
        username: "ada".to_owned(),
        email: is_full.then(|| "ada@example.com".to_owned()),
        groups: vec!["admin".to_owned()],
        roles: vec!["admin"],
        expires_at: samples::time(),
        token_use: "access",
    }
}

fn explanation(is_full: bool) -> Explanation {
    let actions = vec![Explained { action: "news:read", allowed: true, reason: "public" }];
    Explanation { refused_token: is_full.then_some("expired"), actions }
}

fn readiness() -> Value {
    let ready = json!(Readiness { store: "ok", keys: "ok", sign_in: "ok" });
    of(&[ready, json!({ "status": "stopping" })])
}

fn error() -> Value {
    let fields = BTreeMap::from([("headline".into(), "must not be empty".to_owned())]);
    let (message, nothing) = ("The story cannot be saved.", BTreeMap::new());
    let removed_at = Some(samples::time());
    let full = ErrorBody { message, fields: &fields, removed_at, reason: Some("It was wrong.") };
    let least = ErrorBody { message, fields: &nothing, removed_at: None, reason: None };
    let mut schema = of(&[full, least]);
    // The names of the fields are those of the request.
    let fields = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    set(&mut schema, "/properties", "fields", fields);
    schema
}
