//! What callers see when the table fails, and when they send nonsense.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use gazette_table::{FaultyTable, Table};
use proptest::prelude::*;

use crate::world::{CLI, PASSWORD, WEB, World, authorize};

const INSIDE: &str = "disk /dev/sda1 is on fire";

#[tokio::test]
async fn a_broken_table_is_our_fault_and_nobody_elses_business() {
    let mut faulty = None;
    let world = World::on(|table| {
        let table = Arc::new(FaultyTable::new(Arc::new(table)));
        faulty = Some(Arc::clone(&table));
        table as Arc<dyn Table>
    })
    .await;
    let table = faulty.expect("a table");
    let (mut browser, code) = world.signed_in().await;
    let login = browser.get(&authorize(&[("prompt", "login")])).await.location();
    table.fail(INSIDE, |_| true);

    for answer in [
        browser.get(&authorize(&[])).await,
        browser.sign_in(login.as_str(), "admin", PASSWORD).await,
    ] {
        assert_eq!(answer.sent("error").as_deref(), Some("server_error"));
        assert!(!answer.location().as_str().contains("fire"));
    }
    let answer = world.redeem(&code).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.body, r#"{"error":"server_error"}"#);
    let answer = crate::json_api::by_password(&world, CLI, "admin", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.json()["__type"], "InternalErrorException");
    let logout = format!("/logout?client_id={WEB}&logout_uri=http://localhost:3000/");
    let answer = browser.get(&logout).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.body.contains("fire"));

    table.repair();
    assert_eq!(world.redeem(&code).await.status, StatusCode::OK);
}

/// A query or form made of names that mean something and values that do not.
fn nonsense() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "prompt",
        "_csrf",
        "username",
        "password",
        "grant_type",
        "code",
        "code_verifier",
        "refresh_token",
        "client_secret",
        "logout_uri",
        "code_challenge",
        "code_challenge_method",
        "x",
    ]);
    let value = prop_oneof![
        "[ -~]{0,40}".prop_map(|text| text.replace(['#', ' '], "%00")),
        prop::sample::select(vec![
            WEB,
            "code",
            "S256",
            "authorization_code",
            "refresh_token",
            "%ff%fe",
            "%",
            "%E9",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec((name, value), 0..8).prop_map(|pairs| {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&").replace(['"', '<', '>', '\\', '^', '`', '{', '|', '}'], "%22")
    })
}

#[test]
fn pool_10_no_nonsense_is_answered_with_a_fault() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() };
    proptest!(config, |(query in nonsense(), body in nonsense(), noise in ".{0,40}")| {
        let statuses = runtime.block_on(async {
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let api = [
                ("content-type", "application/x-amz-json-1.1"),
                ("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth"),
            ];
            let mut browser = world.browser();
            let cookie = noise.chars().filter(char::is_ascii_graphic).collect();
            browser.cookies.insert("cognito".to_owned(), cookie);
            let mut statuses = Vec::new();
            for path in ["/oauth2/authorize", "/login", "/logout"] {
                statuses.push(browser.get(&format!("{path}?{query}")).await.status);
            }
            for (path, headers, body) in [
                (format!("/login?{query}"), &form[..], &body),
                ("/oauth2/token".to_owned(), &form[..], &body),
                ("/".to_owned(), &api[..], &noise),
            ] {
                let answer = browser.send(Method::POST, &path, headers, body.clone()).await;
                statuses.push(answer.status);
            }
            statuses
        });
        prop_assert!(statuses.iter().all(|status| !status.is_server_error()), "{:?}", statuses);
    });
}
