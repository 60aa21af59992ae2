//! The commands as processes: exit codes, output and stopping.

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Child, Output, Stdio};

use crate::server_process::{checking, gazette, serving, start, terminate};

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn run(arguments: &[&str]) -> Output {
    gazette().args(arguments).output().expect("the binary runs")
}

#[test]
fn bad_usage_exits_with_2_and_names_the_flag_or_variable() {
    let flag = run(&["--no-such-flag"]);
    assert_eq!(flag.status.code(), Some(2));
    assert!(stderr(&flag).contains("--no-such-flag"));
    let variable = gazette().env("GAZETTE_NO_SUCH", "1").output().expect("the binary runs");
    assert_eq!(variable.status.code(), Some(2));
    assert!(stderr(&variable).contains("GAZETTE_NO_SUCH"));
    let values = run(&["--addr", "nowhere", "--clock-skew", "99"]);
    assert_eq!(values.status.code(), Some(2));
    for variable in ["GAZETTE_ADDR", "GAZETTE_CLOCK_SKEW"] {
        assert!(stderr(&values).contains(variable), "{}", stderr(&values));
    }
    let seed = run(&["seed", "--articles", "0"]);
    assert_eq!(seed.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_utf_8_exits_with_2_and_names_the_variable() {
    let value = OsStr::from_bytes(b"\xff");
    let variable = gazette().env("GAZETTE_TITLE", value).output().expect("the binary runs");
    let flag = gazette().arg("--title").arg(value).output().expect("the binary runs");
    for refused in [variable, flag] {
        assert_eq!(refused.status.code(), Some(2));
        let text = stderr(&refused);
        assert!(text.contains("GAZETTE_TITLE: is not valid UTF-8"), "{text}");
    }
}

/// Runs `check-config` on a folder with the browser assets.
fn check_config(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = checking(folder.path());
    command.args(arguments).output().expect("the binary runs")
}

#[test]
fn a_required_scope_that_cannot_be_enforced_is_refused_at_the_start() {
    let with = |scopes: &str, token_use: &str| {
        check_config(&["--required-scopes", scopes, "--token-use", token_use])
    };
    assert_eq!(with("news:delete=gazette/delete", "access").status.code(), Some(0));
    for (scopes, token_use, part) in [
        ("news:fly=gazette/fly", "access", "news:fly"),
        ("news:delete", "access", "action=scope"),
        ("news:delete=", "access", "scope"),
        ("news:read=gazette/read", "access", "news:read"),
        ("news:delete=gazette/delete", "access,id", "cannot apply to ID tokens"),
    ] {
        let refused = with(scopes, token_use);
        assert_eq!(refused.status.code(), Some(2), "{scopes}");
        let text = stderr(&refused);
        assert!(text.contains("GAZETTE_REQUIRED_SCOPES") && text.contains(part), "{text}");
    }
}

#[test]
fn the_version_names_commit_and_target() {
    let version = stdout(&run(&["--version"]));
    let target = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    assert!(version.starts_with("gazette 0.1.0 (commit "), "{version}");
    assert!(version.trim_end().ends_with(&format!("{target})")), "{version}");
}

/// Runs a command whose output goes to a device that is full.
fn run_on_full(data: &Path, arguments: &[&str]) -> Output {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
    let mut command = gazette();
    command.arg("--data-dir").arg(data).args(arguments).stdout(full).stderr(Stdio::piped());
    command.spawn().and_then(Child::wait_with_output).expect("the binary runs")
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let data = tempfile::tempdir().expect("a folder");
    let add = ["user", "add", "ada", "--password", "correct-horse"];
    let mut command = gazette();
    let added = command.arg("--data-dir").arg(data.path()).args(add).output();
    assert_eq!(added.expect("the binary runs").status.code(), Some(0));
    let posts = data.path().join("posts");
    std::fs::create_dir(&posts).expect("a folder");
    std::fs::write(
        posts.join("a.md"),
        "---\ntitle: x\ndate: 2026-01-02\naliases: [/a]\n---\nText\n",
    )
    .expect("written");
    let posts = posts.to_str().expect("text");
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["import", "--help"],
        &["completions", "fish"],
        &["openapi"],
        &["import", "--dry-run", posts],
        &["import", posts],
        &["import", "--list"],
        &["user", "list"],
        &["audit"],
        &["audit", "--json"],
        &["redirects", "list"],
        &["redirects", "export"],
        &["export", "-"],
        &["backup", "-"],
    ] {
        let output = run_on_full(data.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("No space left"), "{arguments:?}: {}", stderr(&output));
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("site/pkg")).expect("a folder");
    let site = folder.path().join("site");
    let site = site.to_str().expect("text");
    let checked = run_on_full(folder.path(), &["check-config", "--site-root", site]);
    assert_eq!(checked.status.code(), Some(1), "{}", stderr(&checked));
}

#[test]
fn a_list_whose_reader_has_enough_ends_without_a_word() {
    let data = tempfile::tempdir().expect("a folder");
    let csv = data.path().join("redirects.csv");
    let rows = (0..3_000).map(|row| format!("/old/{row},/new,301\n"));
    let lines: Vec<String> = std::iter::once("from,to,status\n".to_owned()).chain(rows).collect();
    std::fs::write(&csv, lines.concat()).expect("written");
    let command = |arguments: &[&str]| {
        let mut command = gazette();
        command.arg("--data-dir").arg(data.path()).args(arguments);
        command
    };
    let imported = command(&["redirects", "import", csv.to_str().expect("text")]).output();
    assert_eq!(imported.expect("the binary runs").status.code(), Some(0));
    for (arguments, code) in [
        (&["redirects", "export"][..], 0),
        (&["redirects", "list"], 0),
        (&["audit"], 0),
        (&["--help"], 0),
        (&["user", "list"], 0),
        (&["export", "-"], 1),
    ] {
        let mut command = command(arguments);
        let mut running =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        drop(running.stdout.take());
        let output = running.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert_eq!(output.stderr.is_empty(), code == 0, "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "fish", "zsh"] {
        let script = stdout(&run(&["completions", shell]));
        for word in ["serve", "check-config", "import", "session-idle"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn help_names_the_variable_of_every_setting() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let text = stdout(&help);
    for variable in
        ["GAZETTE_ADDR", "GAZETTE_POOL_USER", "COGNITO_ISSUER", "GAZETTE_SESSION_KEY", "PORT"]
    {
        assert!(text.contains(&format!("[env: {variable}")), "{variable}");
    }
}

#[test]
fn check_config_prints_the_callback_url_and_no_secret() {
    let user = "ada:correct-horse:admin";
    let output = check_config(&["--pool-user", user, "--port", "3456"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0));
    assert!(text.contains("http://localhost:3456/auth/callback"), "{text}");
    assert!(!text.contains("correct-horse"), "{text}");
}

#[test]
fn the_user_command_creates_changes_and_lists_users() {
    let data = tempfile::tempdir().expect("a folder");
    let user = |arguments: &[&str]| {
        let output =
            gazette().arg("--data-dir").arg(data.path()).arg("user").args(arguments).output();
        output.expect("the binary runs")
    };
    let add = ["add", "ada", "--password", "correct-horse", "--group", "admin"];
    assert_eq!(user(&add).status.code(), Some(0));
    let twice = user(&add);
    assert_eq!(twice.status.code(), Some(1));
    assert!(!stderr(&twice).is_empty());
    assert_eq!(user(&["add", "bo", "--password", "short"]).status.code(), Some(1));
    assert_eq!(user(&["group", "ada", "--group", "editor"]).status.code(), Some(0));
    assert_eq!(user(&["password", "ada", "--password", "another-horse"]).status.code(), Some(0));
    let list = user(&["list"]);
    let list = stdout(&list);
    assert!(
        list.starts_with("ada\tada@example.com\t") && list.trim_end().ends_with("editor"),
        "{list}"
    );
}

#[test]
fn seed_refuses_a_store_with_stories_unless_forced() {
    let data = tempfile::tempdir().expect("a folder");
    let seed = |arguments: &[&str]| {
        gazette()
            .arg("--data-dir")
            .arg(data.path())
            .arg("seed")
            .args(arguments)
            .output()
            .expect("runs")
    };
    assert_eq!(seed(&["--articles", "30"]).status.code(), Some(0));
    assert_eq!(seed(&["--articles", "30"]).status.code(), Some(1));
    assert_eq!(seed(&["--articles", "3", "--force"]).status.code(), Some(0));
}

#[test]
fn f_26_serve_prints_a_ready_line_and_stops_at_sigterm() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut server, url) = start(serving(folder.path()).stderr(Stdio::null()));
    let healthy = gazette().args(["healthcheck", &url]).output().expect("the binary runs");
    assert_eq!(healthy.status.code(), Some(0), "{}", stderr(&healthy));
    let second = serving(folder.path()).output().expect("the binary runs");
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("in use by another process"), "{}", stderr(&second));
    terminate(&server);
    assert_eq!(server.wait().expect("it ends").code(), Some(0));
}

#[test]
fn token_verify_explains_a_refused_token() {
    let verify = |token: &str| run(&["--pool-addr", "127.0.0.1:1", "token", "verify", token]);
    // {"sub":"of-a-user","nbf":9}
    let unsigned = verify("eyJhbGciOiJub25lIn0.eyJzdWIiOiJvZi1hLXVzZXIiLCJuYmYiOjl9.AA");
    let text = stdout(&unsigned);
    assert_eq!(unsigned.status.code(), Some(1));
    assert!(text.contains("onnection refused"), "the cause is named: {text}");
    assert!(text.contains("  resource     http://localhost:3000"), "{text}");
    assert!(text.contains("  sub              of-a-user\n"), "{text}");
    assert!(text.contains("  nbf              9 (1970-01-01T00:00:09Z, "), "{text}");
    assert!(text.contains("  passed       three parts of strict JSON\n"), "{text}");
    assert!(
        text.contains("FAILED       signed with RS256") && text.contains("not reached"),
        "{text}"
    );
    assert!(text.contains("denied       news:delete (deny.not-signed-in)"), "{text}");
    assert!(stderr(&unsigned).contains("deny.token.algorithm"), "{}", stderr(&unsigned));
}

#[cfg(unix)]
#[test]
fn token_requests_go_through_the_proxy_of_the_environment() {
    let folder = tempfile::tempdir().expect("a folder");
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut command = serving(folder.path());
    command.env("HTTPS_PROXY", format!("http://{}", proxy.local_addr().expect("bound")));
    command.env("GAZETTE_POOL", "cognito").env("COGNITO_CLIENT_ID", "1example23456789");
    command.env("COGNITO_ISSUER", "https://issuer.example/local_pool");
    command.env("COGNITO_DOMAIN", "https://sign-in.example");
    let (mut server, _) = start(command.stderr(Stdio::null()));
    let mut requests = proxy.incoming().take(10).map(first_line);
    // The check of the app client; others fetch the keys.
    assert!(requests.any(|request| request == "CONNECT sign-in.example:443 HTTP/1.1\r\n"));
    terminate(&server);
    assert!(server.wait().expect("it ends").success());
}

/// Returns the first line of a request and closes the connection.
fn first_line(connection: io::Result<TcpStream>) -> String {
    let mut line = String::new();
    let mut reader = BufReader::new(connection.expect("a connection"));
    reader.read_line(&mut line).expect("readable");
    line
}
