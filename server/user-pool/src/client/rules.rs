//! The rules for clients; the messages say what is allowed.

use std::collections::BTreeSet;

use url::Url;

use super::{AppClient, Lifetime, OAuthGrant};
use crate::scope::is_valid_scope;

/// Maximum number of callback URLs, and of sign-out URLs.
const MAX_URLS: usize = 100;
const MAX_URL_BYTES: usize = 1024;
const MAX_SCOPES: usize = 50;
const MIN_AUTH_SESSION_MINUTES: u8 = 3;
/// Longest time for which a sign-in waits for its next step. Source: Cognito,
/// `AuthSessionValidity`.
pub const MAX_AUTH_SESSION_MINUTES: u8 = 15;
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

impl AppClient {
    /// Checks every rule that does not depend on other clients.
    ///
    /// # Errors
    /// The first rule that is broken, for the person who configures the client.
    pub fn check(&self) -> Result<(), String> {
        let id = &self.id;
        let is_invalid_secret = |secret: &String| !is_word(secret, 24, 64);
        if !is_word(id, 1, 128) {
            return Err(format!("the client id {id:?} must have 1 to 128 letters, digits, _ or +"));
        }
        if self.name.trim().is_empty() || self.name.chars().count() > 128 {
            return Err(format!("the name of {id} must have 1 to 128 characters"));
        }
        if self.secret.as_ref().is_some_and(is_invalid_secret) {
            return Err(format!("the secret of {id} must have 24 to 64 letters, digits, _ or +"));
        }
        if self.refresh_token_rotation.is_some_and(|grace| grace > 60) {
            return Err(format!("the grace period of {id} must be at most 60 seconds"));
        }
        if !(MIN_AUTH_SESSION_MINUTES..=MAX_AUTH_SESSION_MINUTES)
            .contains(&self.auth_session_minutes)
        {
            return Err(format!("a sign-in of {id} must wait 3 to 15 minutes for its next step"));
        }
        self.check_lifetimes()?;
        self.check_scopes()?;
        self.check_urls()?;
        self.check_grants()
    }

    fn check_lifetimes(&self) -> Result<(), String> {
        let lifetimes = &self.lifetimes;
        let is_between = |lifetime: Lifetime, min, max| (min..=max).contains(&lifetime.seconds());
        let id = &self.id;
        if !is_between(lifetimes.id_token, 300, DAY)
            || !is_between(lifetimes.access_token, 300, DAY)
        {
            return Err(format!("id and access tokens of {id} must live 5 minutes to 1 day"));
        }
        if !is_between(lifetimes.refresh_token, HOUR, 3_650 * DAY) {
            return Err(format!("refresh tokens of {id} must live 60 minutes to 3650 days"));
        }
        Ok(())
    }

    fn check_scopes(&self) -> Result<(), String> {
        let id = &self.id;
        if self.scopes.len() > MAX_SCOPES {
            return Err(format!("{id} can have at most {MAX_SCOPES} scopes"));
        }
        match self.scopes.iter().find(|scope| !is_valid_scope(scope)) {
            Some(scope) => Err(format!(
                "{scope:?} of {id} must be openid, email, phone, profile, \
                 aws.cognito.signin.user.admin, or the identifier of a resource server, a slash \
                 and a name"
            )),
            None => Ok(()),
        }
    }

    fn check_urls(&self) -> Result<(), String> {
        for urls in [&self.callback_urls, &self.logout_urls] {
            if urls.len() > MAX_URLS {
                return Err(format!("{} can have at most {MAX_URLS} URLs of a kind", self.id));
            }
            urls.iter().try_for_each(|url| check_url(url))?;
        }
        Ok(())
    }

    fn check_grants(&self) -> Result<(), String> {
        let id = &self.id;
        let has_browser =
            self.allows_grant(OAuthGrant::Code) || self.allows_grant(OAuthGrant::Implicit);
        if has_browser && self.callback_urls.is_empty() {
            return Err(format!("{id} needs a callback URL for the grants code and implicit"));
        }
        if !self.grants.is_empty() && self.scopes.is_empty() {
            return Err(format!("{id} needs a scope for its grants"));
        }
        if self.allows_grant(OAuthGrant::ClientCredentials) {
            if has_browser {
                let reason = "cannot be combined with the grants code and implicit";
                return Err(format!("client_credentials of {id} {reason}"));
            }
            if self.secret.is_none() {
                return Err(format!("{id} needs a secret for the grant client_credentials"));
            }
        }
        Ok(())
    }
}

/// Checks that no two clients have the same id.
pub(crate) fn check_ids(clients: &[AppClient]) -> Result<(), String> {
    let mut ids = BTreeSet::new();
    match clients.iter().find(|client| !ids.insert(&client.id)) {
        Some(client) => Err(format!("the client id {:?} is repeated", client.id)),
        None => Ok(()),
    }
}

/// Checks a callback or sign-out URL: absolute, no fragment, and https except on loopback.
///
/// Source: Cognito, `CallbackURLs`.
fn check_url(text: &str) -> Result<(), String> {
    let is_allowed = Url::parse(text).is_ok_and(|url| {
        let is_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let is_safe_scheme = match url.scheme() {
            "http" => is_loopback,
            "javascript" | "data" | "file" | "blob" | "about" => false,
            _ => true,
        };
        is_safe_scheme && url.fragment().is_none()
    });
    if is_allowed && text.len() <= MAX_URL_BYTES {
        return Ok(());
    }
    let rules = "an absolute URL of at most 1024 bytes without a fragment; http is allowed for \
         localhost only, and javascript, data, file, blob and about are not allowed";
    Err(format!("{text:?} must be {rules}"))
}

fn is_word(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '+')
}
