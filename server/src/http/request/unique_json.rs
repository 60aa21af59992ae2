//! JSON without duplicate members: two readers could take two different values.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::query::shortened;

/// Reads one JSON object.
///
/// # Errors
/// For anything else, and for an object, at any depth, that has duplicate members.
pub(super) fn read_object(json: &[u8]) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::from_slice(json)? {
        UniqueValue(Value::Object(members)) => Ok(members),
        UniqueValue(_) => Err(serde_json::Error::custom("expected an object")),
    }
}

/// A JSON value without repeated members.
struct UniqueValue(Value);

impl<'de> Deserialize<'de> for UniqueValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Self)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(UniqueValue(value)) = access.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, UniqueValue(value))) = access.next_entry::<String, _>()? {
            if members.contains_key(&name) {
                let name = shortened(&name);
                return Err(A::Error::custom(format_args!("the member `{name}` is repeated")));
            }
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_as_serde_json_does() {
        let json = r#"{"a":[1,-2,0.5,true,null,"x"],"b":{"a":{}}}"#;
        let members = read_object(json.as_bytes()).expect("an object");
        assert_eq!(Value::Object(members), serde_json::from_str::<Value>(json).unwrap());
    }

    #[test]
    fn a_member_twice_is_refused_at_any_depth() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":[{"b":1,"b":2}]}"#,
        ] {
            let error = read_object(json.as_bytes()).expect_err(json).to_string();
            assert!(error.contains("is repeated"), "{error}");
        }
    }

    #[test]
    fn anything_but_one_object_is_refused() {
        for json in ["", "[]", "1", "{} {}", "{", r#"{"a":NaN}"#] {
            assert!(read_object(json.as_bytes()).is_err(), "{json}");
        }
    }
}
