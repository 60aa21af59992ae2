//! The discovery document of an issuer (OpenID Connect Discovery 1.0).

use url::Url;

use crate::address::is_trustworthy;
use crate::config::is_issuer;
use crate::document::{Document, DocumentError, Timeouts};
use crate::json_value::{Json, Object};
use crate::strict_json::read_object;

const MAX_DISCOVERY_BYTES: usize = 64 * 1024;

/// Endpoints of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// URL of the sign-in.
    pub authorization_endpoint: Url,
    /// URL that returns tokens for a code.
    pub token_endpoint: Url,
    /// URL of the key set.
    pub jwks_uri: Url,
    /// URL of the sign-out; listed by Cognito since 2024.
    pub end_session_endpoint: Option<Url>,
    /// URL that revokes a refresh token.
    pub revocation_endpoint: Option<Url>,
    /// Promises that every authorization response has the parameter `iss` (RFC 9207).
    pub iss_parameter_supported: bool,
}

/// Error from fetching or reading a discovery document.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The issuer is neither an https URL nor an http URL on loopback.
    #[error("the issuer must be an https URL (http only on loopback) without query and fragment")]
    Issuer,
    /// The document could not be fetched.
    #[error("the issuer's discovery document could not be fetched")]
    Document(#[from] DocumentError),
    /// The document is not a strict JSON object.
    #[error("the issuer's discovery document is malformed")]
    Malformed,
    /// The document is of another issuer.
    #[error("the discovery document is of another issuer")]
    OtherIssuer,
    /// A URL is missing, malformed or not trustworthy.
    #[error("the discovery document's {0} is missing or not an https URL")]
    Endpoint(&'static str),
}

/// Fetches the discovery document of an issuer.
///
/// # Errors
/// When it cannot be fetched within 3 seconds, or contains a URL that is not trustworthy.
pub async fn discover(issuer: &str) -> Result<Discovery, DiscoveryError> {
    if !is_issuer(issuer) {
        return Err(DiscoveryError::Issuer);
    }
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let url = Url::parse(&address).map_err(|_| DiscoveryError::Issuer)?;
    let document = Document::new(url, MAX_DISCOVERY_BYTES, Timeouts::default())?.fetch().await?;
    read(&document, issuer)
}

pub(crate) fn read(document: &[u8], issuer: &str) -> Result<Discovery, DiscoveryError> {
    let document = read_object(document).map_err(|_| DiscoveryError::Malformed)?;
    if document.text("issuer") != Some(issuer) {
        return Err(DiscoveryError::OtherIssuer);
    }
    let endpoints = Endpoints { document: &document, only_https: issuer.starts_with("https:") };
    Ok(Discovery {
        authorization_endpoint: endpoints.required("authorization_endpoint")?,
        token_endpoint: endpoints.required("token_endpoint")?,
        jwks_uri: endpoints.required("jwks_uri")?,
        end_session_endpoint: endpoints.optional("end_session_endpoint")?,
        revocation_endpoint: endpoints.optional("revocation_endpoint")?,
        iss_parameter_supported: has_iss_parameter(&document)?,
    })
}

fn has_iss_parameter(document: &Object<'_>) -> Result<bool, DiscoveryError> {
    match document.get("authorization_response_iss_parameter_supported") {
        None => Ok(false),
        Some(Json::Bool(supported)) => Ok(*supported),
        Some(_) => Err(DiscoveryError::Malformed),
    }
}

struct Endpoints<'d> {
    document: &'d Object<'d>,
    /// An https issuer must not refer to http endpoints on loopback.
    only_https: bool,
}

impl Endpoints<'_> {
    fn required(&self, name: &'static str) -> Result<Url, DiscoveryError> {
        self.optional(name)?.ok_or(DiscoveryError::Endpoint(name))
    }

    fn optional(&self, name: &'static str) -> Result<Option<Url>, DiscoveryError> {
        if !self.document.has(name) {
            return Ok(None);
        }
        self.document
            .text(name)
            .and_then(|address| Url::parse(address).ok())
            .filter(is_trustworthy)
            .filter(|url| !self.only_https || url.scheme() == "https")
            .map(Some)
            .ok_or(DiscoveryError::Endpoint(name))
    }
}
