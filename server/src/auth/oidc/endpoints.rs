//! Where the hosted UI and its endpoints are.

use gazette_authorizer::Discovery;
use url::Url;

use super::SignInError;

/// Where the hosted UI is.
#[derive(Clone, Debug)]
pub(super) struct Endpoints {
    pub(super) authorization: Url,
    pub(super) token: Url,
    pub(super) end_session: Option<Url>,
    pub(super) revocation: Option<Url>,
    /// Whether every answer of the hosted UI names the issuer.
    pub(super) names_issuer: bool,
}

impl Endpoints {
    /// Cognito's endpoints under the hosted UI's origin.
    pub(super) fn on(domain: &str) -> Result<Self, SignInError> {
        let at = |path: &str| {
            Url::parse(&format!("{domain}{path}"))
                .map_err(|error| SignInError::WrongAnswer(error.to_string()))
        };
        Ok(Self {
            authorization: at("/oauth2/authorize")?,
            token: at("/oauth2/token")?,
            end_session: Some(at("/logout")?),
            revocation: Some(at("/oauth2/revoke")?),
            names_issuer: false,
        })
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
