//! The site as a relying party of a pool that misbehaves on purpose: each fault that the pool
//! offers, through real HTTP. Faults that tests alone can make are in `relying_party`.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use reqwest::Client;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::World;

/// Faults of an id token, and the status of the callback of a sign-in with it.
const ID_TOKEN: [(&str, u16); 23] = [
    ("issuer", 400),
    // At a first sign-in any subject is new.
    ("sub", 303),
    ("sub-missing", 400),
    ("client", 400),
    ("client-missing", 400),
    ("iat-missing", 400),
    ("exp-missing", 400),
    ("expired", 400),
    ("future", 400),
    ("use", 400),
    ("groups", 400),
    ("act", 400),
    ("nonce", 400),
    ("nonce-missing", 400),
    ("at-hash", 400),
    // Optional in OpenID Connect.
    ("at-hash-missing", 303),
    ("azp", 400),
    ("kid-missing", 400),
    ("kid", 400),
    ("alg-none", 400),
    ("alg-hs256", 400),
    ("alg-es256", 400),
    ("signature", 400),
];

/// Faults of endpoints, and the status of the callback of a sign-in.
const ENDPOINTS: [(&str, u16); 12] = [
    ("callback-state", 400),
    ("callback-iss", 400),
    ("callback-repeated-code", 400),
    ("callback-error", 400),
    ("token-unavailable", 503),
    ("token-html", 502),
    ("token-redirect", 502),
    ("token-too-large", 502),
    ("token-invalid-grant", 400),
    ("token-without-id-token", 502),
    ("keys-rotated-before-signing", 303),
    ("user-info-sub", 303),
];

async fn world() -> World {
    let world = World::with(|settings| settings.set("GAZETTE_POOL_FAULTS", "switchable")).await;
    world.people().await;
    world
}

async fn switch(world: &World, names: &[&str]) {
    post(world, "faults", &json!({ "on": names })).await;
}

async fn post(world: &World, tool: &str, body: &Value) {
    let request = Client::new()
        .post(format!("{}/_pool/{tool}", world.pool_origin))
        .header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.expect("the pool answers");
    assert_eq!(answer.status(), StatusCode::OK, "{body}");
}

/// Signs in while a fault is on, and returns the status of the callback.
async fn sign_in(world: &World, fault: &str) -> u16 {
    switch(world, &[fault]).await;
    let mut browser = Browser::new(world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    let answer = browser.get(&callback).await;
    assert!(!answer.body.contains("<script>alert"), "{fault}: {}", answer.body);
    let is_signed_in = browser.get("/auth/me").await.status == StatusCode::OK;
    assert_eq!(is_signed_in, answer.status == StatusCode::SEE_OTHER, "{fault}");
    answer.status.as_u16()
}

#[tokio::test]
async fn pool_09_rp_id_tokens_with_faults_sign_nobody_in() {
    let world = world().await;
    for (fault, status) in ID_TOKEN {
        let fault = format!("id-token-{fault}");
        assert_eq!(sign_in(&world, &fault).await, status, "{fault}");
    }
}

#[tokio::test]
async fn pool_09_rp_endpoints_with_faults_sign_nobody_in() {
    let world = world().await;
    for (fault, status) in ENDPOINTS {
        assert_eq!(sign_in(&world, fault).await, status, "{fault}");
    }
    switch(&world, &[]).await;
    let mut browser = Browser::signed_in(&world, "ada").await;
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::OK, "and then all is well");
}

#[tokio::test]
async fn pool_09_access_tokens_with_faults_are_refused() {
    let world = world().await;
    let token = world.access_token("ada").await;
    assert_eq!(world.bearer(Method::GET, "/desk/trash", &token).await.status, StatusCode::OK);
    for (fault, _) in ID_TOKEN {
        let fault = format!("access-token-{fault}");
        if fault.contains("nonce") || fault.contains("at-hash") {
            continue;
        }
        switch(&world, &[&fault]).await;
        let token = world.access_token("ada").await;
        let answer = world.bearer(Method::GET, "/desk/trash", &token).await;
        // The subject of a bearer token is whom the pool says.
        let expected = if fault == "access-token-sub" { 200 } else { 401 };
        assert_eq!(answer.status.as_u16(), expected, "{fault}");
        if fault == "access-token-expired" {
            assert!(answer.body.contains("The incoming token has expired"), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn pool_09_oidc_04_a_renewal_with_a_fault_ends_the_session_or_changes_nothing() {
    for fault in ["id-token-issuer", "id-token-sub", "id-token-client", "id-token-azp"] {
        let world = world().await;
        let mut browser = Browser::signed_in(&world, "ada").await;
        assert_eq!(browser.get("/desk/trash").await.status, StatusCode::OK);
        switch(&world, &[fault]).await;
        world.pass(6 * 60);
        let refused = browser.get("/desk/trash").await.status;
        assert_ne!(refused, StatusCode::OK, "{fault}");
    }
}

#[tokio::test]
async fn pool_09_rp_unusable_keys_in_the_key_set_leave_the_others_usable() {
    let world = world().await;
    switch(&world, &["keys-unparseable"]).await;
    post(&world, "rotate-keys", &json!({})).await;
    let token = world.access_token("ada").await;
    assert_eq!(world.bearer(Method::GET, "/auth/me", &token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn pool_09_f_15_a_key_that_cannot_be_fetched_is_503_and_not_401() {
    let world = world().await;
    let old = world.access_token("ada").await;
    post(&world, "rotate-keys", &json!({})).await;
    switch(&world, &["keys-unavailable"]).await;
    let new = world.access_token("ada").await;
    let answer = world.bearer(Method::GET, "/auth/me", &new).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.bearer(Method::GET, "/auth/me", &old).await.status, StatusCode::OK);
}

#[tokio::test]
async fn pool_09_every_fault_of_the_pool_is_tried() {
    let world = world().await;
    let url = format!("{}/_pool/faults", world.pool_origin);
    let listed = Client::new().get(url).send().await.expect("the pool answers");
    let listed: Value = listed.json().await.expect("JSON");
    let listed = listed["faults"].as_array().expect("faults").iter();
    let listed: BTreeSet<String> =
        listed.map(|fault| fault["name"].as_str().expect("a name").to_owned()).collect();
    let tokens = ID_TOKEN
        .iter()
        .flat_map(|(fault, _)| ["id", "access"].map(|kind| format!("{kind}-token-{fault}")));
    // Discovery is read once, at the start: the tests of `gazette-authorizer` have its faults.
    let others = ["keys-unparseable", "keys-unavailable", "discovery-issuer"].map(str::to_owned);
    let endpoints = ENDPOINTS.iter().map(|(fault, _)| (*fault).to_owned());
    let tried: BTreeSet<String> = tokens.chain(others).chain(endpoints).collect();
    let missing: Vec<&String> = listed.difference(&tried).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
