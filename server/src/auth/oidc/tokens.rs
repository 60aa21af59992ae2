//! Result of the token endpoint.

use gazette_domain::Identity;
use oauth2::basic::BasicTokenType;
use oauth2::{ExtraTokenFields, StandardTokenResponse};
use serde::{Deserialize, Serialize};

/// Verified identity and refresh token of a login or a refresh.
pub(crate) struct TokenSet {
    /// Identity from the verified ID token.
    pub(crate) identity: Identity,
    /// Token to refresh with. A refresh returns one only if the pool rotates them.
    pub(crate) refresh_token: Option<String>,
}

/// Response of Cognito's token endpoint.
pub(super) type TokenResponse = StandardTokenResponse<IdTokenField, BasicTokenType>;

/// Field that OpenID Connect adds to a token response.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct IdTokenField {
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}
