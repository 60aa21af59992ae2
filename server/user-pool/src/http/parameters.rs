//! Parameters of a query or a form, each at most once.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use url::form_urlencoded;

/// Decoded parameters. One that is repeated has no value, as nobody can tell
/// which of its values others would read.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    values: BTreeMap<String, String>,
    repeated: BTreeSet<String>,
}

impl Parameters {
    /// Reads a query.
    pub(super) fn of_query(query: Option<&str>) -> Self {
        Self::parse(query.unwrap_or_default().as_bytes())
    }

    /// Reads a form; `None` when the body is said to be anything else.
    pub(super) fn of_form(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/x-www-form-urlencoded").then(|| Self::parse(body))
    }

    /// The value of a parameter; an empty one counts as absent (RFC 6749 §3.1).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn has_repeated(&self) -> bool {
        !self.repeated.is_empty()
    }

    /// The parameters as a query again.
    pub(super) fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.values).finish()
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
        let parameters = Parameters::of_query(Some("a=1&b=&c=x&c=y&c=z&d=%26+%C3%A9"));
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!((parameters.get("b"), parameters.get("c")), (None, None));
        assert_eq!(parameters.get("d"), Some("& é"));
        assert!(parameters.has_repeated());
        assert_eq!(parameters.to_query(), "a=1&b=&d=%26+%C3%A9");
    }
}
