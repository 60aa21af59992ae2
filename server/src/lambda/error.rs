//! Errors of the events and of the Runtime API.

/// Event that no request can be made of.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EventError {
    /// The event is neither one of API Gateway nor of a schedule.
    #[error("the event is neither a request of API Gateway nor of a schedule")]
    Unknown,
    /// A part of the request is not valid HTTP.
    #[error("the {0} of the request is not valid")]
    Invalid(&'static str),
}

/// Error of the Runtime API, after which the process ends and Lambda starts another one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RuntimeApiError {
    /// The API cannot be reached or does not answer.
    #[error("the Lambda runtime API does not answer")]
    Unreachable(#[from] reqwest::Error),
    /// The API refused a request.
    #[error("the Lambda runtime API answered {0}")]
    Refused(reqwest::StatusCode),
    /// An event has no id, so it cannot be answered.
    #[error("the Lambda runtime API sent an event without an id")]
    NoId,
}
