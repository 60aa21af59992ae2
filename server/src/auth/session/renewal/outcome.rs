//! Outcomes of a renewal.

use tower_sessions::session::Id;

use crate::auth::session::signed_in::SignedIn;

/// Outcome of a renewal.
#[derive(Clone, Debug)]
pub(in crate::auth::session) enum Renewal {
    /// The claims are verified. The session has a new id if its groups changed (SES-02).
    Renewed { signed_in: Box<SignedIn>, new_id: Option<Id> },
    /// The session has ended.
    Ended,
    /// The pool is unavailable.
    PoolUnavailable,
    /// Another request or process is renewing the session. Only returned with [`Wait::No`].
    InProgress,
    /// The session has no usable refresh token.
    NoRefreshToken,
}

/// Behaviour while another request or process renews the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::auth::session) enum Wait {
    /// Wait for its outcome.
    ForResult,
    /// Return at once.
    No,
}
