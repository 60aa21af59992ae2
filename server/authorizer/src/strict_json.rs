//! A strict JSON parser for untrusted documents.
//!
//! `serde_json` refuses invalid JSON and invalid UTF-8 (byte order marks, lone surrogates,
//! trailing bytes). This parser also refuses duplicate members, which two parsers may read
//! differently, and documents that cost too much memory or time.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::json_value::{Json, Object};

/// Maximum nesting of objects and arrays; the document itself is the first level.
const MAX_DEPTH: u8 = 8;
/// Maximum number of members of an object: twice the number in a token with every attribute.
/// The search for duplicates takes quadratic time, so this limits the time.
const MAX_MEMBERS: usize = 200;
/// Maximum number of values in a document, which limits the memory.
const MAX_VALUES: usize = 2_048;

/// Error for a document that is not one strict JSON object; without details, because a quote of
/// the input could end up in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StrictJsonError;

/// Parses a document that is one object.
pub(crate) fn read_object(document: &[u8]) -> Result<Object<'_>, StrictJsonError> {
    // Checking UTF-8 once for the document is cheaper than for each string.
    let document = std::str::from_utf8(document).map_err(|_| StrictJsonError)?;
    let values = Cell::new(0);
    let mut reader = serde_json::Deserializer::from_str(document);
    let value = ValueSeed { depth: 1, values: &values }.deserialize(&mut reader);
    let value = value.map_err(|_| StrictJsonError)?;
    reader.end().map_err(|_| StrictJsonError)?;
    value.into_object().ok_or(StrictJsonError)
}

/// Parses one value at a depth, and counts it.
#[derive(Clone, Copy)]
struct ValueSeed<'b> {
    depth: u8,
    values: &'b Cell<usize>,
}

impl ValueSeed<'_> {
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth > MAX_DEPTH {
            return Err(E::custom("too deep"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn count<E: Error>(self) -> Result<(), E> {
        let values = self.values.get() + 1;
        self.values.set(values);
        if values > MAX_VALUES { Err(E::custom("too many values")) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Json<'de>, D::Error> {
        self.count()?;
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Whole(value))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json<'de>, A::Error> {
        let inner = self.inner()?;
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element_seed(inner)? {
            elements.push(element);
        }
        Ok(Json::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let inner = self.inner()?;
        // Only the document itself gets capacity in advance, not each of many empty objects.
        let capacity = if self.depth == 1 { 16 } else { 0 };
        let mut object = Object::with_capacity(capacity);
        while let Some(name) = map.next_key_seed(NameSeed)? {
            if object.has(&name) || object.len() == MAX_MEMBERS {
                return Err(A::Error::custom("a duplicate member, or too many"));
            }
            let value = map.next_value_seed(inner)?;
            object.push(name, value);
        }
        Ok(Json::Object(object))
    }
}

/// Parses the name of a member.
struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NameSeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
