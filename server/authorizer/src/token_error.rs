//! The error of an invalid token.

use gazette_domain::TokenUse;

/// Error of an invalid token, for logs, metrics and explanations.
///
/// Neither the text nor the code contains any part of the token, its claims or a key (JWT-16).
/// A response must not distinguish them (HTTP 401), except for [`TokenError::Expired`] and
/// [`TokenError::KeysUnavailable`]; otherwise it becomes an oracle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TokenError {
    /// The token or its header is longer than any of the pool (JWT-14).
    #[error("the token is too long")]
    TooLong,
    /// A character is not part of the compact serialization: a space, a quote, padding (JWT-05).
    #[error("the token contains a character that is not allowed in a token")]
    Characters,
    /// The token does not have exactly three non-empty parts; for example a refresh token or an
    /// encrypted one (JWT-04).
    #[error("the token does not have three parts")]
    Form,
    /// A part is not canonical base64url (JWT-05).
    #[error("a part of the token is not base64url")]
    Encoding,
    /// The header or the payload is not one strict JSON object (JWT-06).
    #[error("a part of the token is not a strict JSON object")]
    Json,
    /// The algorithm is not RS256 (JWT-01).
    #[error("the token is not signed with RS256")]
    Algorithm,
    /// The header has a member that the pool never sends, such as `crit` (JWT-09, JWT-10).
    #[error("the header has a member that is not accepted")]
    Header,
    /// The header's `typ` names another kind of token (JWT-11).
    #[error("the header names another type of token")]
    Type,
    /// The key id is missing or not shaped like one (JWT-09).
    #[error("the key id is missing or malformed")]
    KeyId,
    /// The issuer has no key with this id (JWT-07).
    #[error("the issuer has no key with this id")]
    UnknownKey,
    /// The signature does not match the key.
    #[error("the signature does not match")]
    Signature,
    /// The token has expired and is valid otherwise, its signature included (JWT-13).
    #[error("the token has expired")]
    Expired,
    /// The token is of another issuer (JWT-07).
    #[error("the token was issued by another issuer")]
    Issuer,
    /// The claim `token_use` is missing or names neither kind of token (JWT-12).
    #[error("the token does not say that it is an id or access token")]
    Use,
    /// The token is of a known kind that is not accepted here (JWT-12).
    #[error("an {} token is not accepted here", .0.as_str())]
    OtherUse(TokenUse),
    /// The token is delegated (claim `act`), which is never accepted.
    #[error("the token is delegated")]
    Delegated,
    /// The token is for another app client (JWT-08).
    #[error("the token is for another client")]
    Client,
    /// The access token is for another site (claim `aud`, resource binding).
    #[error("the token is for another resource")]
    Resource,
    /// A time is missing or not a whole number of seconds (JWT-13).
    #[error("a time in the token is missing or malformed")]
    Time,
    /// A time is in the future by more than the clock skew (JWT-13).
    #[error("a time in the token is in the future: do the clocks differ?")]
    Future,
    /// The lifetime is negative, zero, or longer than the pool allows (JWT-13).
    #[error("the token's lifetime is out of range")]
    Lifetime,
    /// The subject is missing or malformed (JWT-15).
    #[error("the subject is missing or malformed")]
    Subject,
    /// The user name is missing or malformed.
    #[error("the user name is missing or malformed")]
    Username,
    /// The email address is malformed.
    #[error("the email address is malformed")]
    Email,
    /// The groups are not an array of names (JWT-15).
    #[error("the groups are malformed")]
    Groups,
    /// The scope is not a space-separated list (RFC 6749 §3.3).
    #[error("the scopes are malformed")]
    Scope,
    /// The id of the token, `jti`, is not a string (RFC 7519 §4.1.7).
    #[error("the token's id is malformed")]
    TokenId,
    /// The ID token is not for this sign-in (OIDC-01).
    #[error("the nonce is not the one that was sent")]
    Nonce,
    /// The ID token is for another access token (OIDC Core §3.1.3.6).
    #[error("the id token does not belong to the access token")]
    AccessTokenHash,
    /// No usable key set is available, so the token cannot be verified: 503, never 401.
    #[error("no signing key has been fetched from the pool")]
    KeysUnavailable,
}

impl TokenError {
    /// Returns the stable code for logs, metrics and explanations.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "deny.token.too-long",
            Self::Characters => "deny.token.characters",
            Self::Form => "deny.token.form",
            Self::Encoding => "deny.token.encoding",
            Self::Json => "deny.token.json",
            Self::Algorithm => "deny.token.algorithm",
            Self::Header => "deny.token.header",
            Self::Type => "deny.token.type",
            Self::KeyId => "deny.token.key-id",
            Self::UnknownKey => "deny.token.unknown-key",
            Self::Signature => "deny.token.signature",
            Self::Expired => "deny.token.expired",
            Self::Issuer => "deny.token.issuer",
            Self::Use => "deny.token.use",
            Self::OtherUse(TokenUse::Access) => "deny.token.use.access",
            Self::OtherUse(TokenUse::Id) => "deny.token.use.id",
            Self::Delegated => "deny.token.delegated",
            Self::Client => "deny.token.client",
            Self::Resource => "deny.token.resource",
            Self::Time => "deny.token.time",
            Self::Future => "deny.token.future",
            Self::Lifetime => "deny.token.lifetime",
            Self::Subject => "deny.token.subject",
            Self::Username => "deny.token.username",
            Self::Email => "deny.token.email",
            Self::Groups => "deny.token.groups",
            Self::Scope => "deny.token.scope",
            Self::TokenId => "deny.token.jti",
            Self::Nonce => "deny.token.nonce",
            Self::AccessTokenHash => "deny.token.at-hash",
            Self::KeysUnavailable => "deny.token.keys-unavailable",
        }
    }
}
