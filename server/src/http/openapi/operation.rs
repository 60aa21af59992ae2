//! One operation of the API.

use serde::de::DeserializeOwned;

use crate::http::request::field_names;

/// Body of a request or a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Content {
    /// JSON of the schema of this name.
    Json(&'static str),
    /// JSON of the schema of this name, under another media type.
    Typed(&'static str, &'static str),
    /// Text or a file of this media type.
    File(&'static str),
    /// A multipart form with a picture.
    Picture,
    /// A page, for requests that prefer HTML.
    Page,
}

/// What a program can ask of the site: a row of the route table with what it reads and answers.
#[derive(Clone, Debug)]
pub(in crate::http) struct Operation {
    /// One line that says what it does.
    pub(in crate::http) summary: &'static str,
    /// Heading that it belongs under.
    pub(in crate::http) group: &'static str,
    /// Names of the parameters of the query.
    pub(in crate::http) query: &'static [&'static str],
    /// Headers of the request that matter.
    pub(in crate::http) headers: &'static [&'static str],
    /// Body of the request.
    pub(in crate::http) body: Option<Content>,
    /// Status of success.
    pub(in crate::http) status: u16,
    /// Bodies of success.
    pub(in crate::http) answers: Vec<Content>,
    /// Statuses of its own, besides those that follow from the rest.
    pub(in crate::http) others: &'static [u16],
}

impl Operation {
    pub(super) fn new(group: &'static str, summary: &'static str) -> Self {
        Self {
            summary,
            group,
            query: &[],
            headers: &[],
            body: None,
            status: 200,
            answers: Vec::new(),
            others: &[],
        }
    }

    pub(super) fn answers(mut self, content: Content) -> Self {
        self.answers.push(content);
        self
    }

    pub(super) fn json(self, schema: &'static str) -> Self {
        self.answers(Content::Json(schema))
    }

    /// Takes the parameters that the handler deserializes.
    pub(super) fn query<T: DeserializeOwned>(self) -> Self {
        Self { query: field_names::<T>(), ..self }
    }

    pub(super) fn headers(self, headers: &'static [&'static str]) -> Self {
        Self { headers, ..self }
    }

    pub(super) fn body(self, body: Content) -> Self {
        Self { body: Some(body), ..self }
    }

    pub(super) fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub(super) fn others(self, others: &'static [u16]) -> Self {
        Self { others, ..self }
    }
}
