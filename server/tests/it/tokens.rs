//! Bearer tokens: accepted forms, and one answer for all refusals.

use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Browser;
use crate::world::{World, request};

#[tokio::test]
async fn atk_29_every_invalid_token_gets_the_same_answer() {
    let world = World::peopled().await;
    let tokens = world.tokens("ada").await;
    let access = tokens["AccessToken"].as_str().expect("a token");
    let (signed, signature) = access.rsplit_once('.').expect("three parts");
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    let long = "a".repeat(9_000);
    for token in [
        "garbled",
        "",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
        &forged,
        &long,
        tokens["IdToken"].as_str().expect("a token"),
        tokens["RefreshToken"].as_str().expect("a token"),
    ] {
        for path in ["/news", "/news/x"] {
            let answer = world.bearer(Method::DELETE, path, token).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
            assert_eq!(answer.body, r#"{"message":"Unauthorized"}"#);
            assert_eq!(answer.header("www-authenticate"), r#"Bearer error="invalid_token""#);
        }
        assert_eq!(
            world.bearer(Method::GET, "/auth/me", token).await.status,
            StatusCode::UNAUTHORIZED
        );
        // Public reading does not depend on the token.
        assert_eq!(world.bearer(Method::GET, "/news", token).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_token_is_accepted_bare_or_with_its_scheme_in_any_case() {
    let world = World::peopled().await;
    let token = world.access_token("rhea").await;
    for value in [token.clone(), format!("Bearer {token}"), format!("bEARER {token}")] {
        let request = request(Method::GET, "/auth/me").header(AUTHORIZATION, value);
        let answer = world.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let me = answer.json();
        assert_eq!(me["username"], "rhea");
        assert_eq!(me["groups"], json!([]));
        assert_eq!(me["roles"], json!([]));
        assert_eq!(me["token_use"], "access");
    }
    for value in
        [format!("Bearer  {token}"), format!("Basic {token}"), format!("Bearer Bearer {token}")]
    {
        let request = request(Method::GET, "/auth/me").header(AUTHORIZATION, value);
        let answer = world.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let twice = request(Method::GET, "/auth/me")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(AUTHORIZATION, format!("Bearer {token}"));
    let answer = world.send(twice.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_expired_token_gets_its_own_message() {
    let world = World::peopled().await;
    let token = world.access_token("ada").await;
    world.pass(3_600 + 31);
    let answer = world.bearer(Method::DELETE, "/news", &token).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.body, r#"{"message":"The incoming token has expired"}"#);
}

#[tokio::test]
async fn bff_06_a_valid_session_does_not_replace_an_invalid_token() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let headers = [("origin", crate::world::SITE), ("authorization", "Bearer garbled")];
    let answer = ada.send(Method::DELETE, "/news", &headers, "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let answer = ada.send(Method::GET, "/auth/me", &headers, "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_kinds_of_token_accepted_are_configured() {
    let world = World::with(|settings| settings.set("GAZETTE_TOKEN_USE", "id")).await;
    world.people().await;
    let tokens = world.tokens("ada").await;
    let me = |token: &str| {
        let (world, token) = (&world, token.to_owned());
        async move { world.bearer(Method::GET, "/auth/me", &token).await.status }
    };
    assert_eq!(me(tokens["IdToken"].as_str().expect("a token")).await, StatusCode::OK);
    let access = tokens["AccessToken"].as_str().expect("a token");
    assert_eq!(me(access).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_decision_is_explained() {
    let world = World::peopled().await;
    let token = world.access_token("ed").await;
    let explained = world.bearer(Method::GET, "/auth/explain", &token).await.json();
    let reasons: Vec<&str> = explained["actions"]
        .as_array()
        .expect("actions")
        .iter()
        .map(|action| action["reason"].as_str().expect("a reason"))
        .collect();
    assert_eq!(
        reasons,
        [
            "allow.public",
            "allow.signed-in",
            "allow.signed-in",
            "allow.role.writer",
            "allow.role.writer",
            "allow.role.editor",
            "allow.role.editor",
            "allow.role.editor",
            "allow.role.writer",
            "allow.role.editor",
            "deny.role-missing.admin",
            "deny.role-missing.admin",
            "deny.role-missing.admin",
            "deny.role-missing.admin",
            "deny.role-missing.admin",
            "deny.role-missing.admin",
        ]
    );
    let explained = world.bearer(Method::GET, "/auth/explain", "garbled").await.json();
    assert_eq!(explained["refused_token"], "deny.token.form");
}

#[tokio::test]
async fn forward_auth_answers_a_proxy_with_the_decision_and_the_identity() {
    let world = World::peopled().await;
    let (ada, rhea) = (world.access_token("ada").await, world.access_token("rhea").await);
    let delete = "/auth/verify?action=news:delete";
    let allowed = world.bearer(Method::GET, delete, &ada).await;
    assert_eq!((allowed.status, allowed.body.as_str()), (StatusCode::ACCEPTED, ""));
    assert_eq!(allowed.header("x-auth-request-user"), "ada");
    assert_eq!(allowed.header("x-auth-request-groups"), "admin");
    // Present although empty, so that it replaces a header that the client may have sent.
    assert!(allowed.headers["x-auth-request-email"].is_empty());
    let refused = world.bearer(Method::GET, delete, &rhea).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.headers.contains_key("x-auth-request-user"));
    assert_eq!(world.get(delete).await.status, StatusCode::UNAUTHORIZED);
    let anonymous = world.get("/auth/verify?action=news:read").await;
    assert_eq!(anonymous.status, StatusCode::ACCEPTED);
    for name in ["x-auth-request-user", "x-auth-request-email", "x-auth-request-groups"] {
        assert!(anonymous.headers[name].is_empty());
    }
    let signed_in = world.bearer(Method::GET, "/auth/verify", &rhea).await;
    assert_eq!(signed_in.status, StatusCode::ACCEPTED);
    let empty = world.bearer(Method::GET, "/auth/verify?action=", &ada).await;
    assert_eq!(
        empty.status,
        StatusCode::BAD_REQUEST,
        "an empty variable of a proxy allows nothing"
    );
    let unknown = world.bearer(Method::GET, "/auth/verify?action=fly", &ada).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    for twice in ["action=news:delete&action=news:read", "action=news:read&%61ction=news:delete"] {
        let answer = world.bearer(Method::GET, &format!("/auth/verify?{twice}"), &ada).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{twice}");
    }
    let with_rest = format!("{delete}&of=/a?action=news:read");
    let answer = world.bearer(Method::GET, &with_rest, &rhea).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
