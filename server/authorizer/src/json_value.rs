//! The values of a strict JSON document.

use std::borrow::Cow;

/// A JSON value; strings are borrowed unless they contain escapes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Bool(bool),
    /// A non-negative integer, written without fraction or exponent.
    Whole(u64),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Object<'a>),
    /// Null or another number. No rule accepts one, so its value is not kept.
    Other,
}

/// An object without duplicate members.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object<'a> {
    members: Vec<(Cow<'a, str>, Json<'a>)>,
    names: NameFilter,
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

    pub(crate) fn into_object(self) -> Option<Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl<'a> Object<'a> {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { members: Vec::with_capacity(capacity), names: NameFilter::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        if !self.names.may_contain(name) {
            return None;
        }
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Returns a member that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_ref())
    }

    /// Adds a member; the caller checks that the name is new.
    pub(crate) fn push(&mut self, name: Cow<'a, str>, value: Json<'a>) {
        self.names.insert(&name);
        self.members.push((name, value));
    }
}

/// A Bloom filter of member names, which makes most lookups of absent names free.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct NameFilter(u64);

impl NameFilter {
    fn may_contain(self, name: &str) -> bool {
        self.0 & Self::bit(name) != 0
    }

    fn insert(&mut self, name: &str) {
        self.0 |= Self::bit(name);
    }

    fn bit(name: &str) -> u64 {
        let bytes = name.as_bytes();
        let ends = [bytes.first(), bytes.last()].map(|byte| byte.copied().map_or(0, usize::from));
        let [first, last] = ends;
        1 << ((bytes.len() * 5 + first * 3 + last) % 64)
    }
}
