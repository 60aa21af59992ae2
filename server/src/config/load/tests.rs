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

/// Returns the settings of a site with an https origin and a Cognito pool.
fn production() -> [(&'static str, &'static str); 4] {
    [
        ("GAZETTE_PUBLIC_URL", "https://news.example"),
        ("GAZETTE_POOL", "cognito"),
        ("COGNITO_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC123xyz"),
        ("COGNITO_CLIENT_ID", "1example23456789"),
    ]
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
        ("GAZETTE_POOL_USER", "nobody x:short x:a:b:c:d"),
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
        "GAZETTE_STORE: \"paper\" is not allowed; use embedded or dynamodb",
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
    let http =
        [cognito, ("COGNITO_ISSUER", "http://cognito.example/pool"), ("COGNITO_CLIENT_ID", "x")];
    assert_eq!(invalid(&http, &[]), ["COGNITO_ISSUER"]);
}

#[test]
fn ses_10_plain_http_is_allowed_on_loopback_only() {
    let open = ("GAZETTE_ADDR", "0.0.0.0:3000");
    assert_eq!(invalid(&[open], &[]), ["GAZETTE_PUBLIC_URL"]);
    assert_eq!(invalid(&[&[open][..], &production()].concat(), &[]), [""; 0]);
}

#[test]
fn dynamodb_needs_a_session_key() {
    assert_eq!(invalid(&[("GAZETTE_STORE", "dynamodb")], &[]), ["GAZETTE_SESSION_KEY"]);
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
    std::fs::write(&path, "TITLE = \"x\"\nPORT = [1]\nGAZETTE_CONFIG = \"y\"\n").expect("written");
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

#[test]
fn an_issuer_ends_with_a_pool_id_and_has_no_credentials() {
    let with = |issuer| {
        let mut flags = production();
        flags[2].1 = issuer;
        invalid(&flags, &[])
    };
    for issuer in [
        "https://issuer-cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbC123xyz",
        "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC123xyz",
        "http://localhost:4000/local_gazette",
    ] {
        assert_eq!(with(issuer), [""; 0], "{issuer}");
    }
    for issuer in [
        "https://cognito-idp.eu-central-1.amazonaws.com",
        "https://cognito-idp.eu-central-1.amazonaws.com/",
        "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1",
        "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_",
        "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC123xyz/",
        "https://cognito-idp.eu-central-1.amazonaws.com/a/eu-central-1_AbC123xyz",
        "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC123xyz?x",
        "https://ada:hunter2@cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC123xyz",
    ] {
        assert_eq!(with(issuer), ["COGNITO_ISSUER"], "{issuer}");
    }
    let mut flags = production();
    flags[2].1 = "https://ada:hunter2@cognito.example/eu-central-1_AbC123xyz";
    let errors = load_from(&variables(&flags), &Variables::default()).expect_err("invalid");
    assert!(!errors.to_string().contains("hunter2"), "{errors}");
}

#[test]
fn no_message_repeats_a_password_or_offers_a_key() {
    let credentials = "https://ada:hunter2@news.example";
    for (variable, value) in [
        ("GAZETTE_PUBLIC_URL", format!("{credentials}:99999")),
        ("COGNITO_DOMAIN", format!("{credentials}:99999")),
        ("COGNITO_ISSUER", format!("{credentials}:99999/eu-central-1_AbC123xyz")),
        ("GAZETTE_RESOURCE", credentials.to_owned()),
        ("GAZETTE_SESSION_KEY", "aHVudGVyMg==".to_owned()),
        ("GAZETTE_API_KEYS", "shop=hunter2".to_owned()),
    ] {
        let flags = variables(&[(variable, &value)]);
        let errors = load_from(&flags, &Variables::default()).expect_err("invalid").0;
        let error = errors.iter().find(|error| error.variable == variable).expect("an error");
        assert!(!error.message.contains("hunter2"), "{error}");
        assert!(!error.message.contains('='), "no base64: {error}");
    }
}

#[test]
fn a_site_signs_in_with_one_app_client() {
    for ids in ["one,two", "one two", "one;two", "\"one\""] {
        let mut flags = production();
        flags[3].1 = ids;
        assert_eq!(invalid(&flags, &[]), ["COGNITO_CLIENT_ID"], "{ids}");
    }
}

#[test]
fn an_https_origin_needs_a_cognito_pool() {
    let https = ("GAZETTE_PUBLIC_URL", "https://news.example");
    assert_eq!(invalid(&[https], &[]), ["GAZETTE_POOL"]);
    assert_eq!(invalid(&production(), &[]), [""; 0]);
}

#[test]
fn a_session_is_not_idle_longer_than_it_lasts() {
    let absolute = ("GAZETTE_SESSION_ABSOLUTE", "60");
    assert_eq!(invalid(&[absolute, ("GAZETTE_SESSION_IDLE", "60")], &[]), [""; 0]);
    let longer = ("GAZETTE_SESSION_IDLE", "61");
    assert_eq!(invalid(&[absolute, longer], &[]), ["GAZETTE_SESSION_IDLE"]);
}

#[test]
fn an_unreadable_log_filter_is_refused() {
    for filter in [
        "info=loud",
        "gazette_server=verbose",
        "a=b=c",
        "[{",
        "[request]=debug",
        "=debug",
        "a=",
        ",",
    ] {
        assert_eq!(invalid(&[("RUST_LOG", filter)], &[]), ["RUST_LOG"], "{filter}");
    }
    for filter in ["gazette_server=debug,warn", "info,", " info , a::b=trace"] {
        assert_eq!(invalid(&[("RUST_LOG", filter)], &[]), [""; 0], "{filter}");
    }
}

#[test]
fn the_pool_alone_may_have_the_address_of_the_site() {
    let same = [("GAZETTE_ADDR", "127.0.0.1:5000"), ("GAZETTE_POOL_ADDR", "127.0.0.1:5000")];
    assert_eq!(invalid(&same, &[]), [""; 0]);
}

#[test]
fn the_service_variables_of_kubernetes_are_ignored() {
    let service = [
        ("GAZETTE_PORT", "tcp://10.0.0.11:3000"),
        ("GAZETTE_SERVICE_HOST", "10.0.0.11"),
        ("GAZETTE_SERVICE_PORT", "3000"),
        ("GAZETTE_PORT_3000_TCP_ADDR", "10.0.0.11"),
    ];
    assert_eq!(config(&[], &service).listen.addr().port(), 3000);
    assert_eq!(invalid(&[], &[("GAZETTE_PORT", "3000")]), ["GAZETTE_PORT"]);
}

#[test]
fn a_secret_comes_from_one_place_and_is_not_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    let file = ("GAZETTE_SESSION_KEY_FILE", path.to_str().expect("a Unicode path"));
    for empty in ["", " \n"] {
        std::fs::write(&path, empty).expect("written");
        assert_eq!(invalid(&[], &[file]), ["GAZETTE_SESSION_KEY_FILE"]);
    }
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    std::fs::write(&path, key).expect("written");
    assert_eq!(config(&[], &[file]).session.keys.len(), 1);
    let both = [file, ("GAZETTE_SESSION_KEY", key)];
    assert_eq!(invalid(&[], &both), ["GAZETTE_SESSION_KEY_FILE"]);
}
