//! `gazette check-config`: the same errors as `serve`, what to register, and no secret.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::endpoint::Endpoint;
use crate::server_process::{checking, gazette, serving, start, terminate};

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const ISSUER: &str = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC123xyz";

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn output(command: &mut Command) -> Output {
    command.output().expect("the binary runs")
}

/// Returns the errors that both `check-config` and `serve` report, with exit code 2.
fn refused(folder: &Path, change: impl Fn(&mut Command)) -> String {
    let site = folder.join("site");
    std::fs::create_dir_all(site.join("pkg")).expect("a folder");
    let command = |name: &str| {
        let mut command = gazette();
        command.arg(name).env("GAZETTE_ADDR", "127.0.0.1:0");
        command.env("GAZETTE_POOL_ADDR", "127.0.0.1:0");
        command.env("GAZETTE_DATA_DIR", folder.join("data")).env("LEPTOS_SITE_ROOT", &site);
        change(&mut command);
        command
    };
    let (mut check, mut serve) = (command("check-config"), command("serve"));
    let (check, serve) = (output(&mut check), output(&mut serve));
    assert_eq!(stderr(&check), stderr(&serve));
    assert_eq!((check.status.code(), serve.status.code()), (Some(2), Some(2)), "{check:?}");
    stderr(&check)
}

fn on_dynamodb(command: &mut Command) {
    command.env("GAZETTE_STORE", "dynamodb").env("GAZETTE_SESSION_KEY", KEY);
    command.env("AWS_EC2_METADATA_DISABLED", "true");
}

#[test]
fn what_to_register_is_printed_and_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = checking(folder.path());
    command.args(["--pool", "cognito", "--public-url", "https://news.example", "--json"]);
    command.args(["--cognito-issuer", ISSUER, "--cognito-client-id", "1example23456789"]);
    command.args(["--admin-group", "chiefs", "--session-key", KEY]);
    command.env("COGNITO_CLIENT_SECRET", "hunter2hunter2");
    command.env("GAZETTE_API_KEYS", "shop=hunter2hunter2hunter2");
    let checked = output(&mut command);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    let report: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    assert_eq!(
        report["register"],
        json!({
            "grant": "authorization_code",
            "scopes": ["openid", "email", "profile"],
            "callback_url": "https://news.example/auth/callback",
            "sign_out_url": "https://news.example/",
            "client_secret": true,
        })
    );
    assert_eq!(
        report["groups"],
        json!({ "admin": "chiefs", "editor": "editor", "writer": "writer" })
    );
    let secrets = json!({
        "COGNITO_CLIENT_SECRET": true,
        "GAZETTE_API_KEYS": true,
        "GAZETTE_SESSION_KEY": true,
    });
    assert_eq!(report["secrets"], secrets);
    assert_eq!(report["site_root"], folder.path().join("site").to_str().expect("text"));
    command.env_remove("COGNITO_CLIENT_SECRET");
    let text = String::from_utf8(output(&mut command).stdout).expect("text");
    assert!(text.contains("\"client_secret\": false"), "{text}");
    for secret in ["hunter2", KEY] {
        assert!(!String::from_utf8_lossy(&checked.stdout).contains(secret));
    }
    assert!(!folder.path().join("data").exists(), "it creates nothing");
}

#[test]
fn the_text_names_everything_that_the_json_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = String::from_utf8(output(&mut checking(folder.path())).stdout).expect("text");
    for part in [
        "grant            authorization_code",
        "scopes           openid email profile",
        "callback url     http://localhost:3000/auth/callback",
        "sign-out url     http://localhost:3000/",
        "app client       without a secret",
        "admin group      admin",
        "language         en",
        "time zone        UTC",
        "site root ",
        "resource         http://localhost:3000",
        "connections      8192, 256 per address",
        "trusted proxies  127.0.0.0/8, ::1/128",
        "rate limits      read=100/s, write=1200/m, sign-in=300/m, machine=200/s",
        "metrics          127.0.0.1:9100",
        "shutdown grace   0 seconds",
        "access log       off",
        "pool clock       fixed",
        "pool faults      none",
        "GAZETTE_SESSION_KEY    not set",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn errors_are_printed_as_json_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let checked = output(checking(folder.path()).args(["--json", "--clock-skew", "99"]));
    assert_eq!(checked.status.code(), Some(2));
    let report: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    assert_eq!(report["errors"][0]["setting"], "GAZETTE_CLOCK_SKEW");
    assert!(stderr(&checked).contains("GAZETTE_CLOCK_SKEW: "), "{}", stderr(&checked));
}

#[test]
fn everything_that_serve_refuses_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").expect("written");
    let data = folder.path().join("damaged");
    std::fs::create_dir_all(data.join("pool-keys")).expect("a folder");
    std::fs::write(data.join("gazette.redb"), "not a store, but long enough").expect("written");
    std::fs::write(data.join("session-key"), "short").expect("written");
    std::fs::write(data.join("pool-keys/id-token-key.pk8"), "short").expect("written");
    let text = |path: &Path| path.to_str().expect("text").to_owned();
    for (variable, value, parts) in [
        ("LEPTOS_SITE_ROOT", "/nonexistent", &["LEPTOS_SITE_ROOT: "][..]),
        ("GAZETTE_POOL_ADDR", "127.0.0.1:99999", &["GAZETTE_POOL_ADDR: "]),
        ("GAZETTE_ADDR", "192.0.2.1:3000", &["GAZETTE_PUBLIC_URL: must be an https origin"]),
        ("GAZETTE_DATA_DIR", &text(&file), &["GAZETTE_DATA_DIR: cannot use"]),
        (
            "GAZETTE_DATA_DIR",
            &text(&data),
            &["does not begin like a store", "session-key: the key ", "id-token-key.pk8"],
        ),
        ("GAZETTE_PUBLIC_URL", "https://news.example", &["GAZETTE_POOL: is embedded"]),
        ("GAZETTE_CLIENT_ROLES", "shop=owner", &["GAZETTE_CLIENT_ROLES: unknown role \"owner\""]),
        ("GAZETTE_CLIENT_ROLES", "a=admin a=writer", &["GAZETTE_CLIENT_ROLES: gives a two roles"]),
        ("GAZETTE_CLIENT_ROLES", "a b=admin", &["GAZETTE_CLIENT_ROLES: \"a\" is not of the form"]),
        ("COGNITO_JWKS_FILE", "/tmp/jwks.json", &["COGNITO_JWKS_FILE: is set, but GAZETTE_POOL"]),
        ("RUST_LOG", "info=loud", &["RUST_LOG: "]),
        ("GAZETTE_METRICS_ADDR", "192.0.2.1:9100", &["GAZETTE_METRICS_ADDR: cannot listen on"]),
        ("GAZETTE_TITLE", "  ", &["GAZETTE_TITLE: is blank"]),
        ("GAZETTE_TITLE", "a\u{202e}b", &["GAZETTE_TITLE: has the character U+202E"]),
        ("GAZETTE_TITLE", "a\nb", &["GAZETTE_TITLE: has the character U+000A"]),
        ("GAZETTE_SESSION_ABSOLUTE", "10", &["GAZETTE_SESSION_IDLE: is 30 minutes"]),
    ] {
        let refused = refused(folder.path(), |command| {
            command.env(variable, value);
        });
        for part in parts {
            assert!(refused.contains(part), "{variable}={value}: {refused}");
        }
    }
}

#[test]
fn a_key_file_that_cannot_be_used_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("jwks.json");
    let refused_with = |keys: &str, url: &str| {
        refused(folder.path(), |command| {
            command.env("GAZETTE_POOL", "cognito").env_remove("GAZETTE_POOL_ADDR");
            command.env("COGNITO_ISSUER", ISSUER).env("COGNITO_CLIENT_ID", "1example23456789");
            command.env("COGNITO_JWKS_FILE", keys).env("GAZETTE_PUBLIC_URL", url);
        })
    };
    let (path, local) = (file.to_str().expect("text"), "http://localhost:3000");
    let missing = refused_with(path, local);
    assert!(missing.contains("COGNITO_JWKS_FILE: ") && missing.contains("No such file"));
    std::fs::write(&file, r#"{"keys":[]}"#).expect("written");
    assert!(refused_with(path, local).contains("the key set has no usable key"));
    let on_https = refused_with(path, "https://news.example");
    assert!(on_https.contains("COGNITO_JWKS_FILE: is for tests on this machine"), "{on_https}");
    let remote = refused_with("https://pool.example/jwks.json", local);
    assert!(remote.contains("must be a file, or a URL on loopback"), "{remote}");
}

#[test]
fn an_address_that_the_machine_lacks_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = refused(folder.path(), |command| {
        command.env("GAZETTE_ADDR", "192.0.2.1:3000").env("GAZETTE_POOL", "cognito");
        command.env("GAZETTE_PUBLIC_URL", "https://news.example").env_remove("GAZETTE_POOL_ADDR");
        command.env("COGNITO_ISSUER", ISSUER).env("COGNITO_CLIENT_ID", "1example23456789");
    });
    assert!(refused.contains("GAZETTE_ADDR: cannot listen on 192.0.2.1:3000: "), "{refused}");
}

#[test]
fn the_site_and_the_pool_need_addresses_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = refused(folder.path(), |command| {
        command.env("GAZETTE_ADDR", "127.0.0.1:5000").env("GAZETTE_POOL_ADDR", "127.0.0.1:5000");
    });
    assert!(refused.contains("GAZETTE_POOL_ADDR: must differ from GAZETTE_ADDR"), "{refused}");
}

#[test]
fn the_metrics_need_an_address_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    for (metrics, other) in
        [("127.0.0.1:5000", "GAZETTE_ADDR"), ("0.0.0.0:5001", "GAZETTE_POOL_ADDR")]
    {
        let refused = refused(folder.path(), |command| {
            command.env("GAZETTE_ADDR", "127.0.0.1:5000");
            command.env("GAZETTE_POOL_ADDR", "127.0.0.1:5001");
            command.env("GAZETTE_METRICS_ADDR", metrics);
        });
        let expected = format!("GAZETTE_METRICS_ADDR: must differ from {other}");
        assert!(refused.contains(&expected), "{refused}");
    }
}

#[test]
fn a_store_that_is_damaged_or_cut_is_found_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let store = data.join("gazette.redb");
    let mut seed = gazette();
    seed.arg("--data-dir").arg(&data).args(["seed", "--articles", "50"]);
    assert_eq!(output(&mut seed).status.code(), Some(0));
    let whole = std::fs::read(&store).expect("a store");
    let checked = || output(checking(folder.path()).env("GAZETTE_METRICS_ADDR", "off"));
    assert_eq!(checked().status.code(), Some(0), "{}", stderr(&checked()));
    assert!(std::fs::read(&store).expect("a store") == whole, "it is not changed");
    let cut = whole[..whole.len() / 2].to_vec();
    let mut damaged = whole.clone();
    damaged[600..700].fill(0xff);
    for content in [cut, damaged] {
        std::fs::write(&store, &content).expect("written");
        let refused = checked();
        assert_eq!(refused.status.code(), Some(2));
        let message = stderr(&refused);
        assert!(message.contains("GAZETTE_DATA_DIR: the store"), "{message}");
        assert!(std::fs::read(&store).expect("a store") == content, "it is not changed");
    }
}

#[test]
fn a_folder_that_no_site_begins_on_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("data/.restoring")).expect("a folder");
    let unfinished = refused(folder.path(), |_| {});
    assert!(unfinished.contains("GAZETTE_DATA_DIR: a restore into "), "{unfinished}");
    assert!(unfinished.contains("was interrupted; empty that folder"), "{unfinished}");
    std::fs::remove_dir_all(folder.path().join("data")).expect("removed");
    std::os::unix::fs::symlink("/nowhere/at/all", folder.path().join("data")).expect("a link");
    let dangling = refused(folder.path(), |_| {});
    assert!(dangling.contains("is a symbolic link to a missing folder"), "{dangling}");
}

#[test]
fn an_address_that_is_in_use_is_not_an_error_of_the_configuration() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut server, url) = start(serving(folder.path()).stderr(Stdio::null()));
    let port = url.rsplit(':').next().expect("a port").to_owned();
    let checked = output(checking(folder.path()).args(["--port", &port]));
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    terminate(&server);
    server.wait().expect("it ends");
}

#[test]
fn missing_aws_settings_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let region = refused(folder.path(), on_dynamodb);
    assert!(region.starts_with("gazette: AWS_REGION: must be set"), "{region}");
    let credentials = refused(folder.path(), |command| {
        on_dynamodb(command);
        command.env("AWS_REGION", "eu-central-1");
    });
    assert!(credentials.starts_with("gazette: AWS_ACCESS_KEY_ID: there are no"), "{credentials}");
    let certificates = refused(folder.path(), |command| {
        on_dynamodb(command);
        command.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    });
    assert!(certificates.starts_with("gazette: SSL_CERT_FILE: there are no"), "{certificates}");
    let mut create = gazette();
    on_dynamodb(&mut create);
    let create = output(create.args(["table", "create"]));
    assert!(stderr(&create).contains("AWS_REGION"), "{}", stderr(&create));
    assert_eq!(create.status.code(), Some(2));
}

#[test]
fn f_09_a_dynamodb_that_does_not_respond_is_not_an_error_of_the_configuration() {
    let folder = tempfile::tempdir().expect("a folder");
    let without_dynamodb = |command: &mut Command| {
        on_dynamodb(command);
        command.env("AWS_REGION", "eu-central-1");
        command.env("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1");
        command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "secret");
    };
    let mut check = checking(folder.path());
    without_dynamodb(&mut check);
    let checked = output(&mut check);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    assert!(stderr(&checked).contains("DynamoDB cannot be reached"), "{}", stderr(&checked));
    let mut serve = serving(folder.path());
    without_dynamodb(&mut serve);
    serve.env("GAZETTE_POOL", "cognito").env("COGNITO_CLIENT_ID", "1example23456789");
    serve.env("COGNITO_ISSUER", "http://127.0.0.1:1/local_pool").stderr(Stdio::null());
    let (mut server, _) = start(&mut serve);
    terminate(&server);
    assert!(server.wait().expect("it ends").success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_table_names_the_command_that_creates_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = Endpoint::new().await.url();
    let with_table = |command: &mut Command| {
        on_dynamodb(command);
        command.env("AWS_REGION", "eu-central-1").env("AWS_ENDPOINT_URL_DYNAMODB", &endpoint);
        command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "secret");
        command.env("GAZETTE_TABLE", "another");
    };
    tokio::task::block_in_place(|| {
        let missing = refused(folder.path(), with_table);
        assert!(missing.contains("GAZETTE_TABLE: another: "), "{missing}");
        assert!(missing.contains("`gazette table create`"), "{missing}");
        let mut seed = gazette();
        with_table(&mut seed);
        let seed = output(seed.arg("seed"));
        assert!(stderr(&seed).contains("`gazette table create`"), "{}", stderr(&seed));
        assert!(!stderr(&seed).contains('{'), "no debug output: {}", stderr(&seed));
        let mut create = gazette();
        with_table(&mut create);
        assert_eq!(output(create.args(["table", "create"])).status.code(), Some(0));
        let mut check = checking(folder.path());
        with_table(&mut check);
        let checked = output(check.arg("--json"));
        let report: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
        let store = json!({
            "engine": "dynamodb", "table": "another",
            "region": "eu-central-1", "endpoint": endpoint,
        });
        assert_eq!(report["store"], store);
    });
}
