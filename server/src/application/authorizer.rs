//! Builds the verifier of tokens and the OIDC client's configuration for the pool in use.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use gazette_authorizer::{Authorizer, AuthorizerConfig, KeySource, KeySourceOptions};
use url::Url;

use super::user_pool::{CLI_CLIENT, POOL_ID, WEB_CLIENT, pool_origin};
use crate::auth::OidcClientConfig;
use crate::config::{ActivePool, Config, KeyLocation};

/// Builds the verifier of bearer tokens and its key source, without a running site.
pub(crate) fn bearer_authorizer(config: &Config) -> Result<(Authorizer, Arc<KeySource>)> {
    authorizer(config, issuer(config, None), &config.listen.public_url(config.listen.addr()))
}

/// Returns the issuer of the pool in use. That of the embedded pool contains the port of its
/// address, by default of the configured one.
pub(super) fn issuer(config: &Config, bound_pool: Option<SocketAddr>) -> String {
    match config.pool.active() {
        ActivePool::Cognito(cognito) => cognito.issuer().to_owned(),
        ActivePool::Embedded(pool) => {
            format!("{}/{POOL_ID}", pool_origin(bound_pool.unwrap_or(pool.addr)))
        }
    }
}

pub(super) fn authorizer(
    config: &Config,
    issuer: String,
    public_url: &str,
) -> Result<(Authorizer, Arc<KeySource>)> {
    let keys = Arc::new(key_source(config, &issuer)?);
    let client_ids = match config.pool.active() {
        ActivePool::Cognito(cognito) => vec![cognito.client_id().to_owned()],
        ActivePool::Embedded(_) => vec![WEB_CLIENT.to_owned(), CLI_CLIENT.to_owned()],
    };
    let config = AuthorizerConfig {
        issuer,
        client_ids,
        client_roles: config.tokens.client_roles.clone(),
        token_uses: config.tokens.token_uses.clone(),
        resource: Some(config.tokens.resource(public_url)),
        clock_skew_seconds: config.tokens.clock_skew_seconds,
    };
    Ok((Authorizer::new(config, Arc::clone(&keys))?, keys))
}

fn key_source(config: &Config, issuer: &str) -> Result<KeySource> {
    let location = match config.pool.active() {
        ActivePool::Cognito(cognito) => cognito.keys.clone(),
        ActivePool::Embedded(_) => None,
    };
    let url = match location {
        Some(KeyLocation::File(path)) => {
            return Ok(KeySource::from_file(path, KeySourceOptions::of_file()));
        }
        Some(KeyLocation::Url(url)) => url,
        None => Url::parse(&format!("{issuer}/.well-known/jwks.json"))?,
    };
    Ok(KeySource::new(url, KeySourceOptions::default())?)
}

pub(super) fn oidc_config(config: &Config, issuer: String, public_url: &str) -> OidcClientConfig {
    let public_url = public_url.to_owned();
    match config.pool.active() {
        ActivePool::Cognito(cognito) => OidcClientConfig {
            issuer,
            client_id: cognito.client_id().to_owned(),
            client_secret: cognito.client_secret.as_ref().map(|secret| secret.expose().to_owned()),
            domain: cognito.domain.clone(),
            public_url,
        },
        ActivePool::Embedded(_) => OidcClientConfig {
            issuer,
            client_id: WEB_CLIENT.to_owned(),
            client_secret: None,
            domain: None,
            public_url,
        },
    }
}
