//! The checked configuration that the HTTP handlers read.

use gazette_table::Clock;
use url::{Host, Url};

use crate::client::{AppClient, check_ids};
use crate::config::{AccessKey, MoveClock, PoolConfig};
use crate::error::PoolError;
use crate::faults::Faults;
use crate::key_ring::KeyFolder;

/// The checked configuration of a pool.
pub(crate) struct Settings {
    pub(crate) pool_id: String,
    pub(crate) site_name: String,
    pub(crate) origin: String,
    pub(crate) issuer: String,
    /// Port of a plain http origin; `None` with https.
    pub(crate) http_port: Option<u16>,
    pub(crate) administrator: Option<AccessKey>,
    /// Programs need no particular key for Admin operations.
    pub(crate) accepts_any_signature: bool,
    pub(crate) move_clock: Option<MoveClock>,
    /// Present if faults can be switched on.
    pub(crate) faults: Option<Faults>,
}

/// Part of the configuration outside the settings.
pub(crate) struct Parts {
    pub(crate) key_folder: KeyFolder,
    pub(crate) clients: Vec<AppClient>,
    pub(crate) clock: Clock,
}

impl Settings {
    /// Checks a configuration and separates what does not belong to the settings.
    pub(crate) fn check(config: PoolConfig) -> Result<(Self, Parts), PoolError> {
        let PoolConfig { pool_id, public_url, site_name, key_folder, clients, clock, .. } = config;
        let (administrator, move_clock) = (config.administrator, config.move_clock);
        check_administrator(administrator.as_ref())?;
        check_pool_id(&pool_id)?;
        check_public_url(&public_url)?;
        check_clients(&clients)?;
        check_faults(config.has_faults, &public_url)?;
        let origin = public_url.origin().ascii_serialization();
        let issuer = format!("{origin}/{pool_id}");
        let is_http = public_url.scheme() == "http";
        let http_port = public_url.port_or_known_default().filter(|_| is_http);
        let settings = Self {
            pool_id,
            site_name,
            origin,
            issuer,
            http_port,
            administrator,
            accepts_any_signature: config.accepts_any_signature,
            move_clock,
            faults: config.has_faults.then(Faults::default),
        };
        Ok((settings, Parts { key_folder, clients, clock }))
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

/// Refuses faults in a pool that more than this machine could reach.
fn check_faults(has_faults: bool, url: &Url) -> Result<(), PoolError> {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if !has_faults || (url.scheme() == "http" && is_loopback) {
        return Ok(());
    }
    setting_error("has_faults", format!("{url} must be an http origin on loopback"))
}

fn check_clients(clients: &[AppClient]) -> Result<(), PoolError> {
    let checked = check_ids(clients).and_then(|()| clients.iter().try_for_each(AppClient::check));
    checked.or_else(|reason| setting_error("clients", reason))
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

fn is_word(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '+')
}

fn setting_error(setting: &'static str, reason: String) -> Result<(), PoolError> {
    Err(PoolError::Setting { setting, reason })
}
