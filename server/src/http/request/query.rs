//! Query parameters and form fields: one rule for names that are unknown, repeated or empty.

use std::collections::HashSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::value::Error as NoValue;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

use crate::http::reply::AppError;

/// Parameters of an API request.
///
/// # Errors
/// 400 for a parameter that is unknown, repeated or empty, and for a query without any: a
/// misspelt or lost `ids` must not delete everything.
pub(in crate::http) struct Query<T>(pub(in crate::http) T);

/// Parameters of a page. Unknown ones are ignored, because links are often shared with additions.
///
/// # Errors
/// 400 for a known parameter that is repeated.
pub(in crate::http) struct PageQuery<T>(pub(in crate::http) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let query = parts.uri.query();
        if query.is_some_and(|query| query.split('&').any(str::is_empty)) {
            let message = "The query has an empty parameter. Remove the stray `?` or `&`.";
            return Err(AppError::bad_request(message));
        }
        read(query.unwrap_or_default(), API).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for PageQuery<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        read_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Parameters of an API request that a form sends, too: empty ones count as absent.
///
/// # Errors
/// 400 for a parameter that is unknown or repeated.
pub(in crate::http) struct FormQuery<T>(pub(in crate::http) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for FormQuery<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        read(parts.uri.query().unwrap_or_default(), FORM_QUERY).map(Self)
    }
}

/// Reads a query by the rules of [`PageQuery`], for handlers with an error of their own.
pub(in crate::http) fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, AppError> {
    read(query, PAGE)
}

/// Rules for encoded pairs.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// Noun for a pair in messages.
    noun: &'static str,
    refuse_unknown: bool,
    refuse_empty: bool,
}

const API: Rules = Rules { noun: "parameter", refuse_unknown: true, refuse_empty: true };
const FORM_QUERY: Rules = Rules { noun: "parameter", refuse_unknown: true, refuse_empty: false };
const PAGE: Rules = Rules { noun: "parameter", refuse_unknown: false, refuse_empty: false };
/// Rules for the fields of a form, which a page of this site made.
pub(super) const FORM: Rules = Rules { noun: "field", refuse_unknown: true, refuse_empty: false };

/// Reads encoded pairs into the fields of `T`. A name may be repeated only for a list, which is a
/// field whose name `T` gives in the plural form `name[]`.
pub(super) fn read<T: DeserializeOwned>(encoded: &str, rules: Rules) -> Result<T, AppError> {
    let known = field_names::<T>();
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    let mut seen = HashSet::new();
    let noun = rules.noun;
    for (name, value) in url::form_urlencoded::parse(encoded.as_bytes()) {
        let list = format!("{name}[]");
        if known.contains(&list.as_str()) {
            pairs.append_pair(&list, &value);
            continue;
        }
        if !known.contains(&name.as_ref()) {
            if rules.refuse_unknown {
                return Err(unknown(&name, known, noun));
            }
            continue;
        }
        if rules.refuse_empty && value.is_empty() {
            let message = format!("The {noun} `{name}` is empty. Omit it or give it a value.");
            return Err(AppError::bad_request(message));
        }
        if seen.contains(&name) {
            return Err(AppError::bad_request(format!("The {noun} `{name}` is repeated.")));
        }
        pairs.append_pair(&name, &value);
        seen.insert(name);
    }
    serde_html_form::from_str(&pairs.finish())
        .map_err(|error| AppError::bad_request(format!("{error}.")))
}

fn unknown(name: &str, known: &[&str], noun: &str) -> AppError {
    let name = shortened(name);
    let allowed: Vec<&str> = known.iter().map(|name| name.trim_end_matches("[]")).collect();
    let allowed = if allowed.is_empty() { "none".to_owned() } else { allowed.join(", ") };
    AppError::bad_request(format!("Unknown {noun} `{name}`. Allowed: {allowed}."))
}

/// Returns the beginning of a client's text without control characters, for a message.
pub(in crate::http) fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Returns the names that `T` deserializes, as reported by its derive.
pub(in crate::http) fn field_names<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let _ = T::deserialize(FieldNames(&mut names));
    names
}

/// Deserializer that records the field names of a struct.
struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = NoValue;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoValue> {
        Err(NoValue::custom("not a struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, NoValue> {
        *self.0 = fields;
        Err(NoValue::custom("only the names are needed"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Listing {
        limit: Option<String>,
        section: Option<String>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Selected {
        #[serde(rename = "id[]", default)]
        ids: Vec<String>,
        word: Option<String>,
    }

    async fn strict(address: &str) -> Result<Listing, String> {
        let (mut parts, ()) = Request::get(address).body(()).expect("a request").into_parts();
        let query = Query::from_request_parts(&mut parts, &()).await;
        query.map(|Query(listing)| listing).map_err(|error| error.message)
    }

    #[tokio::test]
    async fn an_api_query_is_read_strictly() {
        let all = strict("/news?section=World&limit=5").await;
        let expected = Listing { limit: Some("5".into()), section: Some("World".into()) };
        assert_eq!(all, Ok(expected));
        assert!(strict("/news").await.is_ok());
        for (address, message) in [
            ("/news?foo=1", "Unknown parameter `foo`. Allowed: limit, section."),
            ("/news?limit=1&limit=2", "The parameter `limit` is repeated."),
            ("/news?limit=", "The parameter `limit` is empty. Omit it or give it a value."),
            ("/news?", "The query has an empty parameter. Remove the stray `?` or `&`."),
            ("/news?&", "The query has an empty parameter. Remove the stray `?` or `&`."),
            ("/news?limit=1&", "The query has an empty parameter. Remove the stray `?` or `&`."),
        ] {
            assert_eq!(strict(address).await, Err(message.to_owned()), "{address}");
        }
    }

    #[test]
    fn a_page_ignores_what_it_does_not_know_but_not_what_contradicts_itself() {
        let read = |query| read::<Listing>(query, PAGE).map_err(|error| error.message);
        assert!(read("fbclid=1&limit=2&fbclid=3&&").is_ok_and(|l| l.limit.as_deref() == Some("2")));
        assert_eq!(read("limit=1&limit=1"), Err("The parameter `limit` is repeated.".to_owned()));
    }

    #[test]
    fn a_form_repeats_only_lists() {
        let read = |form| read::<Selected>(form, FORM).map_err(|error| error.message);
        let selected = Selected { ids: vec!["a".into(), "b".into()], word: Some("delete".into()) };
        assert_eq!(read("id=a&word=delete&id=b"), Ok(selected));
        assert_eq!(read(""), Ok(Selected { ids: vec![], word: None }));
        assert_eq!(read("x=1"), Err("Unknown field `x`. Allowed: id, word.".to_owned()));
        assert!(read("word=a&word=b").is_err());
    }

    proptest! {
        #[test]
        fn no_query_panics(query in ".{0,200}") {
            let _ = read::<Listing>(&query, API);
            let _ = read::<Selected>(&query, FORM);
        }
    }
}
