//! A JSON reader for what strangers send: one object, and no two ways to read it.
//!
//! `serde_json` already refuses what is not JSON or not UTF-8 (byte order marks, lone
//! surrogates, trailing bytes). Refused here on top: duplicate members anywhere, which two
//! readers may resolve in two ways, and documents built to cost memory or time.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// How deep objects and lists may be nested; the document itself is the first level.
const MAX_DEPTH: u8 = 8;
/// How many members an object may have: twice what a pool with every attribute sends.
/// Duplicates are found by comparing each with each, so this bounds the time.
const MAX_MEMBERS: usize = 200;
/// How many values a document may have in all, which bounds the memory.
const MAX_VALUES: usize = 2_048;

/// A value; strings are borrowed unless they had to be unescaped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Bool(bool),
    /// A whole number that was written as one and is not negative.
    Whole(u64),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Object<'a>),
    /// Null or another number: no rule accepts one, so it is not kept.
    Other,
}

/// An object whose members have different names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object<'a> {
    members: Vec<(Cow<'a, str>, Json<'a>)>,
    names: Marks,
}

/// The document is not one strict JSON object; it does not say where, on purpose: an
/// error that quotes its input ends in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotStrict;

/// Reads a document that is one object.
pub(crate) fn read_object(document: &[u8]) -> Result<Object<'_>, NotStrict> {
    // Checked once as a whole, which is cheaper than string by string.
    let document = std::str::from_utf8(document).map_err(|_| NotStrict)?;
    let values = Cell::new(0);
    let mut reader = serde_json::Deserializer::from_str(document);
    let value = Node { depth: 1, values: &values }.deserialize(&mut reader);
    let value = value.map_err(|_| NotStrict)?;
    reader.end().map_err(|_| NotStrict)?;
    value.into_object().ok_or(NotStrict)
}

impl<'a> Json<'a> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Json<'a>]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    fn into_object(self) -> Option<Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl<'a> Object<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        if !self.names.may_have(name) {
            return None;
        }
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_ref())
    }

    fn push(&mut self, name: Cow<'a, str>, value: Json<'a>) {
        self.names.mark(&name);
        self.members.push((name, value));
    }
}

/// Reads one value at a depth, counting it.
#[derive(Clone, Copy)]
struct Node<'b> {
    depth: u8,
    values: &'b Cell<usize>,
}

impl Node<'_> {
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

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Json<'de>, D::Error> {
        self.count()?;
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
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
        // Room for usual claims at once, but not in each of a thousand empty objects.
        let room = if self.depth == 1 { 16 } else { 0 };
        let mut object = Object { members: Vec::with_capacity(room), names: Marks::default() };
        while let Some(name) = map.next_key_seed(Name)? {
            if object.has(&name) || object.members.len() == MAX_MEMBERS {
                return Err(A::Error::custom("a duplicate member, or too many"));
            }
            let value = map.next_value_seed(inner)?;
            object.push(name, value);
        }
        Ok(Json::Object(object))
    }
}

/// Which names an object may have: a set that sometimes says yes wrongly, never no, and
/// spares most names that are not there the comparison with all that are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Marks(u64);

impl Marks {
    fn may_have(self, name: &str) -> bool {
        self.0 & Self::of(name) != 0
    }

    fn mark(&mut self, name: &str) {
        self.0 |= Self::of(name);
    }

    fn of(name: &str) -> u64 {
        let bytes = name.as_bytes();
        let ends = [bytes.first(), bytes.last()].map(|byte| byte.copied().map_or(0, usize::from));
        let [first, last] = ends;
        1 << ((bytes.len() * 5 + first * 3 + last) % 64)
    }
}

/// Reads the name of a member.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
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
