//! What `/oauth2/authorize` and `/login` are asked, checked before anything is done.
//!
//! Source: Cognito, "Authorize endpoint"; RFC 6749 §4.1.1; RFC 7636 §4.3.

use url::{Host, Url};

use super::parameters::Parameters;
use super::refusal::Refusal;
use crate::config::{AppClient, Settings};
use crate::scope::Scopes;
use crate::secret::is_256_bits;

const WRONG_ADDRESS: &str = "An error was encountered with the requested page. \
    The application is unknown here, or its return address is not registered.";

/// Where the answer goes: to a registered address of a known client.
pub(super) struct Destination<'a> {
    pub(super) client: &'a AppClient,
    pub(super) redirect_uri: Url,
    registered_uri: &'a str,
    state: Option<String>,
    issuer: &'a str,
}

/// A request for an authorization code.
pub(super) struct AuthorizationRequest<'a> {
    pub(super) destination: Destination<'a>,
    pub(super) scopes: Scopes,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Prompt,
    pub(super) login_hint: String,
    /// All of it as a query, for the sign-in page.
    pub(super) query: String,
}

/// Whether the user is to be asked for their password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    /// Only if they are not signed in.
    WhenNeeded,
    /// Never: the application wants to know whether they are signed in.
    Never,
    /// Always, to prove that they are still there.
    Always,
}

impl<'a> Destination<'a> {
    /// Finds the client and its return address, which must be registered as this exact string.
    ///
    /// # Errors
    /// Always [`Refusal::Here`]: an address that is not registered is never redirected to.
    pub(super) fn read(settings: &'a Settings, parameters: &Parameters) -> Result<Self, Refusal> {
        let wrong = || Refusal::Here(WRONG_ADDRESS);
        let client = parameters.get("client_id").and_then(|id| settings.client(id));
        let client = client.ok_or_else(wrong)?;
        let asked = parameters.get("redirect_uri").ok_or_else(wrong)?;
        let registered = client.callback_urls.iter().find(|url| *url == asked);
        let registered_uri = registered.ok_or_else(wrong)?.as_str();
        let redirect_uri = Url::parse(registered_uri).map_err(|_| wrong())?;
        let state = parameters.get("state").map(ToOwned::to_owned);
        Ok(Self { client, redirect_uri, registered_uri, state, issuer: &settings.issuer })
    }

    /// The return address as the client wrote it.
    pub(super) fn registered_uri(&self) -> &'a str {
        self.registered_uri
    }

    /// The return address with a code.
    pub(super) fn with_code(&self, code: &str) -> String {
        self.with(&[("code", code)])
    }

    /// The return address with an error.
    pub(super) fn refuse(&self, error: &str, description: &str) -> Refusal {
        Refusal::There(self.with(&[("error_description", description), ("error", error)]))
    }

    /// What a page's `form-action` must allow besides the pool itself, since
    /// Chromium applies it to the redirect that answers the form.
    ///
    /// CSP has no syntax for IPv6 hosts, nor for what follows a scheme of an app.
    pub(super) fn form_target(&self) -> String {
        match self.redirect_uri.host() {
            Some(Host::Domain(_) | Host::Ipv4(_)) if self.redirect_uri.origin().is_tuple() => {
                self.redirect_uri.origin().ascii_serialization()
            }
            Some(_) | None => format!("{}:", self.redirect_uri.scheme()),
        }
    }

    /// Every answer names the issuer (RFC 9207), which a Cognito pool's does not; the discovery
    /// document stays as a Cognito pool has it and does not promise this.
    fn with(&self, pairs: &[(&str, &str)]) -> String {
        let mut url = self.redirect_uri.clone();
        url.query_pairs_mut()
            .extend_pairs(pairs)
            .extend_pairs(self.state.as_ref().map(|state| ("state", state)))
            .append_pair("iss", self.issuer);
        url.into()
    }
}

impl<'a> AuthorizationRequest<'a> {
    /// Checks a request.
    ///
    /// # Errors
    /// Told to the application, except for the faults of [`Destination::read`].
    pub(super) fn read(settings: &'a Settings, parameters: &Parameters) -> Result<Self, Refusal> {
        let destination = Destination::read(settings, parameters)?;
        let invalid = |description| destination.refuse("invalid_request", description);
        if parameters.has_repeated() {
            return Err(invalid("A parameter is repeated."));
        }
        match parameters.get("response_type") {
            Some("code") if destination.client.authorization_code => {}
            Some("code" | "token") => {
                let reason = "The client may not use this response_type.";
                return Err(destination.refuse("unauthorized_client", reason));
            }
            Some(_) => return Err(invalid("response_type is not supported.")),
            None => return Err(invalid("response_type is missing.")),
        }
        let scopes = Scopes::parse(parameters.get("scope")).ok_or_else(|| {
            destination.refuse("invalid_scope", "A scope is unknown or needs openid.")
        })?;
        let challenge = read_challenge(parameters).map_err(invalid)?;
        let prompt = read_prompt(parameters).map_err(invalid)?;
        let text = |name| parameters.get(name).map(ToOwned::to_owned);
        Ok(Self {
            scopes,
            challenge,
            prompt,
            nonce: text("nonce"),
            login_hint: text("login_hint").filter(|hint| hint.len() <= 128).unwrap_or_default(),
            query: parameters.to_query(),
            destination,
        })
    }
}

/// Cognito lets a client do without PKCE; this pool does not (POOL-04).
fn read_challenge(parameters: &Parameters) -> Result<String, &'static str> {
    let challenge = parameters.get("code_challenge").ok_or("code_challenge is missing.")?;
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err("code_challenge_method must be S256.");
    }
    if !is_256_bits(challenge) {
        return Err("code_challenge is malformed.");
    }
    Ok(challenge.to_owned())
}

fn read_prompt(parameters: &Parameters) -> Result<Prompt, &'static str> {
    match parameters.get("prompt") {
        None => Ok(Prompt::WhenNeeded),
        Some("none") => Ok(Prompt::Never),
        Some("login") => Ok(Prompt::Always),
        Some(_) => Err("prompt is not supported."),
    }
}
