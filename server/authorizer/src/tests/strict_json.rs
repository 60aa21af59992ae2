//! The strict JSON parser.

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::json_value::{Json, Object};
use crate::strict_json::read_object;

/// Checks that a value equals the one that `serde_json` parses.
fn is_same(strict: &Json<'_>, value: &Value) -> bool {
    match (strict, value) {
        (Json::Other, Value::Null) => true,
        (Json::Bool(strict), Value::Bool(value)) => strict == value,
        (Json::Whole(strict), Value::Number(value)) => value.as_u64() == Some(*strict),
        (Json::Other, Value::Number(value)) => value.as_u64().is_none(),
        (Json::String(strict), Value::String(value)) => strict == value,
        (Json::Array(strict), Value::Array(values)) => {
            strict.len() == values.len()
                && strict.iter().zip(values).all(|(strict, value)| is_same(strict, value))
        }
        (Json::Object(strict), Value::Object(values)) => is_same_object(strict, values),
        _ => false,
    }
}

fn is_same_object(strict: &Object<'_>, values: &Map<String, Value>) -> bool {
    strict.names().count() == values.len()
        && values
            .iter()
            .all(|(name, value)| strict.get(name).is_some_and(|strict| is_same(strict, value)))
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[/\"\\\\\u{0}-\u{1f}]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn objects() -> impl Strategy<Value = Value> {
    prop::collection::hash_map(any::<String>(), values(), 0..8)
        .prop_map(|members| members.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn jwt_06_an_unambiguous_document_is_parsed_like_serde_json(object in objects()) {
        let text = object.to_string();
        let strict = read_object(text.as_bytes());
        prop_assert!(is_same(&Json::Object(strict.unwrap()), &object));
    }

    #[test]
    fn jwt_06_an_accepted_document_equals_that_of_serde_json(
        object in objects(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 1..4),
    ) {
        let mut text = object.to_string().into_bytes();
        for (at, byte, edit) in edits {
            let at = at.index(text.len());
            match edit {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ if text.len() > 1 => { text.remove(at); }
                _ => {}
            }
        }
        if let Ok(strict) = read_object(&text) {
            let value: Value = serde_json::from_slice(&text).unwrap();
            prop_assert!(is_same(&Json::Object(strict), &value));
        }
    }

    #[test]
    fn jwt_06_duplicate_members_are_refused_at_any_depth(name: String, before in objects(), depth in 0..6_usize) {
        let name = Value::from(name);
        let mut text = format!("{{\"before\":{before},{name}:1,{name}:2}}");
        for _ in 0..depth {
            text = format!("{{\"a\":[{text}]}}");
        }
        prop_assert!(read_object(text.as_bytes()).is_err());
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes: Vec<u8>) {
        let _ = read_object(&bytes);
    }
}

#[test]
fn jwt_06_limits_are_exact() {
    let members = |count: usize| {
        let members: Vec<_> = (0..count).map(|name| format!("\"{name}\":0")).collect();
        format!("{{{}}}", members.join(","))
    };
    assert!(read_object(members(200).as_bytes()).is_ok());
    assert!(read_object(members(201).as_bytes()).is_err());
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(read_object(nested(7).as_bytes()).is_ok());
    assert!(read_object(nested(8).as_bytes()).is_err());
    let listed = |count: usize| format!("{{\"a\":[{}0]}}", "0,".repeat(count - 1));
    assert!(read_object(listed(2_046).as_bytes()).is_ok());
    assert!(read_object(listed(2_047).as_bytes()).is_err());
}

#[test]
fn strings_are_borrowed_unless_escaped() {
    let object = read_object(br#"{"a":"plain","b":"sl\/ash"}"#).unwrap();
    assert!(matches!(object.get("a"), Some(Json::String(std::borrow::Cow::Borrowed("plain")))));
    assert_eq!(object.get("b").and_then(Json::as_str), Some("sl/ash"));
}
