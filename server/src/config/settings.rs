//! All settings, by concern.

use std::path::PathBuf;

use clap::Args;

use super::api_keys::ApiKeyConfig;
use super::connections::ConnectionConfig;
use super::error::SettingErrors;
use super::images::ImageConfig;
use super::listen::ListenConfig;
use super::locale::LocaleConfig;
use super::log::LogConfig;
use super::network::NetworkConfig;
use super::pool::PoolConfig;
use super::session::SessionConfig;
use super::store::StoreConfig;
use super::tokens::TokenConfig;

/// All settings, checked.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// TOML file with the same names as the environment.
    #[arg(id = "config", long = "config", env = "GAZETTE_CONFIG", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Address and name of the site.
    #[command(flatten)]
    pub listen: ListenConfig,
    /// Language and time zone of the site.
    #[command(flatten)]
    pub locale: LocaleConfig,
    /// Storage of stories, sessions and users.
    #[command(flatten)]
    pub store: StoreConfig,
    /// Storage of uploaded pictures.
    #[command(flatten)]
    pub images: ImageConfig,
    /// User pool that signs people in.
    #[command(flatten)]
    pub pool: PoolConfig,
    /// Accepted tokens and the meaning of their groups.
    #[command(flatten)]
    pub tokens: TokenConfig,
    /// Keys by which the requests of programs are counted.
    #[command(flatten)]
    pub api_keys: ApiKeyConfig,
    /// Lifetime of sessions, and the keys that encrypt their refresh tokens.
    #[command(flatten)]
    pub session: SessionConfig,
    /// The network around the site.
    #[command(flatten)]
    pub network: NetworkConfig,
    /// Number of connections, and the time that clients have to leave at a stop.
    #[command(flatten)]
    pub connections: ConnectionConfig,
    /// Content and format of the log.
    #[command(flatten)]
    pub log: LogConfig,
}

impl Config {
    /// Checks the rules between settings.
    pub(super) fn check(&self, errors: &mut SettingErrors) {
        self.listen.check(errors);
        self.store.check(&self.session, errors);
        self.pool.check(&self.listen, errors);
        self.tokens.check(errors);
        self.api_keys.check(errors);
        self.session.check(errors);
    }
}
