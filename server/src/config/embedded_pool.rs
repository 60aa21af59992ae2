//! The user pool in this process.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};
use gazette_user_pool::{AccessKey, AppClient, NewUser};

use super::error::SettingErrors;
use super::parse::socket_addr;
use super::pool_client::pool_client;
use super::redacted::Redacted;

/// The user pool in this process.
#[derive(Args, Clone, Debug)]
pub struct EmbeddedPoolConfig {
    /// Loopback address on which the embedded pool listens.
    #[arg(
        id = "pool_addr",
        long = "pool-addr",
        env = "GAZETTE_POOL_ADDR",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:4000",
        value_parser = loopback_addr
    )]
    pub addr: SocketAddr,
    /// User of the embedded pool, created at start if missing. The variable takes several,
    /// separated by spaces.
    #[arg(
        id = "pool_user",
        long = "pool-user",
        env = "GAZETTE_POOL_USER",
        value_name = "NAME:PASSWORD[:GROUP[,GROUP]]",
        value_delimiter = ' ',
        hide_env_values = true,
        value_parser = pool_user
    )]
    pub users: Vec<PoolUser>,
    /// App client of the embedded pool for another project. The variable takes several, separated
    /// by spaces; the file has a table `[[pool.client]]` for each, which can set more.
    #[arg(
        id = "pool_client",
        long = "pool-client",
        env = "GAZETTE_POOL_CLIENT",
        value_name = "ID[:SECRET]=CALLBACK[,CALLBACK]",
        value_delimiter = ' ',
        hide_env_values = true,
        value_parser = pool_client
    )]
    pub clients: Vec<AppClient>,
    /// Key that must sign requests for the embedded pool's Admin operations (AWS Signature
    /// Version 4). Without it, programs on this machine may sign with any key, web pages with none.
    #[arg(
        id = "pool_admin_key",
        long = "pool-admin-key",
        env = "GAZETTE_POOL_ADMIN_KEY",
        value_name = "ID:SECRET",
        hide_env_values = true,
        value_parser = access_key
    )]
    pub admin_key: Option<AccessKey>,
    /// Clock of the embedded pool: fixed, or movable by POST to `/_pool/clock` for tests
    /// [default: fixed].
    #[arg(id = "pool_clock", long = "pool-clock", env = "GAZETTE_POOL_CLOCK", value_name = "KIND")]
    clock: Option<PoolClock>,
    /// Faults of the embedded pool: none, or switchable by POST to `/_pool/faults`, to test how
    /// clients refuse what a broken pool sends [default: none].
    #[arg(
        id = "pool_faults",
        long = "pool-faults",
        env = "GAZETTE_POOL_FAULTS",
        value_name = "KIND"
    )]
    faults: Option<PoolFaults>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PoolFaults {
    None,
    Switchable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PoolClock {
    Fixed,
    Movable,
}

/// User to create in the embedded pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolUser {
    /// User name.
    pub name: String,
    /// Password in plain text, as configured.
    pub password: Redacted,
    /// Groups of the user.
    pub groups: Vec<String>,
}

impl PoolUser {
    /// Returns the user in the form that the pool creates.
    pub fn to_new_user(&self) -> NewUser {
        NewUser {
            username: self.name.clone(),
            email: format!("{}@example.com", self.name),
            password: self.password.expose().to_owned(),
            groups: self.groups.clone(),
        }
    }
}

impl EmbeddedPoolConfig {
    /// Returns `true` if a request may move the clock of the process.
    pub fn has_movable_clock(&self) -> bool {
        self.clock == Some(PoolClock::Movable)
    }

    /// Returns `true` if a request may make the pool misbehave.
    pub fn has_faults(&self) -> bool {
        self.faults == Some(PoolFaults::Switchable)
    }

    pub(super) fn check_unused(&self, errors: &mut SettingErrors) {
        if !self.users.is_empty() {
            errors.add_once("GAZETTE_POOL_USER", "is set, but a Cognito pool has its own users");
        }
        for (variable, is_set) in [
            ("GAZETTE_POOL_CLIENT", !self.clients.is_empty()),
            ("GAZETTE_POOL_ADMIN_KEY", self.admin_key.is_some()),
            ("GAZETTE_POOL_CLOCK", self.clock.is_some()),
            ("GAZETTE_POOL_FAULTS", self.faults.is_some()),
        ] {
            if is_set {
                errors.add_once(variable, "is set, but GAZETTE_POOL is not embedded");
            }
        }
    }
}

fn loopback_addr(text: &str) -> Result<SocketAddr, String> {
    let addr = socket_addr(text)?;
    if addr.ip().is_loopback() {
        return Ok(addr);
    }
    Err(format!("{addr} is not a loopback address; the embedded pool is for this machine only"))
}

/// Parses a user; the messages never repeat the password.
fn pool_user(text: &str) -> Result<PoolUser, String> {
    let form = "a user is NAME:PASSWORD or NAME:PASSWORD:GROUP,GROUP";
    let mut parts = text.splitn(3, ':');
    let (Some(name), Some(password)) = (parts.next(), parts.next()) else {
        return Err(form.to_owned());
    };
    if name.is_empty() || password.is_empty() {
        return Err(form.to_owned());
    }
    let groups = parts.next().unwrap_or_default().split(',').filter(|group| !group.is_empty());
    let groups: Vec<String> = groups.map(str::to_owned).collect();
    if groups.iter().any(|group| group.contains(':')) {
        return Err(format!("{form}; the password must not contain a colon"));
    }
    let user = PoolUser { name: name.to_owned(), password: password.into(), groups };
    user.to_new_user().check().map_err(|error| format!("{name}: {error}"))?;
    Ok(user)
}

fn access_key(text: &str) -> Result<AccessKey, String> {
    let key = text.split_once(':').filter(|(id, secret)| id.len() >= 4 && secret.len() >= 16);
    let key = key.map(|(id, secret)| AccessKey { id: id.to_owned(), secret: secret.to_owned() });
    key.ok_or_else(|| {
        "must be ID:SECRET, with an id of at least 4 and a secret of at least 16 characters"
            .to_owned()
    })
}
