//! Parameters of a query or a form.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::HeaderMap;
use url::form_urlencoded;

use super::media_type::has_media_type;

/// Decoded parameters. A repeated one has no value: another reader might pick a different one
/// of its values.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    values: BTreeMap<String, String>,
    repeated: BTreeSet<String>,
}

impl Parameters {
    /// Parses a query.
    pub(super) fn from_query(query: Option<&str>) -> Self {
        Self::parse(query.unwrap_or_default().as_bytes())
    }

    /// Parses a form; `None` when the request has another media type.
    pub(super) fn from_form(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let is_form = has_media_type(headers, "application/x-www-form-urlencoded");
        is_form.then(|| Self::parse(body))
    }

    /// Returns the value of a parameter; an empty one counts as absent (RFC 6749 §3.1).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Removes a parameter and returns its value.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.values.remove(name)
    }

    pub(super) fn has_repeated(&self) -> bool {
        !self.repeated.is_empty()
    }

    /// Encodes the parameters as a query.
    pub(super) fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.values).finish()
    }

    /// Encodes the parameters as a query, with a changed value.
    pub(super) fn to_query_with(&self, name: &str, value: &str) -> String {
        let mut values = self.values.clone();
        values.insert(name.to_owned(), value.to_owned());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&values).finish()
    }

    fn parse(text: &[u8]) -> Self {
        let mut parameters = Self::default();
        for (name, value) in form_urlencoded::parse(text) {
            if parameters.repeated.contains(&*name) {
                continue;
            }
            if parameters.values.remove(&*name).is_some() {
                parameters.repeated.insert(name.into_owned());
            } else {
                parameters.values.insert(name.into_owned(), value.into_owned());
            }
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_and_empty_parameters_have_no_value() {
        let parameters = Parameters::from_query(Some("a=1&b=&c=x&c=y&c=z&d=%26+%C3%A9"));
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!((parameters.get("b"), parameters.get("c")), (None, None));
        assert_eq!(parameters.get("d"), Some("& é"));
        assert!(parameters.has_repeated());
        assert_eq!(parameters.to_query(), "a=1&b=&d=%26+%C3%A9");
    }
}
