//! The parameters of `/oauth2/authorize` and `/login`.
//!
//! Source: Cognito, "Authorize endpoint"; RFC 6749 §4.1.1; RFC 7636 §4.3; RFC 8707 §2.

use url::Url;

use super::browser_error::BrowserError;
use super::callback::Callback;
use super::parameters::Parameters;
use crate::client::OAuthGrant;
use crate::pool::UserPool;
use crate::scope::Scopes;
use crate::secret::has_pkce_form;

/// Maximum length of a resource.
const MAX_RESOURCE_BYTES: usize = 2_048;

/// Values of the parameter `prompt`. Source: OpenID Connect Core §3.1.2.1.
const PROMPTS: [&str; 4] = ["none", "login", "select_account", "consent"];

/// A request for an authorization code.
pub(super) struct AuthorizationRequest<'a> {
    pub(super) callback: Callback<'a>,
    pub(super) response_type: ResponseType,
    pub(super) scopes: Scopes,
    /// PKCE challenge.
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Prompt,
    pub(super) login_hint: String,
    /// Maximum age of a sign-in in seconds; an older one needs the password again.
    pub(super) max_age: Option<i64>,
    /// API that the access token is for.
    pub(super) resource: Option<String>,
    /// The whole request as a query, for the sign-in page.
    pub(super) query: String,
    /// The same, but for the password of another user.
    pub(super) query_for_another_user: String,
}

/// The parameter `response_type`: what the application gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseType {
    /// `code`: an authorization code.
    Code,
    /// `token`: tokens (implicit grant).
    Token,
}

/// The parameter `prompt`: when to show the sign-in page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    /// Absent, or only `consent`, for which this pool never asks: only if the user is not signed
    /// in.
    WhenNeeded,
    /// `none`: never.
    Never,
    /// `login`: always, even if the user is signed in.
    Always,
    /// `select_account`: always, but a user who is signed in needs no password.
    SelectAccount,
}

impl<'a> AuthorizationRequest<'a> {
    /// Parses and checks a request.
    ///
    /// # Errors
    /// [`BrowserError::Redirect`], except for the errors of [`Callback::read`].
    pub(super) async fn read(
        pool: &'a UserPool,
        parameters: &Parameters,
    ) -> Result<Self, BrowserError> {
        let callback = Callback::read(pool, parameters).await?;
        let invalid = |description| callback.with_error("invalid_request", description);
        if parameters.has_repeated() {
            return Err(invalid("A parameter is repeated."));
        }
        let response_type = read_response_type(&callback, parameters)?;
        let scopes =
            Scopes::parse(parameters.get("scope"), &callback.client.scopes).ok_or_else(|| {
                callback.with_error(
                    "invalid_scope",
                    "A scope is unknown, or requires the openid scope.",
                )
            })?;
        let challenge = read_challenge(parameters).map_err(invalid)?;
        let prompt = read_prompt(parameters).map_err(invalid)?;
        let max_age = read_max_age(parameters).map_err(invalid)?;
        let resource = read_resource(parameters).map_err(invalid)?;
        let text = |name| parameters.get(name).map(ToOwned::to_owned);
        Ok(Self {
            response_type,
            scopes,
            challenge,
            prompt,
            nonce: text("nonce"),
            login_hint: text("login_hint").filter(|hint| hint.len() <= 128).unwrap_or_default(),
            max_age,
            resource,
            query: parameters.to_query(),
            query_for_another_user: parameters.to_query_with("prompt", "login"),
            callback,
        })
    }
}

impl AuthorizationRequest<'_> {
    /// Checks whether the client must send a PKCE challenge, but did not (POOL-04).
    pub(super) fn lacks_challenge(&self) -> bool {
        self.response_type == ResponseType::Code
            && self.challenge.is_none()
            && self.callback.client.requires_pkce
    }
}

fn read_response_type(
    callback: &Callback<'_>,
    parameters: &Parameters,
) -> Result<ResponseType, BrowserError> {
    let client = &callback.client;
    let (error, description) = match parameters.get("response_type") {
        Some("code") if client.allows_grant(OAuthGrant::Code) => return Ok(ResponseType::Code),
        Some("token") if client.allows_grant(OAuthGrant::Implicit) => {
            return Ok(ResponseType::Token);
        }
        Some("code" | "token") => {
            ("unauthorized_client", "The client is not allowed to use this response_type.")
        }
        Some(_) => ("invalid_request", "response_type is not supported."),
        None => ("invalid_request", "response_type is missing."),
    };
    Err(callback.with_error(error, description))
}

/// Reads the PKCE challenge.
fn read_challenge(parameters: &Parameters) -> Result<Option<String>, &'static str> {
    let Some(challenge) = parameters.get("code_challenge") else {
        return match parameters.get("code_challenge_method") {
            None => Ok(None),
            Some(_) => Err("code_challenge is missing."),
        };
    };
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err("code_challenge_method must be S256.");
    }
    if !has_pkce_form(challenge) {
        return Err("code_challenge is malformed.");
    }
    Ok(Some(challenge.to_owned()))
}

fn read_prompt(parameters: &Parameters) -> Result<Prompt, &'static str> {
    let text = parameters.get("prompt").unwrap_or_default();
    let values: Vec<&str> = text.split(' ').filter(|value| !value.is_empty()).collect();
    if values.iter().any(|value| !PROMPTS.contains(value)) {
        return Err("prompt is not supported.");
    }
    let has = |wanted| values.contains(&wanted);
    if has("none") {
        let is_alone = values.iter().all(|value| *value == "none");
        return if is_alone { Ok(Prompt::Never) } else { Err("prompt=none must be alone.") };
    }
    Ok(if has("login") {
        Prompt::Always
    } else if has("select_account") {
        Prompt::SelectAccount
    } else {
        Prompt::WhenNeeded
    })
}

fn read_max_age(parameters: &Parameters) -> Result<Option<i64>, &'static str> {
    let age = |text: &str| text.parse::<u32>().map(i64::from);
    parameters.get("max_age").map(age).transpose().map_err(|_| "max_age must be a whole number.")
}

fn read_resource(parameters: &Parameters) -> Result<Option<String>, &'static str> {
    match parameters.get("resource") {
        Some(resource) if !is_resource(resource) => {
            Err("resource must be a URL without a fragment that begins with https://, \
             http://localhost or a custom scheme.")
        }
        resource => Ok(resource.map(ToOwned::to_owned)),
    }
}

fn is_resource(text: &str) -> bool {
    // The parser of URLs would change other characters.
    if text.len() > MAX_RESOURCE_BYTES || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let is_allowed = match url.scheme() {
        "https" => text.starts_with("https://"),
        "http" => text.starts_with("http://") && url.host_str() == Some("localhost"),
        _ => true,
    };
    is_allowed && url.fragment().is_none()
}
