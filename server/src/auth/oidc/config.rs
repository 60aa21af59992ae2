//! Settings of the OIDC client, and the part of them that a login depends on.

use serde::{Deserialize, Serialize};

use crate::auth::secret::hash;

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

/// Hash of issuer, client and redirect URI of a login. Only the same provider may complete it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider(String);

impl OidcClientConfig {
    pub(super) fn redirect_uri(&self) -> String {
        format!("{}/auth/callback", self.public_url)
    }

    pub(super) fn provider(&self) -> Provider {
        let parts = [self.issuer.as_str(), &self.client_id, &self.redirect_uri()];
        Provider(hash(parts.join("\n").as_bytes()))
    }
}
