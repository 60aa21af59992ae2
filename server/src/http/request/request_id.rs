//! Id of a request.

use std::fmt;

use axum::extract::Request;
use uuid::Uuid;

use crate::clock::new_id;

/// Id of a request in its response and in the log; always ours, never one that the client sent.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::http) struct RequestId(pub(in crate::http) Uuid);

impl RequestId {
    /// Makes an id.
    pub(in crate::http) fn new() -> Self {
        Self(new_id())
    }

    /// Returns the id that the request log gave the request.
    pub(in crate::http) fn of(request: &Request) -> Self {
        request.extensions().get().copied().unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
