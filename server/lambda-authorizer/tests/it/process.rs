//! The built binary.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::responses::event;
use crate::runtime_api::RuntimeApi;
use crate::test_pool::TestPool;

fn function() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gazette-lambda-authorizer"));
    command.env_clear().stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

fn start(pool: &TestPool, api: &RuntimeApi) -> Child {
    let mut command = function();
    command
        .envs(pool.environment())
        .env("AWS_LAMBDA_RUNTIME_API", &api.address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "authorizer")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "group");
    command.spawn().expect("the binary runs")
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(now.as_secs()).expect("in range")
}

#[tokio::test]
async fn the_binary_handles_every_format_of_event() {
    let pool = TestPool::start().await;
    let mut api = RuntimeApi::start().await;
    let mut function = start(&pool, &api);
    let (admin, reader) = (pool.token(&["admin"], now()), pool.token(&[], now()));
    for format in [
        include_str!("../events/token.json"),
        include_str!("../events/request-1.0.json"),
        include_str!("../events/request-2.0.json"),
    ] {
        for (token, statements) in [(&admin, 2), (&reader, 3)] {
            let invoked = api.invoke(event(format, token));
            let outcome = timeout(Duration::from_secs(20), invoked).await.expect("a response");
            assert_eq!(outcome.kind, "response", "{}", outcome.body);
            assert_eq!(outcome.body["context"]["username"], "ada");
            let policy = &outcome.body["policyDocument"]["Statement"];
            assert_eq!(policy.as_array().map(Vec::len), Some(statements), "{policy}");
        }
        let error = api.invoke(event(format, "garbled")).await;
        assert_eq!(error.kind, "error");
        assert_eq!(error.body["errorMessage"], "Unauthorized");
    }
    function.kill().await.expect("stopped");
    let log = function.wait_with_output().await.expect("its log").stderr;
    let log = String::from_utf8(log).expect("text");
    assert!(log.contains(r#""token":"deny.token.form""#), "{log}");
    assert!(!log.contains("eyJ") && !log.contains(&admin), "{log}");
}

#[tokio::test]
async fn f_41_it_does_not_start_with_invalid_settings() {
    let issuer = ("COGNITO_ISSUER", "http://localhost:4000/local_gazette");
    for (variables, message) in [
        (&[][..], "COGNITO_ISSUER: is missing"),
        (&[issuer, ("COGNITO_CLIENT_ID", "x,")], "COGNITO_CLIENT_ID: at least one client id"),
        (
            &[("COGNITO_ISSUER", "issuer.example"), ("COGNITO_CLIENT_ID", "x")],
            "COGNITO_ISSUER: is not a URL",
        ),
        (
            &[("COGNITO_ISSUER", "http://issuer.example/p"), ("COGNITO_CLIENT_ID", "x")],
            "COGNITO_ISSUER: its keys cannot be fetched",
        ),
    ] {
        refuses(function().envs(variables.iter().copied()), message).await;
    }
    let scopes = OsStr::from_bytes(b"news:delete=\xff");
    let mut command = function();
    command.envs([issuer, ("COGNITO_CLIENT_ID", "x")]).env("GAZETTE_REQUIRED_SCOPES", scopes);
    refuses(&mut command, "GAZETTE_REQUIRED_SCOPES: is not valid UTF-8").await;
}

/// Checks that the binary exits with 2 and logs a message.
async fn refuses(command: &mut Command, message: &str) {
    let output = timeout(Duration::from_secs(20), command.output()).await;
    let output = output.expect("it ends").expect("the binary runs");
    let log = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{log}");
    assert!(log.contains(message), "{message}: {log}");
}
