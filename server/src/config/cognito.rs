//! App client of an Amazon Cognito user pool.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use gazette_authorizer::is_loopback;
use url::Url;

use super::error::SettingErrors;
use super::listen::ListenConfig;
use super::parse::{check_scheme, origin, url};
use super::redacted::Redacted;

/// App client of an Amazon Cognito user pool.
#[derive(Args, Clone, Debug)]
pub struct CognitoConfig {
    /// Issuer of the user pool, in either of Cognito's forms, exactly as it appears in tokens.
    #[arg(
        id = "cognito_issuer",
        long = "cognito-issuer",
        env = "COGNITO_ISSUER",
        value_name = "URL",
        value_parser = issuer
    )]
    issuer: Option<String>,
    /// App client that people sign in with.
    #[arg(
        id = "cognito_client_id",
        long = "cognito-client-id",
        env = "COGNITO_CLIENT_ID",
        value_name = "ID",
        value_parser = client_id
    )]
    client_id: Option<String>,
    /// Secret of the app client, if it has one.
    #[arg(
        id = "cognito_client_secret",
        long = "cognito-client-secret",
        env = "COGNITO_CLIENT_SECRET",
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub client_secret: Option<Redacted>,
    /// Origin of the hosted UI. If set, the endpoints are not discovered.
    #[arg(
        id = "cognito_domain",
        long = "cognito-domain",
        env = "COGNITO_DOMAIN",
        value_name = "URL",
        value_parser = origin
    )]
    pub domain: Option<String>,
    /// Key set of the pool, instead of the one at its issuer, to test against emulators: a file, or
    /// a URL on loopback. Refused with an https origin.
    #[arg(
        id = "cognito_jwks_file",
        long = "cognito-jwks-file",
        env = "COGNITO_JWKS_FILE",
        value_name = "FILE",
        value_parser = key_location
    )]
    pub keys: Option<KeyLocation>,
}

/// Key set of a pool that cannot be reached at its issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// File on this machine.
    File(PathBuf),
    /// URL on loopback.
    Url(Url),
}

impl CognitoConfig {
    /// Returns the issuer, which is set whenever this pool is in use.
    pub fn issuer(&self) -> &str {
        self.issuer.as_deref().unwrap_or_default()
    }

    /// Returns the id of the app client, which is set whenever this pool is in use.
    pub fn client_id(&self) -> &str {
        self.client_id.as_deref().unwrap_or_default()
    }

    pub(super) fn check(&self, listen: &ListenConfig, errors: &mut SettingErrors) {
        if self.keys.is_some() && listen.is_https() {
            let message = "is for tests on this machine; a site with an https origin takes the \
                           keys from COGNITO_ISSUER";
            errors.add_once("COGNITO_JWKS_FILE", message);
        }
        for (variable, is_set) in [
            ("COGNITO_ISSUER", self.issuer.is_some()),
            ("COGNITO_CLIENT_ID", self.client_id.is_some()),
        ] {
            if !is_set {
                errors.add_once(variable, "must be set when GAZETTE_POOL is cognito");
            }
        }
    }

    pub(super) fn check_unused(&self, errors: &mut SettingErrors) {
        for (variable, is_set) in [
            ("COGNITO_ISSUER", self.issuer.is_some()),
            ("COGNITO_CLIENT_ID", self.client_id.is_some()),
            ("COGNITO_CLIENT_SECRET", self.client_secret.is_some()),
            ("COGNITO_DOMAIN", self.domain.is_some()),
            ("COGNITO_JWKS_FILE", self.keys.is_some()),
        ] {
            if is_set {
                errors.add_once(variable, "is set, but GAZETTE_POOL is not cognito");
            }
        }
    }
}

impl fmt::Display for KeyLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(formatter),
            Self::Url(url) => url.fmt(formatter),
        }
    }
}

fn key_location(text: &str) -> Result<KeyLocation, String> {
    if text.starts_with("http://") || text.starts_with("https://") {
        let url = url(text)?;
        if is_loopback(&url) {
            return Ok(KeyLocation::Url(url));
        }
        return Err(format!("{url} must be a file, or a URL on loopback"));
    }
    Ok(KeyLocation::File(text.strip_prefix("file://").unwrap_or(text).into()))
}

fn issuer(text: &str) -> Result<String, String> {
    let url = url(text)?;
    check_scheme(&url)?;
    if url.query().is_some() || url.fragment().is_some() || !is_pool_id(url.path()) {
        return Err(format!(
            "{text:?} must end with the id of the pool, such as /eu-central-1_AbC123xyz, \
             as it does in tokens"
        ));
    }
    Ok(text.to_owned())
}

/// Checks whether a path is `/` and the id of a pool.
// Source: Cognito API, `UserPoolIdType`: `[\w-]+_[0-9a-zA-Z]+`, 1 to 55 characters.
fn is_pool_id(path: &str) -> bool {
    let id = path.strip_prefix('/').filter(|id| id.len() <= 55);
    let parts = id.and_then(|id| id.rsplit_once('_'));
    parts.is_some_and(|(region, name)| {
        let is_region = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        !region.is_empty()
            && region.chars().all(is_region)
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

// Source: Cognito API, `ClientIdType`: `[\w+]+`, 1 to 128 characters.
fn client_id(text: &str) -> Result<String, String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+');
    if text.len() <= 128 && text.chars().all(is_allowed) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} must be the id of one app client: letters and digits"))
}
