//! The process: exit codes, what it says, and how it stops.

use std::process::{Output, Stdio};

use crate::running::{gazette, serving, start, terminate};

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn bad_usage_names_itself_and_exits_with_2() {
    let flag = gazette().arg("--no-such-flag").output().expect("the binary runs");
    assert_eq!(flag.status.code(), Some(2));
    assert!(stderr(&flag).contains("--no-such-flag"));
    let variable = gazette().env("GAZETTE_NO_SUCH", "1").output().expect("the binary runs");
    assert_eq!(variable.status.code(), Some(2));
    assert!(stderr(&variable).contains("GAZETTE_NO_SUCH"));
    let value = gazette().args(["--addr", "nowhere", "--clock-skew", "99"]).output().expect("runs");
    assert_eq!(value.status.code(), Some(2));
    assert!(
        stderr(&value).contains("GAZETTE_ADDR") && stderr(&value).contains("GAZETTE_CLOCK_SKEW")
    );
    let seed = gazette().args(["seed", "--articles", "0"]).output().expect("the binary runs");
    assert_eq!(seed.status.code(), Some(2));
}

#[test]
fn a_required_scope_that_would_not_hold_is_refused_at_the_start() {
    let with = |scopes: &str, token_use: &str| {
        let mut command = gazette();
        command.args(["check-config", "--required-scopes", scopes, "--token-use", token_use]);
        command.output().expect("the binary runs")
    };
    assert_eq!(with("news:delete=gazette/delete", "access").status.code(), Some(0));
    for (scopes, token_use, said) in [
        ("news:fly=gazette/fly", "access", "unknown action"),
        ("news:delete", "access", "is not of the form action=scope"),
        ("news:delete=", "access", "is not a valid scope"),
        ("news:read=gazette/read", "access", "needs no token"),
        ("news:delete=gazette/delete", "access,id", "cannot be asked of ID tokens"),
    ] {
        let refused = with(scopes, token_use);
        assert_eq!(refused.status.code(), Some(2), "{scopes}");
        let text = stderr(&refused);
        assert!(text.contains("GAZETTE_REQUIRED_SCOPES") && text.contains(said), "{text}");
    }
}

#[test]
fn help_names_the_variable_of_every_setting() {
    let help = gazette().arg("--help").output().expect("the binary runs");
    assert_eq!(help.status.code(), Some(0));
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    for variable in
        ["GAZETTE_ADDR", "GAZETTE_POOL_USER", "COGNITO_ISSUER", "GAZETTE_SESSION_KEY", "PORT"]
    {
        assert!(text.contains(&format!("[env: {variable}")), "{variable}");
    }
}

#[test]
fn check_config_prints_what_to_register_and_no_secret() {
    let output = gazette()
        .args(["check-config", "--pool-user", "ada:correct-horse:admin", "--port", "3456"])
        .output()
        .expect("the binary runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0));
    assert!(text.contains("http://localhost:3456/auth/callback"), "{text}");
    assert!(!text.contains("correct-horse"), "{text}");
}

#[test]
fn users_are_looked_after_from_the_command_line() {
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
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(
        list.starts_with("ada\tada@example.com\t") && list.trim_end().ends_with("editor"),
        "{list}"
    );
}

#[test]
fn seeding_refuses_a_store_that_is_not_empty() {
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

#[cfg(unix)]
#[test]
fn f_26_it_says_when_it_is_ready_and_stops_when_told() {
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
fn a_token_that_is_refused_is_explained() {
    let verify = |token: &str| {
        let output =
            gazette().args(["--pool-addr", "127.0.0.1:1", "token", "verify", token]).output();
        output.expect("the binary runs")
    };
    let unsigned = verify("eyJhbGciOiJub25lIn0.e30.AA");
    let text = String::from_utf8_lossy(&unsigned.stdout).into_owned();
    assert_eq!(unsigned.status.code(), Some(1));
    assert!(text.contains("  passed       three parts of strict JSON\n"), "{text}");
    assert!(
        text.contains("FAILED       signed with RS256") && text.contains("not reached"),
        "{text}"
    );
    assert!(text.contains("denied       news:delete (deny.not-signed-in)"), "{text}");
    assert!(stderr(&unsigned).contains("deny.token.algorithm"), "{}", stderr(&unsigned));
}
