//! Result of the token endpoint.

use gazette_domain::Identity;
use oauth2::basic::BasicTokenType;
use oauth2::{ExtraTokenFields, StandardTokenResponse};
use serde::{Deserialize, Serialize};

use super::error::SignInError;

/// Verified identity and refresh token of a login.
pub(crate) struct TokenSet {
    /// Identity from the verified ID token.
    pub(crate) identity: Identity,
    /// Token to refresh with.
    pub(crate) refresh_token: Option<String>,
}

/// Result of a refresh that the pool granted.
pub(crate) struct Refreshed {
    /// Token to refresh with from now on, if the pool rotated it. The session needs it even if its
    /// ID token is refused.
    pub(crate) refresh_token: Option<String>,
    /// Identity from the ID token, if that is valid.
    pub(crate) identity: Result<Identity, SignInError>,
}

/// Response of Cognito's token endpoint.
pub(super) type TokenResponse = StandardTokenResponse<IdTokenField, BasicTokenType>;

/// Field that OpenID Connect adds to a token response.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct IdTokenField {
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}
