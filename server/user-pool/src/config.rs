//! What a pool is told when it is opened, and the checks that come before it serves.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use gazette_table::Clock;
use url::Url;

use crate::PoolError;

/// How a pool is set up.
pub struct PoolConfig {
    /// The id, as `local_gazette`: a word, an underscore, letters and digits; at most 55 characters.
    pub pool_id: String,
    /// The origin browsers reach it by, as `http://localhost:4000`.
    pub public_url: Url,
    /// The directory of the two private keys; made when missing.
    pub key_dir: PathBuf,
    /// The applications that may ask it for tokens.
    pub clients: Vec<AppClient>,
    /// What time it is, in seconds; the same clock the table judges expiry by.
    pub clock: Clock,
    /// Who may call the operations of administrators; without it, nobody.
    pub administrator: Option<AccessKey>,
    /// Moves `clock` for who tries out what happens later; without it there is no such door.
    pub move_clock: Option<MoveClock>,
}

/// Moves a clock forward by so many seconds.
pub type MoveClock = Arc<dyn Fn(i64) + Send + Sync>;

/// What the operations of administrators are signed with (AWS Signature Version 4).
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Names the key: 4 to 128 letters, digits or `_`.
    pub id: String,
    /// At least 16 characters.
    pub secret: String,
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// An application that may ask the pool for tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct AppClient {
    /// The id: 1 to 128 letters, digits, `_` or `+`.
    pub id: String,
    /// Where a code may be sent to; compared as exact strings.
    pub callback_urls: Vec<String>,
    /// Where a browser may be sent after signing out; compared as exact strings.
    pub logout_urls: Vec<String>,
    /// Whether `USER_PASSWORD_AUTH` is enabled.
    pub password_auth: bool,
    /// Whether the authorization code grant is enabled.
    pub authorization_code: bool,
    /// What a confidential client proves itself with: 24 to 64 letters, digits, `_` or `+`.
    pub secret: Option<String>,
    /// Whether each use of a refresh token gives a new one, and for how many seconds (0 to
    /// 60) the used one is good again. Source: Cognito, `RefreshTokenRotation`.
    pub refresh_token_rotation: Option<u8>,
}

impl fmt::Debug for AppClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppClient")
            .field("id", &self.id)
            .field("callback_urls", &self.callback_urls)
            .field("logout_urls", &self.logout_urls)
            .field("password_auth", &self.password_auth)
            .field("authorization_code", &self.authorization_code)
            .field("refresh_token_rotation", &self.refresh_token_rotation)
            .finish_non_exhaustive()
    }
}

/// The checked settings that the HTTP face reads.
pub(crate) struct Settings {
    pub(crate) pool_id: String,
    pub(crate) origin: String,
    pub(crate) issuer: String,
    pub(crate) https: bool,
    pub(crate) administrator: Option<AccessKey>,
    pub(crate) move_clock: Option<MoveClock>,
    clients: Vec<AppClient>,
}

impl Settings {
    /// Checks a configuration and takes it apart.
    pub(crate) fn check(config: PoolConfig) -> Result<(Self, PathBuf, Clock), PoolError> {
        let PoolConfig { pool_id, public_url, key_dir, clients, clock, .. } = config;
        let (administrator, move_clock) = (config.administrator, config.move_clock);
        check_administrator(administrator.as_ref())?;
        check_pool_id(&pool_id)?;
        check_public_url(&public_url)?;
        check_clients(&clients)?;
        let origin = public_url.origin().ascii_serialization();
        let issuer = format!("{origin}/{pool_id}");
        let https = public_url.scheme() == "https";
        let settings = Self { pool_id, origin, issuer, https, administrator, move_clock, clients };
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
    refuse("pool_id", format!("{pool_id:?} is not of the form word_letters"))
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
    refuse("public_url", format!("{url} is not an origin such as http://localhost:4000"))
}

fn check_clients(clients: &[AppClient]) -> Result<(), PoolError> {
    let mut ids = BTreeSet::new();
    for client in clients {
        if !is_word(&client.id, 1, 128) || !ids.insert(&client.id) {
            return refuse("clients", format!("{:?} is no client id or stands twice", client.id));
        }
        if client.secret.as_ref().is_some_and(|secret| !is_word(secret, 24, 64)) {
            return refuse(
                "clients",
                format!("the secret of {} has not 24 to 64 letters", client.id),
            );
        }
        if client.refresh_token_rotation.is_some_and(|grace| grace > 60) {
            return refuse("clients", format!("the grace of {} is over 60 seconds", client.id));
        }
        for url in client.callback_urls.iter().chain(&client.logout_urls) {
            check_client_url(url)?;
        }
    }
    Ok(())
}

fn check_administrator(key: Option<&AccessKey>) -> Result<(), PoolError> {
    let Some(key) = key else { return Ok(()) };
    if is_word(&key.id, 4, 128) && (16..=256).contains(&key.secret.len()) {
        return Ok(());
    }
    refuse("administrator", "an id has 4 to 128 letters, a secret at least 16".to_owned())
}

/// Source: Cognito, `CallbackURLs`: absolute, no fragment, and HTTPS except on this machine.
fn check_client_url(text: &str) -> Result<(), PoolError> {
    let allowed = Url::parse(text).is_ok_and(|url| {
        let plain_is_fine = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let scheme_is_fine = match url.scheme() {
            "http" => plain_is_fine,
            "javascript" | "data" | "file" | "blob" | "about" => false,
            _ => true,
        };
        scheme_is_fine && url.fragment().is_none()
    });
    if allowed && text.len() <= 1024 {
        return Ok(());
    }
    refuse("clients", format!("{text:?} cannot be a callback or sign-out URL"))
}

fn is_word(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '+')
}

fn refuse<T>(setting: &'static str, reason: String) -> Result<T, PoolError> {
    Err(PoolError::Setting { setting, reason })
}
