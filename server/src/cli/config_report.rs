//! The configuration in a form that can be printed: without secrets, with what to register at the
//! user pool.

mod connections;
mod line;
mod pool;

use std::collections::BTreeMap;

use serde::Serialize;

use self::connections::Connections;
use self::line::line;
use self::pool::{Pool, has_client_secret, secrets};
use crate::application::site_root;
use crate::auth::{GRANT, SCOPES};
use crate::config::{Config, LogConfig, LogFormat};
use crate::images::describe_images;
use crate::store::engine_facts;

/// The configuration without its secrets.
#[derive(Serialize)]
pub(super) struct Report {
    address: String,
    public_url: String,
    title: String,
    language: String,
    time_zone: String,
    site_root: String,
    data_folder: String,
    store: Store,
    pictures: String,
    pool: Pool,
    register: Registration,
    groups: Groups,
    bearer_tokens: Vec<&'static str>,
    required_scopes: Vec<String>,
    client_roles: Vec<String>,
    resource: String,
    clock_skew_seconds: u32,
    sessions: Sessions,
    connections: Connections,
    log: Log,
    /// Names of the secret settings, and whether each is set.
    secrets: BTreeMap<&'static str, bool>,
}

#[derive(Serialize)]
struct Store {
    engine: &'static str,
    #[serde(flatten)]
    facts: BTreeMap<&'static str, Option<String>>,
}

/// The settings of the app client at the user pool.
#[derive(Serialize)]
struct Registration {
    grant: &'static str,
    scopes: [&'static str; 3],
    callback_url: String,
    sign_out_url: String,
    client_secret: bool,
}

#[derive(Serialize)]
struct Groups {
    admin: String,
    editor: String,
    writer: String,
}

#[derive(Serialize)]
struct Sessions {
    idle_minutes: i64,
    absolute_minutes: i64,
}

#[derive(Serialize)]
struct Log {
    filter: String,
    format: &'static str,
    access: bool,
}

impl Report {
    /// Describes a configuration.
    pub(super) async fn of(config: &Config) -> Self {
        let public_url = config.listen.public_url(config.listen.addr());
        let tokens = &config.tokens;
        Self {
            address: config.listen.addr().to_string(),
            title: config.listen.title.clone(),
            language: config.locale.language.to_string(),
            time_zone: config.locale.zone_name().to_owned(),
            site_root: site_root(config).display().to_string(),
            data_folder: config.store.data_dir.display().to_string(),
            store: Store::of(config).await,
            pictures: describe_images(config),
            pool: Pool::of(config),
            register: Registration {
                grant: GRANT,
                scopes: SCOPES,
                callback_url: format!("{public_url}/auth/callback"),
                sign_out_url: format!("{public_url}/"),
                client_secret: has_client_secret(config),
            },
            resource: tokens.resource(&public_url),
            public_url,
            groups: Groups {
                admin: tokens.admin_group.clone(),
                editor: tokens.editor_group.clone(),
                writer: tokens.writer_group.clone(),
            },
            bearer_tokens: tokens.token_uses.iter().map(|kind| kind.as_str()).collect(),
            required_scopes: tokens.required_scopes.iter().map(ToString::to_string).collect(),
            client_roles: tokens.client_roles.iter().map(ToString::to_string).collect(),
            clock_skew_seconds: tokens.clock_skew_seconds,
            sessions: Sessions {
                idle_minutes: config.session.idle_seconds / 60,
                absolute_minutes: config.session.absolute_seconds / 60,
            },
            connections: Connections::of(config),
            log: Log::of(&config.log),
            secrets: secrets(config),
        }
    }

    /// Returns the lines for people.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            line("address", &self.address),
            line("public url", &self.public_url),
            line("title", &self.title),
            line("language", &self.language),
            line("time zone", &self.time_zone),
            line("site root", &self.site_root),
            line("data folder", &self.data_folder),
        ];
        lines.extend(self.store.lines());
        lines.push(line("pictures", &self.pictures));
        lines.extend(self.pool.lines());
        lines.push(line("bearer tokens", self.bearer_tokens.join(",")));
        lines.extend(self.required_scopes.iter().map(|scope| line("required scope", scope)));
        lines.extend(self.client_roles.iter().map(|role| line("client role", role)));
        lines.push(line("resource", &self.resource));
        let Sessions { idle_minutes, absolute_minutes } = self.sessions;
        lines.extend([
            line("admin group", &self.groups.admin),
            line("editor group", &self.groups.editor),
            line("writer group", &self.groups.writer),
            line("clock skew", format_args!("{} seconds", self.clock_skew_seconds)),
            line(
                "sessions",
                format_args!("{idle_minutes} minutes idle, {absolute_minutes} minutes in total"),
            ),
        ]);
        lines.extend(self.connections.lines());
        lines.extend(self.log.lines());
        let state = |is_set| if is_set { "set" } else { "not set" };
        lines.extend(
            self.secrets.iter().map(|(name, is_set)| format!("{name:<22} {}", state(*is_set))),
        );
        lines.extend(self.register.lines());
        lines
    }
}

impl Log {
    fn of(config: &LogConfig) -> Self {
        let format = match config.format() {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        Self { filter: config.filter.clone(), format, access: config.has_access_log() }
    }

    fn lines(&self) -> Vec<String> {
        vec![
            line("log", format_args!("{}, filter {}", self.format, self.filter)),
            line("access log", if self.access { "on" } else { "off" }),
        ]
    }
}

impl Store {
    async fn of(config: &Config) -> Self {
        let facts = engine_facts(&config.store).await.into_iter().collect();
        Self { engine: config.store.name(), facts }
    }

    fn lines(&self) -> Vec<String> {
        let facts = self.facts.iter().map(|(name, value)| {
            line(&format!("store {name}"), value.as_deref().unwrap_or("not set"))
        });
        std::iter::once(line("store", self.engine)).chain(facts).collect()
    }
}

impl Registration {
    fn lines(&self) -> Vec<String> {
        let client = if self.client_secret { "with a secret" } else { "without a secret" };
        vec![
            String::new(),
            "Register at the user pool:".to_owned(),
            line("app client", client),
            line("grant", format_args!("{} (with PKCE)", self.grant)),
            line("scopes", self.scopes.join(" ")),
            line("callback url", &self.callback_url),
            line("sign-out url", &self.sign_out_url),
        ]
    }
}
