//! Access tokens for an API that the application names (RFC 8707).

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sign_up::administer;
use crate::test_pool::{CALLBACK, PASSWORD, TestPool, WEB, authorize};
use crate::token_shapes::claims;

const API: &str = "https://api.example/news";

#[tokio::test]
async fn the_access_tokens_of_a_grant_are_for_its_resource() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let login = browser.get(&authorize(&[("resource", API)])).await.location();
    let signed_in = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    let code = signed_in.redirect_parameter("code").unwrap();
    let tokens = pool.redeem(&code).await.json();
    let refreshed = pool.refresh(WEB, tokens["refresh_token"].as_str().unwrap()).await.json();
    for tokens in [&tokens, &refreshed] {
        assert_eq!(claims(&tokens["access_token"])["aud"], API);
        assert_eq!(claims(&tokens["id_token"])["aud"], WEB);
    }
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let method = axum::http::Method::GET;
    let info = browser.send(method, "/oauth2/userInfo", &headers, String::new()).await;
    assert_eq!(info.status, StatusCode::OK, "{info:?}");
    // The same browser, without a resource.
    let code = browser.get(&authorize(&[])).await.redirect_parameter("code").unwrap();
    let tokens = pool.redeem(&code).await.json();
    assert!(claims(&tokens["access_token"]).get("aud").is_none());
}

#[tokio::test]
async fn the_implicit_grant_has_a_resource_too() {
    let pool = TestPool::new().await;
    let client = json!({
        "ClientName": "Shop", "CallbackURLs": [CALLBACK], "AllowedOAuthFlows": ["implicit"],
        "AllowedOAuthScopes": ["openid"], "AllowedOAuthFlowsUserPoolClient": true,
    });
    let client = administer(&pool, "CreateUserPoolClient", client).await.json();
    let id = client["UserPoolClient"]["ClientId"].as_str().unwrap();
    let changes = [
        ("client_id", id),
        ("response_type", "token"),
        ("scope", "openid"),
        ("resource", "http://localhost:8080/"),
    ];
    let mut browser = pool.browser();
    let login = browser.get(&authorize(&changes)).await.location();
    let signed_in = browser.sign_in(login.as_str(), "admin", PASSWORD).await.location();
    let fragment = signed_in.fragment().unwrap().as_bytes();
    let token = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(fragment);
        Value::from(pairs.find(|(name, _)| name == wanted).unwrap().1.into_owned())
    };
    assert_eq!(claims(&token("access_token"))["aud"], "http://localhost:8080/");
    assert_eq!(claims(&token("id_token"))["aud"], id);
}

#[tokio::test]
async fn a_resource_is_a_url_without_a_fragment() {
    let pool = TestPool::new().await;
    let longest = format!("https://api.example/{}", "x".repeat(2_028));
    for valid in [API, "http://localhost", "http://localhost:1/a?b=c", "myapp://api", &longest] {
        let answer = pool.browser().get(&authorize(&[("resource", valid)])).await;
        assert_eq!(answer.location().path(), "/login", "{valid}");
    }
    let too_long = format!("{longest}x");
    for invalid in [
        "http://api.example/",
        "http://127.0.0.1/",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "https://api.example/#x",
        "https:api.example",
        "api.example",
        "/news",
        "https://api.example/a b",
        " https://api.example/",
        "https://",
        too_long.as_str(),
    ] {
        let answer = pool.browser().get(&authorize(&[("resource", invalid)])).await;
        let error = answer.redirect_parameter("error");
        assert_eq!(error.as_deref(), Some("invalid_request"), "{invalid}");
    }
}
