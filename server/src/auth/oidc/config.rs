//! Settings of the OIDC client, and the part of them that a login depends on.

use serde::{Deserialize, Serialize};

use crate::sha256::sha256;

/// Settings of the OIDC client.
#[derive(Clone)]
pub(crate) struct OidcClientConfig {
    /// Issuer of the user pool.
    pub(crate) issuer: String,
    /// Id of the app client.
    pub(crate) client_id: String,
    /// Secret of a confidential app client.
    pub(crate) client_secret: Option<String>,
    /// Origin of the hosted UI; without it the endpoints come from discovery.
    pub(crate) domain: Option<String>,
    /// Origin of this site.
    pub(crate) public_url: String,
}

/// Hash of issuer, client and redirect URI of a login. Only the same provider may complete it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Provider(String);

impl OidcClientConfig {
    pub(super) fn redirect_uri(&self) -> String {
        format!("{}/auth/callback", self.public_url)
    }

    pub(super) fn provider(&self) -> Provider {
        let parts = [self.issuer.as_str(), &self.client_id, &self.redirect_uri()];
        Provider(sha256(parts.join("\n").as_bytes()))
    }
}
