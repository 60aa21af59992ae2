//! Id of a request.

/// Id of a request in its response and in the log; always ours, never one that the client sent.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct RequestId(pub(in crate::http) String);

impl RequestId {
    pub(in crate::http) fn as_str(&self) -> &str {
        &self.0
    }
}
