//! Errors of signing.

/// A request cannot be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SigningError {
    /// There are no credentials.
    #[error("there are no AWS credentials")]
    Credentials(#[source] Cause),
    /// A request could not be signed.
    #[error("the request could not be signed")]
    Signature(#[source] Cause),
    /// A request could not be built.
    #[error(transparent)]
    Request(#[from] reqwest::Error),
}

pub(super) type Cause = Box<dyn std::error::Error + Send + Sync>;
