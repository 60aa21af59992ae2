//! Settings of the OIDC client, and the part of them that a login depends on.

use serde::{Deserialize, Serialize};

/// Settings of the OIDC client.
#[derive(Clone)]
pub struct OidcClientConfig {
    /// Issuer of the user pool.
    pub issuer: String,
    /// Id of the app client.
    pub client_id: String,
    /// Secret of a confidential app client.
    pub client_secret: Option<String>,
    /// Origin of the hosted UI; without it the endpoints come from discovery.
    pub domain: Option<String>,
    /// Origin of this site.
    pub public_url: String,
}

/// Issuer, client and redirect URI of a login. Only the same provider may complete it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    issuer: String,
    client_id: String,
    redirect_uri: String,
}

impl OidcClientConfig {
    pub(super) fn redirect_uri(&self) -> String {
        format!("{}/auth/callback", self.public_url)
    }

    pub(super) fn provider(&self) -> Provider {
        Provider {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri(),
        }
    }
}
