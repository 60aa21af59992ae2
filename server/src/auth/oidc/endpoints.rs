//! Endpoints of the hosted UI.

use gazette_authorizer::Discovery;
use url::{ParseError, Url};

/// URLs of the hosted UI.
#[derive(Clone, Debug)]
pub(super) struct Endpoints {
    pub(super) authorization: Url,
    pub(super) token: Url,
    end_session: Option<Url>,
    revocation: Option<Url>,
    /// True if each authorization response carries `iss` (RFC 9207).
    pub(super) names_issuer: bool,
}

impl Endpoints {
    /// Returns Cognito's endpoints under the origin of the hosted UI.
    pub(super) fn on(domain: &str) -> Result<Self, ParseError> {
        let url = |path: &str| Url::parse(&format!("{domain}{path}"));
        Ok(Self {
            authorization: url("/oauth2/authorize")?,
            token: url("/oauth2/token")?,
            end_session: Some(url("/logout")?),
            revocation: Some(url("/oauth2/revoke")?),
            names_issuer: false,
        })
    }

    /// Returns Cognito's `/logout`. Discovery lists it only since 2024.
    pub(super) fn end_session(&self) -> Result<Url, ParseError> {
        self.or_beside_authorization(self.end_session.as_ref(), "/logout")
    }

    /// Returns the revocation endpoint.
    pub(super) fn revocation(&self) -> Result<Url, ParseError> {
        self.or_beside_authorization(self.revocation.as_ref(), "/oauth2/revoke")
    }

    fn or_beside_authorization(&self, known: Option<&Url>, path: &str) -> Result<Url, ParseError> {
        known.map_or_else(|| self.authorization.join(path), |url| Ok(url.clone()))
    }
}

impl From<Discovery> for Endpoints {
    fn from(discovery: Discovery) -> Self {
        Self {
            authorization: discovery.authorization_endpoint,
            token: discovery.token_endpoint,
            end_session: discovery.end_session_endpoint,
            revocation: discovery.revocation_endpoint,
            names_issuer: discovery.iss_parameter_supported,
        }
    }
}
