//! The settings as they are given: flags and environment through clap, then the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::fault::Faults;

/// Every setting as text; `--help` names the variable of each.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// A TOML file with the same keys as the environment.
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_CONFIG",
        value_name = "FILE"
    )]
    pub config: Option<PathBuf>,
    /// Where the site listens [default: 127.0.0.1:3000].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_ADDR",
        value_name = "ADDRESS"
    )]
    pub addr: Option<String>,
    /// The port of that address, whatever else is said.
    #[arg(long, global = true, hide_short_help = true, env = "PORT", value_name = "PORT")]
    pub port: Option<String>,
    /// The origin readers use [default: `http://localhost` with the port of the address].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_PUBLIC_URL",
        value_name = "URL"
    )]
    pub public_url: Option<String>,
    /// The masthead [default: Gazette].
    #[arg(long, global = true, hide_short_help = true, env = "GAZETTE_TITLE")]
    pub title: Option<String>,
    /// Where the embedded store and the pool's keys are kept [default: data].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_DATA_DIR",
        value_name = "FOLDER"
    )]
    pub data_dir: Option<String>,
    /// Where the browser assets are [default: `site` beside the folder of the executable].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "LEPTOS_SITE_ROOT",
        value_name = "FOLDER"
    )]
    pub site_root: Option<String>,
    /// embedded or dynamodb [default: embedded].
    #[arg(long, global = true, hide_short_help = true, env = "GAZETTE_STORE")]
    pub store: Option<String>,
    /// The DynamoDB table [default: gazette].
    #[arg(long, global = true, hide_short_help = true, env = "GAZETTE_TABLE")]
    pub table: Option<String>,
    /// embedded or cognito [default: embedded].
    #[arg(long, global = true, hide_short_help = true, env = "GAZETTE_POOL")]
    pub pool: Option<String>,
    /// Where the embedded pool listens; only loopback [default: 127.0.0.1:4000].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_POOL_ADDR",
        value_name = "ADDRESS"
    )]
    pub pool_addr: Option<String>,
    /// A user of the embedded pool, made at start when missing; in the variable separated by spaces.
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_POOL_USER",
        value_name = "NAME:PASSWORD[:GROUP[,GROUP]]",
        value_delimiter = ' ',
        hide_env_values = true
    )]
    pub pool_user: Vec<String>,
    /// What requests for the embedded pool's Admin operations are signed with (AWS Signature
    /// Version 4); without it, there are none.
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_POOL_ADMIN_KEY",
        value_name = "ID:SECRET",
        hide_env_values = true
    )]
    pub pool_admin_key: Option<String>,
    /// fixed or movable, to try out what happens later by POST to the embedded pool's
    /// `/_pool/clock`; not on a site with an https origin [default: fixed].
    #[arg(long, global = true, hide_short_help = true, env = "GAZETTE_POOL_CLOCK")]
    pub pool_clock: Option<String>,
    /// The user pool's issuer, in either of Cognito's forms.
    #[arg(long, global = true, hide_short_help = true, env = "COGNITO_ISSUER", value_name = "URL")]
    pub cognito_issuer: Option<String>,
    /// The app client that people sign in with.
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "COGNITO_CLIENT_ID",
        value_name = "ID"
    )]
    pub cognito_client_id: Option<String>,
    /// The app client's secret, when it has one.
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "COGNITO_CLIENT_SECRET",
        hide_env_values = true
    )]
    pub cognito_client_secret: Option<String>,
    /// The hosted UI's origin, when discovery is not reachable.
    #[arg(long, global = true, hide_short_help = true, env = "COGNITO_DOMAIN", value_name = "URL")]
    pub cognito_domain: Option<String>,
    /// The group that may delete [default: admin].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_ADMIN_GROUP",
        value_name = "NAME"
    )]
    pub admin_group: Option<String>,
    /// The group that may write [default: editor].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_EDITOR_GROUP",
        value_name = "NAME"
    )]
    pub editor_group: Option<String>,
    /// Which bearer tokens the API accepts: access, id, or access,id [default: access].
    #[arg(long, global = true, hide_short_help = true, env = "GAZETTE_TOKEN_USE")]
    pub token_use: Option<String>,
    /// Scopes that access tokens need besides the role, separated by spaces; an action that
    /// stands several times needs them all.
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_REQUIRED_SCOPES",
        value_name = "ACTION=SCOPE[ ACTION=SCOPE]"
    )]
    pub required_scopes: Option<String>,
    /// Seconds that clocks may differ, 0 to 60 [default: 30].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_CLOCK_SKEW",
        value_name = "SECONDS"
    )]
    pub clock_skew: Option<String>,
    /// 32 bytes in base64 that encrypt refresh tokens at rest; after it, separated by commas, keys
    /// used before. Required with DynamoDB [default: made and kept in the data folder].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_SESSION_KEY",
        hide_env_values = true
    )]
    pub session_key: Option<String>,
    /// Minutes without a request after which a session ends [default: 30].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_SESSION_IDLE",
        value_name = "MINUTES"
    )]
    pub session_idle: Option<String>,
    /// Minutes after signing in at which a session ends in any case [default: 720].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_SESSION_ABSOLUTE",
        value_name = "MINUTES"
    )]
    pub session_absolute: Option<String>,
    /// Networks of proxies, separated by commas; without effect in this version.
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_TRUSTED_PROXIES",
        value_name = "CIDRS"
    )]
    pub trusted_proxies: Option<String>,
    /// Where metrics are to be had, or off; without effect in this version.
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_METRICS_ADDR",
        value_name = "ADDRESS"
    )]
    pub metrics_addr: Option<String>,
    /// text or json [default: text on a terminal, else json].
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "GAZETTE_LOG_FORMAT",
        value_name = "FORMAT"
    )]
    pub log_format: Option<String>,
    /// What is logged [default: info].
    #[arg(long, global = true, hide_short_help = true, env = "RUST_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

/// Variables that may also name a file with the value, as `<NAME>_FILE`.
const SECRETS: [&str; 4] =
    ["COGNITO_CLIENT_SECRET", "GAZETTE_SESSION_KEY", "GAZETTE_POOL_USER", "GAZETTE_POOL_ADMIN_KEY"];

impl Settings {
    /// Fills what neither a flag nor the environment gave from the file and from `<NAME>_FILE`.
    pub(super) fn complete(
        mut self,
        environment: &[(String, String)],
        faults: &mut Faults,
    ) -> Self {
        let config = self.config.clone().filter(|path| !path.as_os_str().is_empty());
        let mut given = config.map(|path| read_file(&path, faults)).unwrap_or_default();
        for name in SECRETS {
            let file = format!("{name}_FILE");
            let in_environment = environment.iter().find(|(key, _)| *key == file);
            let path = given.remove(&file);
            let path = in_environment.map(|(_, path)| path.clone()).or(path);
            let Some(path) = path.filter(|path| !path.is_empty()) else { continue };
            match std::fs::read_to_string(&path) {
                Ok(secret) => {
                    given.insert(name.to_owned(), secret.trim().to_owned());
                }
                Err(error) => faults.add(&file, format!("{path}: {error}")),
            }
        }
        for (name, slot) in self.slots() {
            let from_file = given.remove(name);
            // An empty variable is one that was not set: shells and containers make them.
            *slot = slot.take().filter(|value| !value.is_empty()).or(from_file);
        }
        if let Some(users) = given.remove("GAZETTE_POOL_USER")
            && self.pool_user.iter().all(String::is_empty)
        {
            self.pool_user = users.split_whitespace().map(str::to_owned).collect();
        }
        self.pool_user.retain(|user| !user.is_empty());
        for name in given.keys() {
            faults.add(name, "no such setting; `gazette --help` lists them");
        }
        for (name, _) in environment.iter().filter(|(name, _)| name.starts_with("GAZETTE_")) {
            if !self.knows(name) {
                faults.add(name, "no such setting; `gazette --help` lists them");
            }
        }
        self
    }

    fn knows(&mut self, name: &str) -> bool {
        let stem = name.strip_suffix("_FILE").filter(|stem| SECRETS.contains(stem));
        let name = stem.unwrap_or(name);
        ["GAZETTE_CONFIG", "GAZETTE_POOL_USER"].contains(&name)
            || self.slots().iter().any(|(known, _)| *known == name)
    }

    /// Every single-valued setting under the name of its variable.
    fn slots(&mut self) -> [(&'static str, &mut Option<String>); 28] {
        [
            ("GAZETTE_ADDR", &mut self.addr),
            ("PORT", &mut self.port),
            ("GAZETTE_PUBLIC_URL", &mut self.public_url),
            ("GAZETTE_TITLE", &mut self.title),
            ("GAZETTE_DATA_DIR", &mut self.data_dir),
            ("LEPTOS_SITE_ROOT", &mut self.site_root),
            ("GAZETTE_STORE", &mut self.store),
            ("GAZETTE_TABLE", &mut self.table),
            ("GAZETTE_POOL", &mut self.pool),
            ("GAZETTE_POOL_ADDR", &mut self.pool_addr),
            ("GAZETTE_POOL_ADMIN_KEY", &mut self.pool_admin_key),
            ("GAZETTE_POOL_CLOCK", &mut self.pool_clock),
            ("COGNITO_ISSUER", &mut self.cognito_issuer),
            ("COGNITO_CLIENT_ID", &mut self.cognito_client_id),
            ("COGNITO_CLIENT_SECRET", &mut self.cognito_client_secret),
            ("COGNITO_DOMAIN", &mut self.cognito_domain),
            ("GAZETTE_ADMIN_GROUP", &mut self.admin_group),
            ("GAZETTE_EDITOR_GROUP", &mut self.editor_group),
            ("GAZETTE_TOKEN_USE", &mut self.token_use),
            ("GAZETTE_REQUIRED_SCOPES", &mut self.required_scopes),
            ("GAZETTE_CLOCK_SKEW", &mut self.clock_skew),
            ("GAZETTE_SESSION_KEY", &mut self.session_key),
            ("GAZETTE_SESSION_IDLE", &mut self.session_idle),
            ("GAZETTE_SESSION_ABSOLUTE", &mut self.session_absolute),
            ("GAZETTE_TRUSTED_PROXIES", &mut self.trusted_proxies),
            ("GAZETTE_METRICS_ADDR", &mut self.metrics_addr),
            ("GAZETTE_LOG_FORMAT", &mut self.log_format),
            ("RUST_LOG", &mut self.log),
        ]
    }
}

fn read_file(path: &Path, faults: &mut Faults) -> BTreeMap<String, String> {
    let shown = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            faults.add("--config", format!("{shown}: {error}"));
            return BTreeMap::new();
        }
    };
    let table: toml::Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(error) => {
            faults.add("--config", format!("{shown} is not TOML: {}", error.message()));
            return BTreeMap::new();
        }
    };
    let mut given = BTreeMap::new();
    for (key, value) in table {
        match value {
            toml::Value::String(text) => drop(given.insert(key, text)),
            toml::Value::Integer(number) => drop(given.insert(key, number.to_string())),
            _ => faults.add(&key, "must be a text or a whole number"),
        }
    }
    given
}
