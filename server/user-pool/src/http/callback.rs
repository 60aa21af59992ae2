//! The callback URL that the response of an authorization request is sent to.

use url::{Host, Url, form_urlencoded};

use super::browser_error::BrowserError;
use super::pages::Mismatch;
use super::parameters::Parameters;
use crate::client::AppClient;
use crate::pool::UserPool;

/// A registered callback URL of a known client.
pub(super) struct Callback<'a> {
    pub(super) client: AppClient,
    url: Url,
    registered_url: String,
    state: Option<String>,
    issuer: &'a str,
}

impl<'a> Callback<'a> {
    /// Finds the client and its callback URL, which must be registered as this exact string.
    ///
    /// # Errors
    /// Always a page: the pool never redirects to an unregistered URL.
    pub(super) async fn read(
        pool: &'a UserPool,
        parameters: &Parameters,
    ) -> Result<Self, BrowserError> {
        let client = find_client(pool, parameters).await?;
        let requested = parameters.get("redirect_uri").ok_or(Mismatch::Missing("redirect_uri"))?;
        let registered = client.callback_urls.iter().find(|url| *url == requested);
        let url = registered.and_then(|registered| Url::parse(registered).ok());
        let Some(url) = url else {
            return Err(Mismatch::callback(&client, requested).into());
        };
        Ok(Self {
            client,
            url,
            registered_url: requested.to_owned(),
            state: parameters.get("state").map(ToOwned::to_owned),
            issuer: &pool.state.settings.issuer,
        })
    }

    /// Returns the callback URL as the client registered it.
    pub(super) fn registered_url(&self) -> &str {
        &self.registered_url
    }

    /// Returns the callback URL with a code.
    pub(super) fn with_code(&self, code: &str) -> String {
        self.with_response(&[("code", code)])
    }

    /// Returns the callback URL with tokens in its fragment.
    pub(super) fn with_fragment<'p>(
        &self,
        pairs: impl Iterator<Item = (&'p str, &'p str)>,
    ) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let fragment = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
            .extend_pairs(state)
            .finish();
        let mut url = self.url.clone();
        url.set_fragment(Some(&fragment));
        url.into()
    }

    /// Returns a redirect to the callback URL with an error.
    pub(super) fn with_error(&self, error: &str, description: &str) -> BrowserError {
        BrowserError::Redirect(self.with_error_url(error, description))
    }

    /// Returns the callback URL with an error.
    pub(super) fn with_error_url(&self, error: &str, description: &str) -> String {
        self.with_response(&[("error_description", description), ("error", error)])
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

/// Finds the client of a request that a browser made.
pub(super) async fn find_client(
    pool: &UserPool,
    parameters: &Parameters,
) -> Result<AppClient, BrowserError> {
    let id = parameters.get("client_id").ok_or(Mismatch::Missing("client_id"))?;
    if let Some(client) = pool.state.clients.find(id).await? {
        return Ok(client);
    }
    let clients = pool.state.clients.list().await?;
    let known = clients.into_iter().map(|registered| registered.client.id).collect();
    Err(Mismatch::Client { id: id.to_owned(), known }.into())
}
