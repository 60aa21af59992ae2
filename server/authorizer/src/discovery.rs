//! The issuer's description of itself (OpenID Connect Discovery 1.0).

use url::Url;

use crate::address::is_trustworthy;
use crate::config::is_issuer;
use crate::document::{Document, DocumentError, Patience};
use crate::key_source::KeySourceOptions;
use crate::strict_json::{Json, Object, read_object};

const MAX_DISCOVERY_BYTES: usize = 64 * 1024;

/// Where an issuer can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The issuer, byte for byte the one that was asked for.
    pub issuer: String,
    /// Where people sign in.
    pub authorization_endpoint: Url,
    /// Where a code becomes tokens.
    pub token_endpoint: Url,
    /// Where the keys are.
    pub jwks_uri: Url,
    /// Where people sign out; Cognito tells it since 2024.
    pub end_session_endpoint: Option<Url>,
    /// Where a refresh token is taken back.
    pub revocation_endpoint: Option<Url>,
    /// Whether every way back from signing in names the issuer (RFC 9207).
    pub names_issuer_in_answers: bool,
}

/// Why an issuer's description cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The issuer is not an https address, nor an http one on this machine.
    #[error("the issuer must be an https URL (http only on loopback) without query and fragment")]
    Issuer,
    /// The description could not be had.
    #[error("the issuer's description could not be fetched")]
    Document(#[from] DocumentError),
    /// It is not a strict JSON object.
    #[error("the issuer's description is malformed")]
    Malformed,
    /// It describes another issuer.
    #[error("the description is another issuer's")]
    OtherIssuer,
    /// An address is missing, malformed or not safe to use.
    #[error("the description's {0} is missing or not an https URL")]
    Endpoint(&'static str),
}

/// Asks an issuer for its description.
///
/// # Errors
/// When it cannot be had within 3 seconds, or any address in it is not to be trusted.
pub async fn discover(issuer: &str) -> Result<Discovery, DiscoveryError> {
    if !is_issuer(issuer) {
        return Err(DiscoveryError::Issuer);
    }
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let url = Url::parse(&address).map_err(|_| DiscoveryError::Issuer)?;
    let options = KeySourceOptions::default();
    let patience = Patience { connect: options.connect_timeout, total: options.total_timeout };
    let document = Document::new(url, MAX_DISCOVERY_BYTES, patience)?.fetch().await?;
    read(&document, issuer)
}

pub(crate) fn read(document: &[u8], issuer: &str) -> Result<Discovery, DiscoveryError> {
    let document = read_object(document).map_err(|_| DiscoveryError::Malformed)?;
    if text(&document, "issuer") != Some(issuer) {
        return Err(DiscoveryError::OtherIssuer);
    }
    let endpoints = Endpoints { document: &document, only_https: issuer.starts_with("https:") };
    Ok(Discovery {
        issuer: issuer.to_owned(),
        authorization_endpoint: endpoints.required("authorization_endpoint")?,
        token_endpoint: endpoints.required("token_endpoint")?,
        jwks_uri: endpoints.required("jwks_uri")?,
        end_session_endpoint: endpoints.optional("end_session_endpoint")?,
        revocation_endpoint: endpoints.optional("revocation_endpoint")?,
        names_issuer_in_answers: names_issuer(&document)?,
    })
}

fn names_issuer(document: &Object<'_>) -> Result<bool, DiscoveryError> {
    match document.get("authorization_response_iss_parameter_supported") {
        None => Ok(false),
        Some(Json::Bool(named)) => Ok(*named),
        Some(_) => Err(DiscoveryError::Malformed),
    }
}

struct Endpoints<'d> {
    document: &'d Object<'d>,
    /// A real issuer has no business on this machine.
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
        text(self.document, name)
            .and_then(|address| Url::parse(address).ok())
            .filter(is_trustworthy)
            .filter(|url| !self.only_https || url.scheme() == "https")
            .map(Some)
            .ok_or(DiscoveryError::Endpoint(name))
    }
}

fn text<'d>(document: &'d Object<'_>, name: &str) -> Option<&'d str> {
    document.get(name)?.as_str()
}
