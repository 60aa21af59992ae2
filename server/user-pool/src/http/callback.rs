//! The callback URL that the response of an authorization request is sent to.

use url::{Host, Url};

use super::browser_error::BrowserError;
use super::parameters::Parameters;
use crate::config::AppClient;
use crate::settings::Settings;

const UNKNOWN_CLIENT_OR_CALLBACK: &str = "The application is unknown, or its callback URL is \
    not registered. Go back to the application and try again; if it happens again, check its \
    client id and callback URL.";

/// A registered callback URL of a known client.
pub(super) struct Callback<'a> {
    pub(super) client: &'a AppClient,
    registered_url: &'a str,
    url: Url,
    state: Option<String>,
    issuer: &'a str,
}

impl<'a> Callback<'a> {
    /// Finds the client and its callback URL, which must be registered as this exact string.
    ///
    /// # Errors
    /// Always [`BrowserError::Page`]: the pool never redirects to an unregistered URL.
    pub(super) fn read(
        settings: &'a Settings,
        parameters: &Parameters,
    ) -> Result<Self, BrowserError> {
        let unknown = || BrowserError::Page(UNKNOWN_CLIENT_OR_CALLBACK);
        let client = parameters.get("client_id").and_then(|id| settings.client(id));
        let client = client.ok_or_else(unknown)?;
        let requested = parameters.get("redirect_uri").ok_or_else(unknown)?;
        let registered = client.callback_urls.iter().find(|url| *url == requested);
        let registered_url = registered.ok_or_else(unknown)?.as_str();
        let url = Url::parse(registered_url).map_err(|_| unknown())?;
        let state = parameters.get("state").map(ToOwned::to_owned);
        Ok(Self { client, registered_url, url, state, issuer: &settings.issuer })
    }

    /// Returns the callback URL as the client registered it.
    pub(super) fn registered_url(&self) -> &'a str {
        self.registered_url
    }

    /// Returns the callback URL with a code.
    pub(super) fn with_code(&self, code: &str) -> String {
        self.with_response(&[("code", code)])
    }

    /// Returns a redirect to the callback URL with an error.
    pub(super) fn with_error(&self, error: &str, description: &str) -> BrowserError {
        let response = [("error_description", description), ("error", error)];
        BrowserError::Redirect(self.with_response(&response))
    }

    /// Returns the CSP source for `form-action`, because Chromium applies it to the redirect
    /// that follows a form.
    ///
    /// CSP has no syntax for IPv6 hosts and custom URL schemes; these get a scheme source.
    pub(super) fn csp_source(&self) -> String {
        match self.url.host() {
            Some(Host::Domain(_) | Host::Ipv4(_)) if self.url.origin().is_tuple() => {
                self.url.origin().ascii_serialization()
            }
            Some(_) | None => format!("{}:", self.url.scheme()),
        }
    }

    /// Adds a response to the callback URL.
    ///
    /// Every response names the issuer (RFC 9207). Cognito does not do so, and the discovery
    /// document, which equals Cognito's, does not announce it.
    fn with_response(&self, pairs: &[(&str, &str)]) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .extend_pairs(pairs)
            .extend_pairs(self.state.as_ref().map(|state| ("state", state)))
            .append_pair("iss", self.issuer);
        url.into()
    }
}
