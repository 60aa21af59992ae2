//! Renewal of sessions: in time, once, and without signing users out.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Browser;
use crate::gate::Fault;
use crate::world::{SITE, World, request};

/// Uses sessions until their first token has expired. The pool is unavailable, so that no
/// request renews them.
async fn pass_token_expiry(world: &World, browsers: &mut [&mut Browser<'_>]) {
    world.gate.set_unavailable(true);
    for _ in 0..3 {
        world.pass(62 * 20);
        for browser in browsers.iter_mut() {
            browser.get("/").await;
        }
    }
    world.gate.set_unavailable(false);
    world.pass(6);
}

async fn me(browser: &mut Browser<'_>) -> StatusCode {
    browser.get("/auth/me").await.status
}

#[tokio::test]
async fn oau_09_a_session_is_renewed_before_its_token_expires() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(25 * 60);
    assert_eq!((me(&mut ada).await, world.gate.refreshes()), (StatusCode::OK, 0));
    for round in 1..5 {
        world.pass(26 * 60);
        assert_eq!(me(&mut ada).await, StatusCode::OK);
        assert_eq!(world.gate.refreshes(), round, "ten minutes before expiry");
        let expires_at = ada.get("/auth/me").await.json()["expires_at"].clone();
        world.pass(25 * 60);
        assert_eq!(ada.get("/auth/me").await.json()["expires_at"], expires_at);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f_23_oau_09_a_thousand_requests_with_an_expired_token_refresh_once_and_all_succeed() {
    let world = Arc::new(World::peopled().await);
    let mut ada = Browser::signed_in(&world, "ada").await;
    pass_token_expiry(&world, &mut [&mut ada]).await;
    let before = world.gate.refreshes();
    let cookie = format!("gazette-3000={}", ada.cookies["gazette-3000"]);
    let requests: Vec<_> = (0..1_000)
        .map(|_| {
            let (world, cookie) = (Arc::clone(&world), cookie.clone());
            tokio::spawn(async move {
                let request = request(Method::GET, "/auth/me").header("cookie", cookie);
                world.send(request.body(axum::body::Body::empty()).expect("a request")).await
            })
        })
        .collect();
    for request in requests {
        let answer = request.await.expect("an answer");
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    assert_eq!(world.gate.refreshes() - before, 1);
    assert_eq!(me(&mut ada).await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn f_23_oau_09_two_processes_on_one_table_refresh_once() {
    let world = World::peopled().await;
    let beside = Arc::new(world.beside().await);
    let world = Arc::new(world);
    let mut ada = Browser::signed_in(&world, "ada").await;
    pass_token_expiry(&world, &mut [&mut ada]).await;
    let refreshes = || world.gate.refreshes() + beside.gate.refreshes();
    let before = refreshes();
    let cookie = format!("gazette-3000={}", ada.cookies["gazette-3000"]);
    let requests: Vec<_> = (0..200)
        .map(|number| {
            let world = Arc::clone(if number % 2 == 0 { &world } else { &beside });
            let request = request(Method::GET, "/auth/me").header("cookie", &cookie);
            let request = request.body(axum::body::Body::empty()).expect("a request");
            tokio::spawn(async move { world.send(request).await.status })
        })
        .collect();
    for request in requests {
        assert_eq!(request.await.expect("an answer"), StatusCode::OK);
    }
    assert_eq!(refreshes() - before, 1);
}

#[tokio::test]
async fn bff_04_oau_09_an_invalid_grant_ends_only_its_session() {
    let world = World::peopled().await;
    let mut first = Browser::signed_in(&world, "ada").await;
    let mut second = Browser::signed_in(&world, "ada").await;
    pass_token_expiry(&world, &mut [&mut first, &mut second]).await;
    world.gate.set_fault(Some(Fault::ErrorOnce("invalid_grant")));
    assert_eq!(me(&mut first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&mut second).await, StatusCode::OK);
    assert_eq!(me(&mut first).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn ses_06_a_user_disabled_in_the_pool_is_signed_out_when_the_token_expires() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pool.directory().set_enabled("ada", false).await.expect("disabled");
    world.pass(25 * 60);
    assert_eq!(me(&mut ada).await, StatusCode::OK, "the token is still valid");
    world.pass(29 * 60);
    assert_eq!(me(&mut ada).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn ses_06_a_user_disabled_in_the_pool_stops_reading_and_writing_in_the_newsroom() {
    let world = World::peopled().await;
    for path in ["/desk", "/desk/audit", "/desk/trash", "/desk/people", "/desk/delete"] {
        let mut ada = Browser::signed_in(&world, "ada").await;
        world.pass(4 * 60);
        world.pool.directory().set_enabled("ada", false).await.expect("disabled");
        assert_ne!(ada.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}: within minutes");
        world.pass(2 * 60);
        assert_eq!(ada.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        world.pool.directory().set_enabled("ada", true).await.expect("enabled");
    }
    let mut ed = Browser::signed_in(&world, "ed").await;
    world.pass(6 * 60);
    world.pool.directory().set_groups("ed", Vec::new()).await.expect("changed");
    let headers = [("origin", SITE), ("content-type", "application/json")];
    let draft = r#"{"headline":"A draft","body":"x","status":"draft"}"#;
    let answer = ed.send(Method::POST, "/news", &headers, draft).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
}

#[tokio::test]
async fn oau_09_a_refused_token_of_one_account_pauses_no_other_session() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    pass_token_expiry(&world, &mut [&mut ada, &mut rhea]).await;
    world.gate.set_fault(Some(Fault::Claim("cognito:groups", json!("not a list"))));
    assert_eq!(me(&mut rhea).await, StatusCode::OK, "the expired claims count for an hour");
    world.gate.set_fault(None);
    let answer = ada.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn oau_09_a_rotated_refresh_token_is_kept_if_its_id_token_is_refused() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    pass_token_expiry(&world, &mut [&mut ada]).await;
    world.gate.set_fault(Some(Fault::Claim("cognito:groups", json!("not a list"))));
    assert_eq!(me(&mut ada).await, StatusCode::OK, "the expired claims count for an hour");
    world.gate.set_fault(None);
    // The pool does not accept the earlier refresh token any more.
    world.pass(61);
    let answer = ada.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn oau_09_an_error_of_the_pools_servers_pauses_all_sessions() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    for fault in [Fault::Response(500, "oops"), Fault::Response(429, "")] {
        pass_token_expiry(&world, &mut [&mut ada, &mut rhea]).await;
        world.gate.set_fault(Some(fault.clone()));
        let before = world.gate.refreshes();
        for browser in [&mut ada, &mut rhea] {
            assert_eq!(me(browser).await, StatusCode::OK, "{fault:?}");
        }
        assert_eq!(world.gate.refreshes() - before, 1, "{fault:?}");
        world.gate.set_fault(None);
        world.pass(6);
        for browser in [&mut ada, &mut rhea] {
            assert_eq!(me(browser).await, StatusCode::OK, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn oau_09_other_errors_of_the_pool_sign_no_user_out() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    pass_token_expiry(&world, &mut [&mut ada]).await;
    for fault in [
        Fault::Response(500, "oops"),
        Fault::Response(503, r#"{"error":"server_error"}"#),
        Fault::Response(400, r#"{"error":"invalid_client"}"#),
        Fault::Response(400, r#"{"error":"unauthorized_client"}"#),
        Fault::Response(200, "<html>"),
        Fault::Response(429, ""),
        Fault::Huge,
        Fault::NoIdToken,
        Fault::BadSignature,
        Fault::Unsigned,
    ] {
        world.gate.set_fault(Some(fault.clone()));
        assert_eq!(me(&mut ada).await, StatusCode::OK, "{fault:?}");
        let answer = ada.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{fault:?}");
        world.pass(6);
    }
    world.gate.set_fault(None);
    assert_eq!(me(&mut ada).await, StatusCode::OK);
    let answer = ada.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn oidc_04_fresh_tokens_of_another_user_issuer_or_client_end_the_session() {
    for fault in [
        Fault::Claim("sub", json!("00000000-0000-4000-8000-000000000000")),
        Fault::Claim("iss", json!("https://evil.example/pool")),
        Fault::Claim("aud", json!("gazettecli")),
        Fault::Claim("azp", json!("gazettecli")),
    ] {
        let world = World::peopled().await;
        let mut ada = Browser::signed_in(&world, "ada").await;
        pass_token_expiry(&world, &mut [&mut ada]).await;
        world.gate.set_fault(Some(fault.clone()));
        assert_eq!(me(&mut ada).await, StatusCode::UNAUTHORIZED, "{fault:?}");
        world.gate.set_fault(None);
        assert_eq!(me(&mut ada).await, StatusCode::UNAUTHORIZED, "{fault:?}");
    }
}

#[tokio::test]
async fn a_signed_in_request_reads_at_most_one_session_record_and_usually_none() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(2);
    world.table.session_reads();
    ada.get("/desk").await;
    assert_eq!(world.table.session_reads(), 1);
    for path in ["/", "/news", "/desk", "/news/story-0", "/auth/me"] {
        ada.get(path).await;
    }
    // The cached session may expire during these requests.
    assert!(world.table.session_reads() <= 1);
    world.pass(61);
    ada.get("/desk").await;
    assert_eq!(world.table.session_reads(), 1, "also when it updates the time of the last use");
    world.get("/").await;
    assert_eq!(world.table.session_reads(), 0, "a request without a cookie reads no session");
}

#[tokio::test]
async fn ses_03_a_sign_out_takes_effect_in_other_processes_within_two_seconds() {
    let world = World::peopled().await;
    let beside = world.beside().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut elsewhere = Browser::new(&beside);
    elsewhere.cookies.clone_from(&ada.cookies);
    let mut thief = Browser::new(&world);
    thief.cookies.clone_from(&ada.cookies);
    assert_eq!((me(&mut elsewhere).await, me(&mut thief).await), (StatusCode::OK, StatusCode::OK));
    ada.post("/auth/logout", "").await;
    assert_eq!(me(&mut thief).await, StatusCode::UNAUTHORIZED, "in this process at once");
    world.pass(2);
    assert_eq!(me(&mut elsewhere).await, StatusCode::UNAUTHORIZED);
}
