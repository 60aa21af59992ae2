//! Reasons why sessions end, for the metrics.

/// Reason why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndReason {
    /// Its person signed out, here or on another device.
    SignedOut,
    /// An admin signed the person out, or blocked them.
    ByAdmin,
    /// The browser signed in again.
    Replaced,
    /// The user pool no longer accepts its refresh token: revoked, expired, or the user is disabled.
    Revoked,
    /// The user pool answered for another user, issuer or client.
    OtherUser,
    /// Its token expired, and it has no refresh token.
    NotRenewable,
    /// It was not used for too long, or is too old.
    Expired,
}

impl EndReason {
    /// Returns the code in the metrics.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "ended.signed-out",
            Self::ByAdmin => "ended.by-admin",
            Self::Replaced => "ended.replaced",
            Self::Revoked => "ended.revoked",
            Self::OtherUser => "ended.other-user",
            Self::NotRenewable => "ended.not-renewable",
            Self::Expired => "ended.expired",
        }
    }
}
