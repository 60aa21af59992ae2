//! The checked configuration that the HTTP handlers read.

use std::collections::BTreeSet;
use std::path::PathBuf;

use gazette_table::Clock;
use url::Url;

use crate::config::{AccessKey, AppClient, MoveClock, PoolConfig};
use crate::error::PoolError;

/// The checked configuration of a pool.
pub(crate) struct Settings {
    pub(crate) pool_id: String,
    pub(crate) origin: String,
    pub(crate) issuer: String,
    /// Port of a plain http origin; `None` with https.
    pub(crate) http_port: Option<u16>,
    pub(crate) administrator: Option<AccessKey>,
    /// Programs need no particular key for Admin operations.
    pub(crate) accepts_any_signature: bool,
    pub(crate) move_clock: Option<MoveClock>,
    clients: Vec<AppClient>,
}

impl Settings {
    /// Checks a configuration and separates what does not belong to the settings.
    pub(crate) fn check(config: PoolConfig) -> Result<(Self, PathBuf, Clock), PoolError> {
        let PoolConfig { pool_id, public_url, key_dir, clients, clock, .. } = config;
        let (administrator, move_clock) = (config.administrator, config.move_clock);
        check_administrator(administrator.as_ref())?;
        check_pool_id(&pool_id)?;
        check_public_url(&public_url)?;
        check_clients(&clients)?;
        let origin = public_url.origin().ascii_serialization();
        let issuer = format!("{origin}/{pool_id}");
        let is_http = public_url.scheme() == "http";
        let http_port = public_url.port_or_known_default().filter(|_| is_http);
        let settings = Self {
            pool_id,
            origin,
            issuer,
            http_port,
            administrator,
            accepts_any_signature: config.accepts_any_signature,
            move_clock,
            clients,
        };
        Ok((settings, key_dir, clock))
    }

    pub(crate) fn client(&self, id: &str) -> Option<&AppClient> {
        self.clients.iter().find(|client| client.id == id)
    }
}

fn check_pool_id(pool_id: &str) -> Result<(), PoolError> {
    let parts = pool_id.rsplit_once('_').filter(|(name, suffix)| {
        !name.is_empty()
            && !suffix.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            && suffix.chars().all(|c| c.is_ascii_alphanumeric())
    });
    if parts.is_some() && pool_id.len() <= 55 {
        return Ok(());
    }
    let rules = "letters, digits, _ or - before the last underscore, letters and digits after it, \
         at most 55 characters";
    setting_error("pool_id", format!("{pool_id:?} must look like local_gazette: {rules}"))
}

fn check_public_url(url: &Url) -> Result<(), PoolError> {
    let is_origin = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && is_origin {
        return Ok(());
    }
    setting_error("public_url", format!("{url} must be an origin such as http://localhost:4000"))
}

fn check_clients(clients: &[AppClient]) -> Result<(), PoolError> {
    let mut ids = BTreeSet::new();
    for client in clients {
        let id = &client.id;
        if !ids.insert(id) {
            return setting_error("clients", format!("the client id {id:?} is repeated"));
        }
        check_client(client)?;
        for url in client.callback_urls.iter().chain(&client.logout_urls) {
            check_client_url(url)?;
        }
    }
    Ok(())
}

fn check_client(client: &AppClient) -> Result<(), PoolError> {
    let id = &client.id;
    let is_invalid_secret = |secret: &String| !is_word(secret, 24, 64);
    let reason = if !is_word(id, 1, 128) {
        format!("the client id {id:?} must have 1 to 128 letters, digits, _ or +")
    } else if client.name.trim().is_empty() {
        format!("the name of {id} is empty")
    } else if client.secret.as_ref().is_some_and(is_invalid_secret) {
        format!("the secret of {id} must have 24 to 64 letters, digits, _ or +")
    } else if client.refresh_token_rotation.is_some_and(|grace| grace > 60) {
        format!("the grace period of {id} must be at most 60 seconds")
    } else {
        return Ok(());
    };
    setting_error("clients", reason)
}

fn check_administrator(key: Option<&AccessKey>) -> Result<(), PoolError> {
    let Some(key) = key else { return Ok(()) };
    if is_word(&key.id, 4, 128) && (16..=256).contains(&key.secret.len()) {
        return Ok(());
    }
    let reason =
        "the key id must have 4 to 128 letters, digits, _ or +; the secret 16 to 256 bytes";
    setting_error("administrator", reason.to_owned())
}

/// Checks a callback or sign-out URL: absolute, no fragment, and https except on loopback.
///
/// Source: Cognito, `CallbackURLs`.
fn check_client_url(text: &str) -> Result<(), PoolError> {
    let is_allowed = Url::parse(text).is_ok_and(|url| {
        let is_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let is_safe_scheme = match url.scheme() {
            "http" => is_loopback,
            "javascript" | "data" | "file" | "blob" | "about" => false,
            _ => true,
        };
        is_safe_scheme && url.fragment().is_none()
    });
    if is_allowed && text.len() <= 1024 {
        return Ok(());
    }
    let rules = "an absolute URL of at most 1024 bytes without a fragment; http is allowed for \
         localhost only, and javascript, data, file, blob and about are not allowed";
    setting_error("clients", format!("{text:?} must be {rules}"))
}

fn is_word(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '+')
}

fn setting_error(setting: &'static str, reason: String) -> Result<(), PoolError> {
    Err(PoolError::Setting { setting, reason })
}
