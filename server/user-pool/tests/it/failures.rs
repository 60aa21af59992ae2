//! Responses to failures of the table and to malformed requests.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use gazette_table::{FaultyTable, Table};
use proptest::prelude::*;

use crate::test_pool::{CLI, PASSWORD, TestPool, WEB, authorize};

const SECRET_DETAIL: &str = "disk /dev/sda1 is on fire";

#[tokio::test]
async fn table_failures_are_server_errors_without_details() {
    let mut faulty = None;
    let pool = TestPool::with_table(|table| {
        let table = Arc::new(FaultyTable::new(Arc::new(table)));
        faulty = Some(Arc::clone(&table));
        table as Arc<dyn Table>
    })
    .await;
    let table = faulty.expect("a table");
    let (mut browser, code) = pool.sign_in_admin().await;
    let login = browser.get(&authorize(&[("prompt", "login")])).await.location();
    table.fail(SECRET_DETAIL, |_| true);

    for response in [
        browser.get(&authorize(&[])).await,
        browser.sign_in(login.as_str(), "admin", PASSWORD).await,
    ] {
        assert_eq!(response.redirect_parameter("error").as_deref(), Some("server_error"));
        assert!(!response.location().as_str().contains("fire"));
    }
    let response = pool.redeem(&code).await;
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.body, r#"{"error":"server_error"}"#);
    let response = crate::json_api::by_password(&pool, CLI, "admin", PASSWORD).await;
    assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.json()["__type"], "InternalErrorException");
    let logout = format!("/logout?client_id={WEB}&logout_uri=http://localhost:3000/");
    let response = browser.get(&logout).await;
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!response.body.contains("fire"));

    table.repair();
    assert_eq!(pool.redeem(&code).await.status, StatusCode::OK);
}

/// Generates queries and forms with known names and arbitrary values.
fn malformed() -> impl Strategy<Value = String> {
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
fn pool_10_malformed_requests_are_never_server_errors() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pool = runtime.block_on(TestPool::new());
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() };
    proptest!(config, |(query in malformed(), body in malformed(), noise in ".{0,40}")| {
        let statuses = runtime.block_on(async {
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let api = [
                ("content-type", "application/x-amz-json-1.1"),
                ("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth"),
            ];
            let mut browser = pool.browser();
            let cookie = noise.chars().filter(char::is_ascii_graphic).collect();
            browser.cookies.insert("cognito-4000".to_owned(), cookie);
            let mut statuses = Vec::new();
            for path in ["/oauth2/authorize", "/login", "/logout"] {
                statuses.push(browser.get(&format!("{path}?{query}")).await.status);
            }
            for (path, headers, body) in [
                (format!("/login?{query}"), &form[..], &body),
                ("/oauth2/token".to_owned(), &form[..], &body),
                ("/".to_owned(), &api[..], &noise),
            ] {
                let response = browser.send(Method::POST, &path, headers, body.clone()).await;
                statuses.push(response.status);
            }
            statuses
        });
        prop_assert!(statuses.iter().all(|status| !status.is_server_error()), "{:?}", statuses);
    });
}
