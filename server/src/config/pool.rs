//! Who vouches for people: the embedded user pool or a real one.

use std::net::SocketAddr;

use gazette_user_pool::{AccessKey, NewUser};
use url::Url;

use super::fault::Faults;
use super::listen::{check_scheme, origin};
use super::settings::Settings;

/// Who vouches for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoolConfig {
    /// The pool in this process.
    Embedded {
        /// Where it listens; a loopback address.
        addr: SocketAddr,
        /// Users to make when they are missing.
        users: Vec<PoolUser>,
        /// Who may call its Admin operations.
        administrator: Option<AccessKey>,
        /// Whether its clock, which is the whole process's, may be moved.
        movable_clock: bool,
    },
    /// A pool of Amazon Cognito.
    Cognito(CognitoConfig),
}

/// A user to make in the embedded pool.
#[derive(Clone, PartialEq, Eq)]
pub struct PoolUser {
    /// The name to sign in with.
    pub name: String,
    /// In plain text, as it was given.
    pub password: String,
    /// The groups to put them in.
    pub groups: Vec<String>,
}

impl PoolUser {
    /// The user as the pool makes it.
    pub fn as_new(&self) -> NewUser {
        NewUser {
            username: self.name.clone(),
            email: format!("{}@example.com", self.name),
            password: self.password.clone(),
            groups: self.groups.clone(),
        }
    }
}

/// An app client of a pool of Amazon Cognito.
#[derive(Clone, PartialEq, Eq)]
pub struct CognitoConfig {
    /// Byte for byte as it stands in tokens.
    pub issuer: String,
    /// The app client.
    pub client_id: String,
    /// Its secret, when it has one.
    pub client_secret: Option<String>,
    /// The hosted UI's origin, when discovery is not to be asked.
    pub domain: Option<String>,
}

impl std::fmt::Debug for PoolUser {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PoolUser").field("name", &self.name).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for CognitoConfig {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CognitoConfig")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl PoolConfig {
    pub(super) fn read(settings: &Settings, faults: &mut Faults) -> Self {
        match settings.pool.as_deref() {
            Some("cognito") => Self::Cognito(cognito(settings, faults)),
            None | Some("embedded") => embedded(settings, faults),
            Some(other) => {
                faults.add("GAZETTE_POOL", format!("{other:?} is neither embedded nor cognito"));
                embedded(settings, faults)
            }
        }
    }
}

fn embedded(settings: &Settings, faults: &mut Faults) -> PoolConfig {
    for (variable, given) in [
        ("COGNITO_ISSUER", &settings.cognito_issuer),
        ("COGNITO_CLIENT_ID", &settings.cognito_client_id),
        ("COGNITO_CLIENT_SECRET", &settings.cognito_client_secret),
        ("COGNITO_DOMAIN", &settings.cognito_domain),
    ] {
        if given.is_some() {
            faults.add(variable, "is set, but GAZETTE_POOL is not cognito");
        }
    }
    let default = SocketAddr::from(([127, 0, 0, 1], 4000));
    let given = settings.pool_addr.as_deref();
    let addr = faults.parse("GAZETTE_POOL_ADDR", given, default, |text| {
        let addr: SocketAddr =
            text.parse().map_err(|_| format!("{text:?} is no address such as 127.0.0.1:4000"))?;
        if addr.ip().is_loopback() {
            return Ok(addr);
        }
        Err(format!("{addr} is not a loopback address; the embedded pool is for this machine only"))
    });
    let mut users = Vec::new();
    for text in &settings.pool_user {
        match pool_user(text) {
            Ok(user) => users.push(user),
            // The text holds a password, so it is not repeated.
            Err(message) => faults.add("GAZETTE_POOL_USER", message),
        }
    }
    let given = settings.pool_admin_key.as_deref();
    let administrator = faults.parse("GAZETTE_POOL_ADMIN_KEY", given, None, |text| {
        let key = text.split_once(':').filter(|(id, secret)| id.len() >= 4 && secret.len() >= 16);
        let key =
            key.map(|(id, secret)| AccessKey { id: id.to_owned(), secret: secret.to_owned() });
        key.map(Some).ok_or_else(|| "is ID:SECRET, with a secret of at least 16 letters".to_owned())
    });
    let given = settings.pool_clock.as_deref();
    let movable_clock = faults.parse("GAZETTE_POOL_CLOCK", given, false, |text| match text {
        "fixed" => Ok(false),
        "movable"
            if settings.public_url.as_deref().is_some_and(|url| url.starts_with("https:")) =>
        {
            Err("movable is for trying things out, not for a site with an https origin".to_owned())
        }
        "movable" => Ok(true),
        _ => Err(format!("{text:?} is neither fixed nor movable")),
    });
    PoolConfig::Embedded { addr, users, administrator, movable_clock }
}

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
        return Err(format!("{form}; a password with a colon cannot be given here"));
    }
    let user = PoolUser { name: name.to_owned(), password: password.to_owned(), groups };
    user.as_new().check().map_err(|error| format!("{name}: {error}"))?;
    Ok(user)
}

fn cognito(settings: &Settings, faults: &mut Faults) -> CognitoConfig {
    let issuer =
        faults.parse("COGNITO_ISSUER", settings.cognito_issuer.as_deref(), String::new(), |text| {
            let url = Url::parse(text).map_err(|error| format!("{text:?} is no URL: {error}"))?;
            check_scheme(&url)?;
            if text.ends_with('/') || url.query().is_some() || url.fragment().is_some() {
                return Err(format!(
                    "{text:?} must end with the pool's id, as it stands in tokens"
                ));
            }
            Ok(text.to_owned())
        });
    for (variable, given) in [
        ("COGNITO_ISSUER", &settings.cognito_issuer),
        ("COGNITO_CLIENT_ID", &settings.cognito_client_id),
    ] {
        if given.is_none() {
            faults.add(variable, "must be set when GAZETTE_POOL is cognito");
        }
    }
    let given = settings.cognito_domain.as_deref();
    let domain = faults.parse("COGNITO_DOMAIN", given, None, |text| origin(text).map(Some));
    if !settings.pool_user.is_empty() {
        faults.add("GAZETTE_POOL_USER", "users of a real pool are made in the pool");
    }
    for (variable, given) in [
        ("GAZETTE_POOL_ADMIN_KEY", &settings.pool_admin_key),
        ("GAZETTE_POOL_CLOCK", &settings.pool_clock),
    ] {
        if given.is_some() {
            faults.add(variable, "is set, but GAZETTE_POOL is not embedded");
        }
    }
    CognitoConfig {
        issuer,
        client_id: settings.cognito_client_id.clone().unwrap_or_default(),
        client_secret: settings.cognito_client_secret.clone(),
        domain,
    }
}
