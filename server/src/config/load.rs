//! The whole configuration, read once.

use super::fault::{ConfigError, Faults};
use super::listen::ListenConfig;
use super::log::LogConfig;
use super::network;
use super::pool::PoolConfig;
use super::session::SessionConfig;
use super::settings::Settings;
use super::store::StoreConfig;
use super::tokens::TokenConfig;

/// Everything that can be set, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the site listens and what it is called outside.
    pub listen: ListenConfig,
    /// What is logged.
    pub log: LogConfig,
    /// Where everything is kept.
    pub store: StoreConfig,
    /// Who vouches for people.
    pub pool: PoolConfig,
    /// Which tokens are believed.
    pub tokens: TokenConfig,
    /// How long people stay signed in.
    pub session: SessionConfig,
}

/// Checks the settings and reports all faults at once; never falls back to something open.
pub fn load(settings: Settings) -> Result<Config, ConfigError> {
    load_from(settings, &environment())
}

fn load_from(settings: Settings, environment: &[(String, String)]) -> Result<Config, ConfigError> {
    let mut faults = Faults::default();
    let settings = settings.complete(environment, &mut faults);
    let config = Config {
        listen: ListenConfig::read(&settings, &mut faults),
        log: LogConfig::read(&settings, &mut faults),
        store: StoreConfig::read(&settings, &mut faults),
        pool: PoolConfig::read(&settings, &mut faults),
        tokens: TokenConfig::read(&settings, &mut faults),
        session: SessionConfig::read(&settings, &mut faults),
    };
    network::check(&settings, &mut faults);
    if faults.0.is_empty() { Ok(config) } else { Err(ConfigError(faults.0)) }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
fn environment() -> Vec<(String, String)> {
    // A name or value that is not Unicode cannot be one of ours.
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(settings: Settings, environment: &[(&str, &str)]) -> Vec<String> {
        let environment: Vec<_> =
            environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        match load_from(settings, &environment) {
            Ok(_) => Vec::new(),
            Err(ConfigError(faults)) => faults.into_iter().map(|fault| fault.variable).collect(),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "settings are optional texts")]
    fn text(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn nothing_at_all_is_a_complete_site() {
        let config = load_from(Settings::default(), &[]).expect("the defaults are good");
        assert_eq!(config.listen.public_url(config.listen.addr), "http://localhost:3000");
        assert_eq!(config.store.file().to_string_lossy(), "data/gazette.redb");
    }

    #[test]
    fn f_41_every_fault_is_named_at_once() {
        let settings = Settings {
            addr: text("nowhere"),
            public_url: text("http://news.example"),
            store: text("paper"),
            pool_addr: text("0.0.0.0:4000"),
            token_use: text("refresh"),
            clock_skew: text("61"),
            session_key: text("c2hvcnQ="),
            metrics_addr: text("everywhere"),
            trusted_proxies: text("10.0.0.0/8, 10.0.0.0/33"),
            pool_user: vec!["nobody".to_owned(), "x:short".to_owned(), "x:a:b:c:d".to_owned()],
            cognito_client_secret: text("x"),
            ..Settings::default()
        };
        let expected = [
            "GAZETTE_UNKNOWN",
            "GAZETTE_ADDR",
            "GAZETTE_PUBLIC_URL",
            "GAZETTE_STORE",
            "COGNITO_CLIENT_SECRET",
            "GAZETTE_POOL_ADDR",
            "GAZETTE_POOL_USER",
            "GAZETTE_POOL_USER",
            "GAZETTE_POOL_USER",
            "GAZETTE_TOKEN_USE",
            "GAZETTE_CLOCK_SKEW",
            "GAZETTE_SESSION_KEY",
            "GAZETTE_METRICS_ADDR",
            "GAZETTE_TRUSTED_PROXIES",
        ];
        assert_eq!(faults(settings, &[("GAZETTE_UNKNOWN", "1"), ("GAZETTE_ADDR", "x")]), expected);
    }

    #[test]
    fn f_41_a_real_pool_needs_an_https_issuer_and_a_client() {
        let cognito = || Settings { pool: text("cognito"), ..Settings::default() };
        assert_eq!(faults(cognito(), &[]), ["COGNITO_ISSUER", "COGNITO_CLIENT_ID"]);
        let http = Settings {
            cognito_issuer: text("http://cognito.example/pool"),
            cognito_client_id: text("x"),
            ..cognito()
        };
        assert_eq!(faults(http, &[]), ["COGNITO_ISSUER"]);
    }

    #[test]
    fn ses_10_plain_http_is_for_this_machine_only() {
        let open = Settings { addr: text("0.0.0.0:3000"), ..Settings::default() };
        assert_eq!(faults(open.clone(), &[]), ["GAZETTE_PUBLIC_URL"]);
        let https = Settings { public_url: text("https://news.example"), ..open };
        assert_eq!(faults(https, &[]), [""; 0]);
    }

    #[test]
    fn a_file_fills_what_is_not_set_and_its_faults_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("gazette.toml");
        let text_of_file = "GAZETTE_TITLE = \"The File\"\nGAZETTE_CLOCK_SKEW = 5\nPORT = 1\n";
        std::fs::write(&path, text_of_file).expect("written");
        let settings =
            Settings { config: Some(path.clone()), clock_skew: text("7"), ..Settings::default() };
        let config = load_from(settings.clone(), &[]).expect("good");
        assert_eq!(config.listen.title, "The File");
        assert_eq!((config.tokens.clock_skew_seconds, config.listen.addr.port()), (7, 1));
        std::fs::write(&path, "TITLE = \"x\"\nPORT = [1]\n").expect("written");
        assert_eq!(faults(settings, &[]), ["PORT", "TITLE"]);
    }
}
