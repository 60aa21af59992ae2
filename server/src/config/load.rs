//! Loads the configuration.

use clap::{ArgMatches, Command, FromArgMatches as _};

use super::error::SettingErrors;
use super::introspection::{Setting, parse};
use super::merge::merge;
use super::settings::Config;
use super::variables::Variables;

/// Adds the flag of each setting to a command.
pub fn add_flags(command: Command) -> Command {
    command.args(Setting::all().into_iter().map(Setting::flag))
}

/// Returns the values that were given as flags.
pub fn given_flags(matches: &ArgMatches) -> Variables {
    let mut flags = Variables::default();
    for setting in Setting::all() {
        if let Some(value) = setting.given(matches) {
            flags.set(setting.variable(), value);
        }
    }
    flags
}

/// Loads the configuration from flags, the environment and the file.
///
/// # Errors
/// All errors at once. An invalid value never falls back to a default.
pub fn load(flags: &Variables) -> Result<Config, SettingErrors> {
    load_from(flags, &Variables::of_environment())
}

fn load_from(flags: &Variables, environment: &Variables) -> Result<Config, SettingErrors> {
    let mut errors = SettingErrors::default();
    let settings = Setting::all();
    let values = merge(&settings, flags, environment, &mut errors);
    let mut arguments = Vec::new();
    for setting in &settings {
        let (valid, messages) = setting.arguments(&values);
        arguments.extend(valid);
        for message in messages {
            errors.add(setting.variable(), message);
        }
    }
    let matches = parse(&settings, &arguments);
    match matches.and_then(|matches| Config::from_arg_matches(&matches)) {
        Ok(config) => {
            config.check(&mut errors);
            if errors.0.is_empty() { Ok(config) } else { Err(errors) }
        }
        Err(error) => {
            errors.add("settings", error.to_string());
            Err(errors)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(values: &[(&str, &str)]) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in values {
            variables.set(*name, *value);
        }
        variables
    }

    fn config(flags: &[(&str, &str)], environment: &[(&str, &str)]) -> Config {
        load_from(&variables(flags), &variables(environment)).expect("a valid configuration")
    }

    /// Returns the variables with an error, in alphabetical order.
    fn invalid(flags: &[(&str, &str)], environment: &[(&str, &str)]) -> Vec<String> {
        let loaded = load_from(&variables(flags), &variables(environment));
        let errors = loaded.err().unwrap_or_default().0;
        let mut names: Vec<String> = errors.into_iter().map(|error| error.variable).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_setting_has_a_flag_and_a_variable_of_its_own() {
        let settings = Setting::all();
        let mut names: Vec<&str> = settings.iter().map(Setting::variable).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), settings.len());
        assert!(!names.contains(&""), "{names:?}");
        add_flags(Command::new("gazette")).debug_assert();
    }

    #[test]
    fn the_defaults_are_a_complete_site() {
        let config = config(&[], &[]);
        assert_eq!(config.listen.public_url(config.listen.addr()), "http://localhost:3000");
        assert_eq!(config.store.file().to_string_lossy(), "data/gazette.redb");
        assert!(config.session.keys.is_empty());
    }

    #[test]
    fn f_41_all_errors_are_reported_at_once() {
        let flags = [
            ("GAZETTE_ADDR", "nowhere"),
            ("GAZETTE_PUBLIC_URL", "http://news.example"),
            ("GAZETTE_STORE", "paper"),
            ("GAZETTE_POOL_ADDR", "0.0.0.0:4000"),
            ("GAZETTE_TOKEN_USE", "refresh"),
            ("GAZETTE_CLOCK_SKEW", "61"),
            ("GAZETTE_SESSION_KEY", "c2hvcnQ="),
            ("GAZETTE_METRICS_ADDR", "everywhere"),
            ("GAZETTE_TRUSTED_PROXIES", "10.0.0.0/8, 10.0.0.0/33"),
            ("GAZETTE_POOL_USER", "no-password x:short x:a:b:c:d"),
            ("COGNITO_CLIENT_SECRET", "x"),
        ];
        let expected = [
            "COGNITO_CLIENT_SECRET",
            "GAZETTE_ADDR",
            "GAZETTE_CLOCK_SKEW",
            "GAZETTE_METRICS_ADDR",
            "GAZETTE_POOL_ADDR",
            "GAZETTE_POOL_USER",
            "GAZETTE_POOL_USER",
            "GAZETTE_POOL_USER",
            "GAZETTE_PUBLIC_URL",
            "GAZETTE_SESSION_KEY",
            "GAZETTE_STORE",
            "GAZETTE_TOKEN_USE",
            "GAZETTE_TRUSTED_PROXIES",
            "GAZETTE_UNKNOWN",
        ];
        let environment = [("GAZETTE_UNKNOWN", "1"), ("GAZETTE_ADDR", "x")];
        assert_eq!(invalid(&flags, &environment), expected);
    }

    #[test]
    fn f_41_messages_state_the_value_and_the_allowed_ones_but_no_secret() {
        let flags = [
            ("GAZETTE_STORE", "paper"),
            ("GAZETTE_SESSION_IDLE", "4"),
            ("GAZETTE_POOL_USER", "ada:hunter2"),
        ];
        let errors = load_from(&variables(&flags), &Variables::default()).expect_err("invalid");
        let text = errors.to_string();
        for part in [
            "GAZETTE_STORE: \"paper\" is not allowed; use ",
            "GAZETTE_SESSION_IDLE: \"4\" is not a whole number from 5 to 1440",
            "GAZETTE_POOL_USER: ada: ",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn f_41_a_cognito_pool_needs_an_https_issuer_and_a_client() {
        let cognito = ("GAZETTE_POOL", "cognito");
        assert_eq!(invalid(&[cognito], &[]), ["COGNITO_CLIENT_ID", "COGNITO_ISSUER"]);
        let http = [
            cognito,
            ("COGNITO_ISSUER", "http://cognito.example/pool"),
            ("COGNITO_CLIENT_ID", "x"),
        ];
        assert_eq!(invalid(&http, &[]), ["COGNITO_ISSUER"]);
    }

    #[test]
    fn ses_10_plain_http_is_allowed_on_loopback_only() {
        let open = ("GAZETTE_ADDR", "0.0.0.0:3000");
        assert_eq!(invalid(&[open], &[]), ["GAZETTE_PUBLIC_URL"]);
        let https = ("GAZETTE_PUBLIC_URL", "https://news.example");
        assert_eq!(invalid(&[open, https], &[]), [""; 0]);
    }

    #[test]
    fn dynamodb_needs_a_session_key_and_a_movable_clock_needs_plain_http() {
        assert_eq!(invalid(&[("GAZETTE_STORE", "dynamodb")], &[]), ["GAZETTE_SESSION_KEY"]);
        let https = ("GAZETTE_PUBLIC_URL", "https://news.example");
        let movable = ("GAZETTE_POOL_CLOCK", "movable");
        assert_eq!(invalid(&[https, movable], &[]), ["GAZETTE_POOL_CLOCK"]);
    }

    #[test]
    fn a_flag_overrides_the_environment_and_an_empty_variable_is_absent() {
        let (flag, variable) = (("GAZETTE_TITLE", "Flag"), ("GAZETTE_TITLE", "Environment"));
        assert_eq!(config(&[flag], &[variable]).listen.title, "Flag");
        assert_eq!(config(&[], &[variable]).listen.title, "Environment");
        assert_eq!(config(&[], &[("GAZETTE_TITLE", "")]).listen.title, "Gazette");
    }

    #[test]
    fn the_file_fills_gaps_and_its_errors_are_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("gazette.toml");
        let path_text = path.to_str().expect("a Unicode path");
        let text = "GAZETTE_TITLE = \"The File\"\nGAZETTE_CLOCK_SKEW = 5\nPORT = 1\n";
        std::fs::write(&path, text).expect("written");
        let flags = [("GAZETTE_CONFIG", path_text), ("GAZETTE_CLOCK_SKEW", "7")];
        let config = config(&flags, &[]);
        assert_eq!(config.listen.title, "The File");
        assert_eq!((config.tokens.clock_skew_seconds, config.listen.addr().port()), (7, 1));
        std::fs::write(&path, "TITLE = \"x\"\nPORT = [1]\nGAZETTE_CONFIG = \"y\"\n")
            .expect("written");
        assert_eq!(invalid(&flags, &[]), ["GAZETTE_CONFIG", "PORT", "TITLE"]);
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(invalid(&flags, &[]), ["GAZETTE_CONFIG"]);
    }

    #[test]
    fn a_secret_can_come_from_a_file_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("users");
        std::fs::write(&path, "ada:correct-horse:admin ed:correct-horse\n").expect("written");
        let environment = [("GAZETTE_POOL_USER_FILE", path.to_str().expect("a Unicode path"))];
        let config = config(&[], &environment);
        let super::super::ActivePool::Embedded(pool) = config.pool.active() else {
            panic!("the default pool is embedded")
        };
        let names: Vec<&str> = pool.users.iter().map(|user| user.name.as_str()).collect();
        assert_eq!(names, ["ada", "ed"]);
        assert!(!format!("{config:?}").contains("correct-horse"));
        assert_eq!(invalid(&[], &[("GAZETTE_TITLE_FILE", "x")]), ["GAZETTE_TITLE_FILE"]);
    }
}
