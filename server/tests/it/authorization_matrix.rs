//! The authorization matrix: every route of the route table, called as each kind of caller.
//!
//! `authorization_matrix.txt` is the contract. A route without a row there fails the test.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use axum::body::Body;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use gazette_domain::{Area, Endpoint, ROUTES, Route};

use crate::browser::Browser;
use crate::route_matrix::address;
use crate::token_signer::{TokenSigner, cases};
use crate::world::{SITE, TestResponse, World, request};

/// Callers, in the order of the columns.
const CALLERS: [&str; 9] = [
    "anonymous",
    "reader",
    "writer",
    "editor",
    "admin",
    "expired",
    "other-client",
    "demoted",
    "disabled",
];
/// Seconds after which the groups of a session must be confirmed for every action.
const GROUPS_AGE: i64 = 301;

type Rows = BTreeMap<(&'static str, &'static str), Vec<&'static str>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn az_01_every_route_decides_for_every_kind_of_caller() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut rows = Rows::new();
    let signer = TokenSigner::of(&world);
    let known = cases(&signer);
    let case = |name: &str| known.iter().find(|(case, _)| *case == name).expect(name).1.clone();
    let mut tokens = vec![None];
    for name in ["rhea", "wim", "ed", "ada"] {
        tokens.push(Some(world.access_token(name).await));
    }
    tokens.extend([Some(case("expired")), Some(case("other client"))]);
    for token in &tokens {
        for (route, method) in requests() {
            let answer = by_token(&world, route, method, token.as_deref()).await;
            rows.entry((route.path, method)).or_default().push(word(answer.status));
        }
    }
    as_demoted(&world, &mut rows).await;
    as_disabled(&world, &mut rows).await;
    let text = table(&rows);
    let actual = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authorization_matrix.txt");
    std::fs::write(&actual, &text).expect("written");
    let expected = include_str!("authorization_matrix.txt");
    assert!(text == expected, "the matrix differs from {}", actual.display());
}

/// Returns the routes with each of their methods but HEAD, which has the layers of GET.
fn requests() -> impl Iterator<Item = (&'static Route, &'static str)> {
    let names = |route: &'static Route| route.method.names().iter().filter(|name| **name != "HEAD");
    ROUTES.iter().flat_map(move |route| names(route).map(move |name| (route, *name)))
}

async fn by_token(world: &World, route: &Route, method: &str, token: Option<&str>) -> TestResponse {
    let mut request = request(method.parse().expect("a method"), &address(route.path))
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, content_type(route));
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    world.send(request.body(Body::empty()).expect("a request")).await
}

/// An admin who was removed from the group after signing in.
async fn as_demoted(world: &World, rows: &mut Rows) {
    let directory = world.pool.directory();
    let mut ada = Browser::new(world);
    for (route, method) in requests() {
        // Some routes end the session.
        if ada.get("/auth/me").await.status != StatusCode::OK {
            directory.set_groups("ada", vec!["admin".to_owned()]).await.expect("an admin");
            ada = Browser::signed_in(world, "ada").await;
            directory.set_groups("ada", Vec::new()).await.expect("demoted");
            world.pass(GROUPS_AGE);
        }
        let answer = by_session(&mut ada, route, method).await;
        rows.entry((route.path, method)).or_default().push(word(answer.status));
    }
}

/// An admin who was disabled in the pool after signing in.
async fn as_disabled(world: &World, rows: &mut Rows) {
    let directory = world.pool.directory();
    directory.set_groups("ada", vec!["admin".to_owned()]).await.expect("an admin");
    let mut ada = Browser::signed_in(world, "ada").await;
    directory.set_enabled("ada", false).await.expect("disabled");
    world.pass(GROUPS_AGE);
    let cookies = ada.cookies.clone();
    for (route, method) in requests() {
        ada.cookies.clone_from(&cookies);
        let answer = by_session(&mut ada, route, method).await;
        rows.entry((route.path, method)).or_default().push(word(answer.status));
    }
}

async fn by_session(browser: &mut Browser<'_>, route: &Route, method: &str) -> TestResponse {
    let method: Method = method.parse().expect("a method");
    let headers =
        [("origin", SITE), ("accept", "application/json"), ("content-type", content_type(route))];
    browser.send(method, &address(route.path), &headers, "").await
}

fn content_type(route: &Route) -> &'static str {
    let takes_json = route.area == Area::Newsroom
        && route.endpoint.path().starts_with(Endpoint::ListNews.path());
    if takes_json { "application/json" } else { "application/x-www-form-urlencoded" }
}

/// Says whether the caller passed the policy: what the handler then makes of an empty request is
/// another matter.
fn word(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "401",
        StatusCode::FORBIDDEN => "403",
        status if status.is_server_error() => panic!("{status}"),
        _ => "pass",
    }
}

fn table(rows: &Rows) -> String {
    let mut text = format!("{:<44}", "route");
    for caller in CALLERS {
        write!(text, "{caller:<13}").expect("written");
    }
    text = text.trim_end().to_owned() + "\n";
    for (route, method) in requests() {
        let words = &rows[&(route.path, method)];
        assert_eq!(words.len(), CALLERS.len(), "{method} {}", route.path);
        let mut line = format!("{:<44}", format!("{method} {}", route.path));
        for word in words {
            write!(line, "{word:<13}").expect("written");
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}
