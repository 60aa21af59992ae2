//! The one URL of a page, whatever was added to the link that led to it.

use std::borrow::Cow;

use axum::extract::FromRequestParts as _;
use axum::http::Uri;
use axum::http::request::Parts;
use gazette_domain::{ROUTES, Slug};
use serde::de::DeserializeOwned;

use super::path::Segment;
use super::query::field_names;
use crate::http::request::Preference;

/// Parameters that the handler of a page reads.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct KnownParameters {
    names: &'static [&'static str],
    /// Unknown parameters are an error for a request that does not prefer a page.
    strict_for_programs: bool,
}

impl KnownParameters {
    /// No parameters.
    pub(in crate::http) const NONE: Self = Self { names: &[], strict_for_programs: false };

    /// Returns the fields of the struct that the handler deserializes.
    pub(in crate::http) fn of<T: DeserializeOwned>() -> Self {
        Self { names: field_names::<T>(), strict_for_programs: false }
    }

    /// Makes unknown parameters an error for programs.
    pub(in crate::http) fn strict_for_programs(self) -> Self {
        Self { strict_for_programs: true, ..self }
    }

    /// Replaces the URL of a request by the canonical one: known parameters only, in one order
    /// and one encoding.
    ///
    /// Returns `false` and changes nothing if the handler has to answer with an error.
    pub(in crate::http) async fn canonicalize(self, parts: &mut Parts) -> bool {
        let path = parts.uri.path();
        if parts.uri.query().is_none() && !path.contains('%') && path.is_ascii() {
            return true;
        }
        let is_strict =
            self.strict_for_programs && Preference::of(&parts.headers) != Preference::Html;
        let Some(query) = parts
            .uri
            .query()
            .map_or(Some(String::new()), |query| self.canonical_query(query, is_strict))
        else {
            return false;
        };
        let path = canonical_path(parts).await;
        let given = parts.uri.path_and_query().map_or("", |given| given.as_str());
        let separator = if query.is_empty() { "" } else { "?" };
        let canonical = format!("{path}{separator}{query}");
        if canonical == given {
            return true;
        }
        let Ok(path_and_query) = canonical.parse() else { return false };
        let mut uri = parts.uri.clone().into_parts();
        uri.path_and_query = Some(path_and_query);
        let Ok(uri) = Uri::from_parts(uri) else { return false };
        parts.uri = uri;
        true
    }

    fn canonical_query(self, query: &str, is_strict: bool) -> Option<String> {
        if is_strict && !query.is_empty() && query.split('&').any(str::is_empty) {
            return None;
        }
        let mut values: Vec<Option<Cow<'_, str>>> = vec![None; self.names.len()];
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let known = self.names.iter().position(|known| *known == name);
            match known.and_then(|index| values.get_mut(index)) {
                Some(Some(_)) => return None,
                Some(unset) if !is_strict || !value.is_empty() => *unset = Some(value),
                None if !is_strict => {}
                Some(_) | None => return None,
            }
        }
        let mut canonical = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.names.iter().zip(values) {
            // A form of a page sends its empty fields, too.
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                canonical.append_pair(name, &value);
            }
        }
        Some(canonical.finish())
    }
}

/// Decodes the variable segment of a path if it is a slug; anything else is not found.
async fn canonical_path(parts: &mut Parts) -> String {
    let path = parts.uri.path().to_owned();
    if !path.contains('%') && path.is_ascii() {
        return path;
    }
    let Ok(Segment(segment)) = Segment::from_request_parts(parts, &()).await else { return path };
    match (segment.parse::<Slug>(), ROUTES.iter().find(|route| route.matches(&path))) {
        (Ok(slug), Some(route)) => route.endpoint.path_with(slug),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::http::header::ACCEPT;
    use proptest::prelude::*;

    use super::*;
    use crate::http::request::ListParameters;

    async fn canonical(known: KnownParameters, accept: &str, url: &str) -> Option<String> {
        let request = Request::get(url).header(ACCEPT, accept).body(()).expect("a request");
        let (mut parts, ()) = request.into_parts();
        known.canonicalize(&mut parts).await.then(|| parts.uri.to_string())
    }

    #[tokio::test]
    async fn a_page_keeps_known_parameters_in_one_order() {
        let lists = KnownParameters::of::<ListParameters>().strict_for_programs();
        for (url, expected) in [
            ("/news", Some("/news")),
            ("/news?", Some("/news")),
            ("/news?fbclid=1&&", Some("/news")),
            ("/news?month=&limit=", Some("/news")),
            ("/news?tag=a&x=1&limit=5", Some("/news?limit=5&tag=a")),
            ("/news?t%61g=%61", Some("/news?tag=a")),
            ("/news?limit=1&limit=", None),
            ("/news?limit=1&limit=2", None),
        ] {
            assert_eq!(canonical(lists, "text/html", url).await.as_deref(), expected, "{url}");
        }
        let none = KnownParameters::NONE;
        assert_eq!(canonical(none, "*/*", "/?limit=1").await.as_deref(), Some("/"));
    }

    #[tokio::test]
    async fn programs_keep_their_errors() {
        let lists = KnownParameters::of::<ListParameters>().strict_for_programs();
        for (url, expected) in [
            ("/news?tag=a&limit=5", Some("/news?limit=5&tag=a")),
            ("/news?", Some("/news")),
            ("/news?limit=", None),
            ("/news?limit=1&", None),
            ("/news?fbclid=1", None),
        ] {
            assert_eq!(canonical(lists, "*/*", url).await.as_deref(), expected, "{url}");
        }
    }

    proptest! {
        #[test]
        fn canonical_queries_are_canonical(query in ".{0,60}", strict: bool) {
            let lists = KnownParameters::of::<ListParameters>();
            if let Some(once) = lists.canonical_query(&query, strict) {
                let twice = lists.canonical_query(&once, strict && !once.is_empty());
                prop_assert_eq!(twice, Some(once));
            }
        }
    }
}
