//! Checks the files, addresses and credentials that the configuration names. `serve` and
//! `check-config` both call it, so they report the same errors in the same words.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use gazette_user_pool::KeyFolder;
use socket2::{Domain, Socket, Type};
use tokio::task::{JoinHandle, spawn_blocking};

use super::authorizer::{bearer_authorizer, issuer, oidc_config};
use super::site_root;
use super::user_pool::pool_key_folder;
use crate::assets::Assets;
use crate::auth::{OidcClient, SessionKeys};
use crate::backup::refuse_unfinished;
use crate::clock::new_id;
use crate::config::{ActivePool, Config, KeyLocation, MetricsAddr, SettingErrors};
use crate::error_causes::with_causes;
use crate::images::check_images;
use crate::store::check_table;

const DATA_DIR: &str = "GAZETTE_DATA_DIR";

/// Files that a start needs.
pub struct StartFiles {
    /// Files of the site.
    pub assets: Assets,
    /// Folder of the keys of the embedded pool.
    pub pool_key_folder: KeyFolder,
}

impl StartFiles {
    /// Files for a start without preflight.
    pub fn unchecked(config: &Config, assets: Assets) -> Self {
        Self { assets, pool_key_folder: pool_key_folder(config) }
    }
}

/// Checks everything outside the settings that prevents `serve` from starting, and reports all
/// errors at once. It creates nothing that stays. Returns the files that take longest to read.
///
/// An address that another process uses is not an error of the configuration.
pub(crate) async fn preflight(config: &Config) -> Result<StartFiles, SettingErrors> {
    let mut errors = SettingErrors::default();
    // Read while the other checks run.
    let root = site_root(config);
    let assets = spawn_blocking(move || Assets::read(&root).inspect(Assets::hash_ahead));
    let is_pool_embedded = matches!(config.pool.active(), ActivePool::Embedded(_));
    let keys = pool_key_folder(config);
    let keys = spawn_blocking(move || if is_pool_embedded { keys.check() } else { Ok(keys) });
    check_addresses(config, &mut errors);
    let needs_folder = is_pool_embedded || config.store.keeps_session_key();
    let is_folder_usable = !needs_folder || check_data_folder(config, &mut errors);
    if let Err(error) = refuse_unfinished(&config.store) {
        errors.add(DATA_DIR, error.to_string());
    }
    check_table(&config.store, &mut errors).await;
    check_images(config, &mut errors).await;
    check_sign_in(config, &mut errors);
    check_key_file(config, &mut errors).await;
    let keys = result_of(keys).await;
    if let (Err(error), true) = (&keys, is_folder_usable) {
        errors.add(DATA_DIR, error);
    }
    let assets = result_of(assets).await;
    if let Err(error) = &assets {
        errors.add("LEPTOS_SITE_ROOT", error);
    }
    match (assets, keys) {
        (Ok(assets), Ok(pool_key_folder)) if errors.0.is_empty() => {
            Ok(StartFiles { assets, pool_key_folder })
        }
        _ => Err(errors),
    }
}

/// Returns the result of a task, or why it ended without one.
async fn result_of<T, E: ToString>(task: JoinHandle<Result<T, E>>) -> Result<T, String> {
    match task.await {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// Checks the addresses that are given. Those that must differ are not a rule of the settings, since
/// most commands do not serve the site.
fn check_addresses(config: &Config, errors: &mut SettingErrors) {
    let site = ("GAZETTE_ADDR", config.listen.addr());
    let pool = match config.pool.active() {
        ActivePool::Embedded(pool) => Some(("GAZETTE_POOL_ADDR", pool.addr)),
        ActivePool::Cognito(_) => None,
    };
    let metrics = match config.network.metrics_addr {
        Some(MetricsAddr::On(addr)) => Some(("GAZETTE_METRICS_ADDR", addr)),
        // Without the default one the site serves all the same.
        Some(MetricsAddr::Off) | None => None,
    };
    let mut others: Vec<(&str, SocketAddr)> = Vec::new();
    for (variable, addr) in [Some(site), pool, metrics].into_iter().flatten() {
        check_address(addr, variable, errors);
        for (other, _) in others.iter().filter(|(_, other)| is_same(*other, addr)) {
            errors.add(variable, format!("must differ from {other}"));
        }
        others.push((variable, addr));
    }
}

/// Checks for two addresses of which only one can be listened on. Port 0 is any free one.
fn is_same(one: SocketAddr, other: SocketAddr) -> bool {
    // The one of IPv6 takes those of IPv4 too.
    let covers = |any: SocketAddr, addr: SocketAddr| {
        any.ip().is_unspecified() && (any.is_ipv6() || addr.is_ipv4())
    };
    let is_overlapping = covers(one, other) || covers(other, one);
    one.port() != 0 && one.port() == other.port() && (one.ip() == other.ip() || is_overlapping)
}

fn check_address(addr: SocketAddr, variable: &str, errors: &mut SettingErrors) {
    match bind(addr) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
        Err(error) => errors.add(variable, format!("cannot listen on {addr}: {error}")),
    }
}

/// Takes an address for a moment. Nothing listens there, so no client connects to a site that is not there yet.
fn bind(addr: SocketAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.bind(&addr.into())
}

/// Returns whether the data folder can be used, apart from its files.
fn check_data_folder(config: &Config, errors: &mut SettingErrors) -> bool {
    let folder = &config.store.data_dir;
    if let Err(error) = check_writable(folder) {
        errors.add(DATA_DIR, format!("cannot use the folder {}: {error}", folder.display()));
        return false;
    }
    if let Err(error) = SessionKeys::check(&config.session, &config.store) {
        errors.add(DATA_DIR, format!("{error:#}"));
    }
    true
}

/// Checks that a folder can be written, or that it can be created.
fn check_writable(folder: &Path) -> io::Result<()> {
    let folder = std::path::absolute(folder)?;
    // A symbolic link to nothing is there, and no folder can be created in its place.
    let existing = folder.ancestors().find(|ancestor| ancestor.is_symlink() || ancestor.exists());
    if let Some(link) = existing.filter(|ancestor| !ancestor.exists()) {
        let message = format!("{} is a symbolic link to a missing folder", link.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    let probe = existing.unwrap_or(Path::new("/")).join(format!(".gazette-{}", new_id()));
    std::fs::create_dir(&probe)?;
    std::fs::remove_dir(&probe)
}

fn check_sign_in(config: &Config, errors: &mut SettingErrors) {
    let checked = bearer_authorizer(config).and_then(|(authorizer, _)| {
        let public_url = config.listen.public_url(config.listen.addr());
        let oidc = oidc_config(config, issuer(config, None), &public_url);
        Ok(OidcClient::new(oidc, Arc::new(authorizer), Arc::default()).map(drop)?)
    });
    if let Err(error) = checked {
        errors.add("GAZETTE_POOL", format!("the user pool cannot be used: {error:#}"));
    }
}

/// Checks the file of the pool's keys. A URL may become reachable later, a file is on this machine.
async fn check_key_file(config: &Config, errors: &mut SettingErrors) {
    let ActivePool::Cognito(cognito) = config.pool.active() else { return };
    let Some(KeyLocation::File(path)) = &cognito.keys else { return };
    let Ok((_, keys)) = bearer_authorizer(config) else { return };
    if let Err(error) = keys.refresh().await {
        let (path, error) = (path.display(), with_causes(&error));
        errors.add("COGNITO_JWKS_FILE", format!("{path}: {error}"));
    }
}
