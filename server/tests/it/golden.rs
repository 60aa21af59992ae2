//! One table of tokens, decided by every transport of the authorizer: the bearer token at the
//! router, the session, forward-auth, the Lambda authorizer and `gazette token verify`. They must
//! agree with each other and with `golden.txt`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use gazette_domain::Action;
use gazette_lambda_authorizer::{AuthorizerError, LambdaAuthorizer, Settings};
use serde_json::json;

use crate::browser::Browser;
use crate::token_signer::{TokenSigner, cases};
use crate::world::{SITE, World, request};

const REQUIRED_SCOPES: &str = "news:delete=gazette/delete";
const CLIENT_ROLES: &str = "machine=editor";
const CLIENTS: &str = "gazetteweb,gazettecli";

/// Decision of a transport on one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Allowed,
    Unauthorized,
    Forbidden,
}

/// Decisions of a transport on the actions that it knows.
type Row = Vec<(Action, Decision)>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_transport_decides_alike() {
    let world = World::with(|settings| {
        settings.set("GAZETTE_REQUIRED_SCOPES", REQUIRED_SCOPES);
        settings.set("GAZETTE_CLIENT_ROLES", CLIENT_ROLES);
    })
    .await;
    world.people().await;
    let signer = TokenSigner::of(&world);
    let lambda = lambda(&world);
    let mut table = heading();
    for (case, token) in cases(&signer) {
        let (verify, code) = (by_forward_auth(&world, &token).await, code(&world, &token).await);
        let (verified, explained) = by_command_line(&world, &token);
        assert_eq!(explained, code, "{case}: the codes");
        for (transport, row) in [
            ("bearer", by_bearer(&world, &token).await),
            ("lambda", by_lambda(&lambda, &token).await),
            ("token verify", verified),
        ] {
            assert_same(&format!("{case}: {transport}"), &row, &verify);
        }
        let transports = "bearer, forward-auth, lambda, token verify";
        write_row(&mut table, case, transports, &verify, &code);
    }
    for name in ["rhea", "wim", "ed", "ada"] {
        let (session, verify) = by_session(&world, name).await;
        assert_same(name, &session, &verify);
        let case = format!("session of {name}");
        write_row(&mut table, &case, "session, forward-auth", &verify, "-");
    }
    println!("{table}");
    assert_eq!(table, include_str!("golden.txt"));
}

async fn by_bearer(world: &World, token: &str) -> Row {
    let mut row = Row::new();
    for action in Action::ALL {
        let status = match action {
            Action::DraftNews => Some("draft"),
            Action::WriteNews => Some("published"),
            _ => None,
        };
        if let Some(status) = status {
            row.push((action, decision_of(write(world, token, status).await)));
        } else if let Some((method, path)) = route(action) {
            let answer = world.bearer(method, path, token).await;
            row.push((action, decision_of(answer.status)));
        }
    }
    row
}

/// Sends a story, which a write needs.
async fn write(world: &World, token: &str, status: &str) -> StatusCode {
    let story = json!({ "headline": "A story", "body": "Of one sentence.", "status": status });
    let request = request(Method::POST, "/news")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(story.to_string()));
    world.send(request.expect("a request")).await.status
}

async fn by_forward_auth(world: &World, token: &str) -> Row {
    let mut row = Row::new();
    for action in guarded() {
        let path = format!("/auth/verify?action={}", action.as_str());
        let answer = world.bearer(Method::GET, &path, token).await;
        row.push((action, decision_of(answer.status)));
    }
    row
}

async fn by_session(world: &World, name: &str) -> (Row, Row) {
    let mut browser = Browser::signed_in(world, name).await;
    let (mut session, mut verify) = (Row::new(), Row::new());
    for action in guarded() {
        let path = format!("/auth/verify?action={}", action.as_str());
        verify.push((action, decision_of(browser.get(&path).await.status)));
        if let Some((method, path)) = route(action) {
            let answer = browser.send(method, path, &[("origin", SITE)], "").await;
            session.push((action, decision_of(answer.status)));
        }
    }
    (session, verify)
}

async fn by_lambda(authorizer: &LambdaAuthorizer, token: &str) -> Row {
    let api = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod";
    let event = json!({
        "type": "TOKEN",
        "authorizationToken": format!("Bearer {token}"),
        "methodArn": format!("{api}/GET/news"),
    });
    let answer = match authorizer.handle(event).await {
        Ok(answer) => answer,
        Err(failure) => {
            assert_eq!(failure, AuthorizerError::Unauthorized);
            return guarded().map(|action| (action, Decision::Unauthorized)).collect();
        }
    };
    let statements = answer["policyDocument"]["Statement"].as_array().expect("statements");
    // The one with a condition denies everything once the token has expired.
    let holds = |effect: &str, name: &str| {
        let mut current = statements.iter().filter(|one| one["Condition"].is_null());
        current.any(|one| {
            let names = one["Resource"].as_array().expect("a list");
            one["Effect"] == effect
                && names.iter().any(|it| matches(it.as_str().expect("a name"), name))
        })
    };
    let decision = |action| {
        let name = format!("{api}/{}", lambda_route(action)?);
        let decision = match (holds("Allow", &name), holds("Deny", &name)) {
            (true, false) => Decision::Allowed,
            (_, true) => Decision::Forbidden,
            (false, false) => panic!("{name} is in no statement"),
        };
        Some((action, decision))
    };
    guarded().filter_map(decision).collect()
}

/// Returns whether a name in a policy matches another one, as IAM does: `*` is any text.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => name.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
        None => pattern == name,
    }
}

/// Returns the decisions that the command prints, and the code of the refusal.
fn by_command_line(world: &World, token: &str) -> (Row, String) {
    let port = world.pool_origin.rsplit(':').next().expect("a port");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gazette"))
        .args(["token", "verify", "--required-scopes", REQUIRED_SCOPES])
        .args(["--client-roles", CLIENT_ROLES])
        .args(["--pool-addr", &format!("127.0.0.1:{port}")])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut input = command.stdin.take().expect("its input");
    input.write_all(token.as_bytes()).expect("written");
    drop(input);
    let output = command.wait_with_output().expect("its output");
    let text = String::from_utf8(output.stdout).expect("text");
    let reason = |action: Action| {
        let name = action.as_str();
        let line = text.lines().find(|line| line.split_whitespace().nth(1) == Some(name));
        line.and_then(|line| line.split_whitespace().last()).expect(&text).to_owned()
    };
    let decision = |action: Action| match reason(action).as_str() {
        "(deny.not-signed-in)" => Decision::Unauthorized,
        denied if denied.starts_with("(deny.") => Decision::Forbidden,
        _ => Decision::Allowed,
    };
    let row: Row = guarded().map(|action| (action, decision(action))).collect();
    let is_good = !row.iter().any(|(_, decision)| *decision == Decision::Unauthorized);
    assert_eq!(output.status.code(), Some(i32::from(!is_good)), "{text}");
    let verdict = if is_good { "ACCEPTED: " } else { "REFUSED: " };
    assert!(text.starts_with(verdict), "{text}");
    let failed = text.lines().find(|line| line.trim_start().starts_with("FAILED"));
    let code =
        failed.and_then(|line| line.rsplit_once('(')).map(|(_, code)| code.trim_end_matches(')'));
    (row, code.unwrap_or("-").to_owned())
}

/// Returns the code that `/auth/explain` gives for a refused token.
async fn code(world: &World, token: &str) -> String {
    let explained = world.bearer(Method::GET, "/auth/explain", token).await.json();
    explained["refused_token"].as_str().unwrap_or("-").to_owned()
}

fn lambda(world: &World) -> LambdaAuthorizer {
    let issuer = format!("{}/local_gazette", world.pool_origin);
    let environment = [
        ("COGNITO_ISSUER", issuer.as_str()),
        ("COGNITO_CLIENT_ID", CLIENTS),
        ("GAZETTE_REQUIRED_SCOPES", REQUIRED_SCOPES),
        ("GAZETTE_CLIENT_ROLES", CLIENT_ROLES),
    ];
    let value = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).into())
    };
    let settings = Settings::read(value).expect("good settings");
    LambdaAuthorizer::new(settings, Box::new(now)).expect("an authorizer")
}

pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
    i64::try_from(now.as_secs()).expect("in range")
}

/// Returns the actions that need a caller.
fn guarded() -> impl Iterator<Item = Action> {
    Action::ALL.into_iter().filter(|action| !action.is_public())
}

/// Returns a route of the site that requires an action.
fn route(action: Action) -> Option<(Method, &'static str)> {
    match action {
        Action::ReadAccount => Some((Method::GET, "/auth/me")),
        Action::SaveNews => Some((Method::GET, "/saved")),
        Action::OpenDesk => Some((Method::GET, "/desk")),
        Action::ManageLabels => Some((Method::GET, "/desk/labels")),
        Action::AddImages => Some((Method::GET, "/desk/images")),
        Action::DeleteNews => Some((Method::DELETE, "/news")),
        Action::ManageRedirects => Some((Method::GET, "/desk/redirects")),
        Action::RestoreNews => Some((Method::GET, "/desk/trash")),
        Action::ReadAudit => Some((Method::GET, "/desk/audit")),
        Action::ReadStatus => Some((Method::GET, "/desk/status")),
        Action::ManageAccess => Some((Method::GET, "/desk/people")),
        Action::ReadNews
        | Action::DraftNews
        | Action::WriteNews
        | Action::DeleteImages
        | Action::EraseNews => None,
    }
}

fn lambda_route(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::ReadNews => "GET/news",
        Action::ReadAccount => "GET/auth/me",
        Action::SaveNews => "GET/saved",
        Action::OpenDesk => "GET/desk",
        Action::DraftNews => "POST/news",
        Action::WriteNews => return None,
        Action::ManageLabels => "GET/desk/labels",
        Action::ManageRedirects => "GET/desk/redirects",
        Action::AddImages => "POST/images",
        Action::DeleteImages => "POST/desk/images/delete",
        Action::DeleteNews => "DELETE/news",
        Action::RestoreNews => "GET/desk/trash",
        Action::EraseNews => "POST/desk/trash/empty",
        Action::ReadAudit => "GET/desk/audit",
        Action::ReadStatus => "GET/desk/status",
        Action::ManageAccess => "GET/desk/people",
    })
}

fn decision_of(status: StatusCode) -> Decision {
    match status {
        StatusCode::OK | StatusCode::CREATED | StatusCode::ACCEPTED => Decision::Allowed,
        StatusCode::UNAUTHORIZED => Decision::Unauthorized,
        StatusCode::FORBIDDEN => Decision::Forbidden,
        other => panic!("{other}"),
    }
}

/// Checks that a transport decides each action that it knows as forward-auth does.
fn assert_same(transport: &str, row: &Row, verify: &Row) {
    assert!(!row.is_empty(), "{transport}");
    for (action, decision) in row {
        assert!(
            verify.contains(&(*action, *decision)),
            "{transport}: {action:?} is {decision:?}, not {verify:?}"
        );
    }
}

fn heading() -> String {
    let mut text = format!("{:<34}", "case");
    for action in guarded() {
        write!(text, "{:<14}", action.as_str()).expect("written");
    }
    text + "code                       transports\n"
}

fn write_row(table: &mut String, case: &str, transports: &str, row: &Row, code: &str) {
    write!(table, "{case:<34}").expect("written");
    for (_, decision) in row {
        let word = match decision {
            Decision::Allowed => "allow",
            Decision::Unauthorized => "401",
            Decision::Forbidden => "403",
        };
        write!(table, "{word:<14}").expect("written");
    }
    writeln!(table, "{code:<27}{transports}").expect("written");
}
