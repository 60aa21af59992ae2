//! Responses that a relying party must refuse: cases of OpenID's conformance tests, made by a pool
//! with faults.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::gate::Fault;
use crate::world::World;

/// Signs in at a pool with a fault and returns the status of the callback. Checks that only a 303
/// signs the user in.
async fn sign_in_at(fault: Fault) -> StatusCode {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    world.gate.set_fault(Some(fault));
    let answer = browser.get(&callback).await;
    let me = browser.get("/auth/me").await.status;
    let signed_in = answer.status == StatusCode::SEE_OTHER;
    assert_eq!(me, if signed_in { StatusCode::OK } else { StatusCode::UNAUTHORIZED });
    assert_eq!(browser.cookies.contains_key("gazette-3000"), signed_in);
    assert!(signed_in || answer.body.contains("ign"), "{}", answer.body);
    assert_eq!(world.gate.followed_redirects(), 0, "redirects are not followed");
    world.gate.set_fault(None);
    assert_eq!(
        browser.get(&callback).await.status,
        StatusCode::BAD_REQUEST,
        "the login is used up"
    );
    answer.status
}

macro_rules! refused {
    ($($name:ident: $fault:expr => $status:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            assert_eq!(sign_in_at($fault).await, StatusCode::$status);
        }
    )*};
}

refused! {
    rp_id_token_issuer_mismatch: Fault::Claim("iss", json!("https://evil.example/pool")) => BAD_REQUEST;
    rp_id_token_sub: Fault::NoClaim("sub") => BAD_REQUEST;
    rp_id_token_aud: Fault::Claim("aud", json!("another-client")) => BAD_REQUEST;
    rp_id_token_aud_missing: Fault::NoClaim("aud") => BAD_REQUEST;
    rp_id_token_iat: Fault::NoClaim("iat") => BAD_REQUEST;
    rp_id_token_exp: Fault::NoClaim("exp") => BAD_REQUEST;
    rp_id_token_with_the_wrong_token_use: Fault::Claim("token_use", json!("access")) => BAD_REQUEST;
    rp_id_token_kid_absent: Fault::Header(json!({ "alg": "RS256" })) => BAD_REQUEST;
    rp_id_token_sig_none: Fault::Unsigned => BAD_REQUEST;
    rp_id_token_bad_sig_rs256: Fault::BadSignature => BAD_REQUEST;
    rp_id_token_alg_hs256: Fault::Header(json!({ "alg": "HS256", "kid": "x" })) => BAD_REQUEST;
    rp_id_token_alg_es256: Fault::Header(json!({ "alg": "ES256", "kid": "x" })) => BAD_REQUEST;
    rp_id_token_unpublished_key: Fault::UnknownKey => BAD_REQUEST;
    oidc_01_rp_nonce_invalid: Fault::Claim("nonce", json!("another")) => BAD_REQUEST;
    oidc_01_rp_nonce_missing: Fault::NoClaim("nonce") => BAD_REQUEST;
    oidc_02_azp_of_another_client: Fault::Claim("azp", json!("another-client")) => BAD_REQUEST;
    oidc_03_auth_time_in_the_future: Fault::Claim("auth_time", json!(4_102_444_800_i64)) => BAD_REQUEST;
    oidc_03_auth_time_that_is_not_a_number: Fault::Claim("auth_time", json!("now")) => BAD_REQUEST;
    oidc_03_auth_time_long_ago_is_accepted: Fault::Claim("auth_time", json!(1_000_000_000)) => SEE_OTHER;
    rp_at_hash_invalid: Fault::Claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")) => BAD_REQUEST;
    rp_at_hash_missing_is_accepted: Fault::NoClaim("at_hash") => SEE_OTHER;
    rp_key_rotation_just_before_signing_is_accepted: Fault::RotatedJustBefore => SEE_OTHER;
    rp_groups_that_are_not_a_list: Fault::Claim("cognito:groups", Value::from("admin")) => BAD_REQUEST;
    f_21_token_endpoint_without_an_id_token: Fault::NoIdToken => BAD_GATEWAY;
    f_21_token_endpoint_answers_html: Fault::Response(200, "<html>") => BAD_GATEWAY;
    oau_08_token_endpoint_redirects_with_301: Fault::Redirect(301) => BAD_GATEWAY;
    oau_08_token_endpoint_redirects_with_302: Fault::Redirect(302) => BAD_GATEWAY;
    oau_08_token_endpoint_redirects_with_303: Fault::Redirect(303) => BAD_GATEWAY;
    oau_08_token_endpoint_redirects_with_307: Fault::Redirect(307) => BAD_GATEWAY;
    oau_08_token_endpoint_redirects_with_308: Fault::Redirect(308) => BAD_GATEWAY;
    f_21_token_endpoint_fails: Fault::Response(500, "oops") => SERVICE_UNAVAILABLE;
    f_21_token_endpoint_is_too_busy: Fault::Response(429, r#"{"error":"slow_down"}"#) => SERVICE_UNAVAILABLE;
    f_21_token_endpoint_is_down: Fault::Response(503, r#"{"error":"server_error"}"#) => SERVICE_UNAVAILABLE;
    f_21_token_endpoint_says_the_code_was_used: Fault::ErrorOnce("invalid_grant") => BAD_REQUEST;
    f_21_token_endpoint_refuses_the_client: Fault::ErrorOnce("invalid_client") => BAD_GATEWAY;
    f_21_oau_08_token_endpoint_response_is_too_large: Fault::Huge => BAD_GATEWAY;
    f_21_oau_08_token_endpoint_never_responds: Fault::Slow => SERVICE_UNAVAILABLE;
}

#[tokio::test]
async fn f_21_a_callback_while_the_pool_is_unavailable_offers_to_try_again() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/desk").await;
    world.gate.set_unavailable(true);
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("responding") && answer.headers.contains_key("retry-after"));
    world.gate.set_unavailable(false);
    let again = browser.sign_in_at_pool("ada", "/desk").await;
    assert_eq!(browser.get(&again).await.header("location"), "/desk");
}

#[tokio::test]
async fn a_wrong_client_secret_is_the_operators_to_correct() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    world.gate.set_fault(Some(Fault::ErrorOnce("invalid_client")));
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.body.contains("misconfigured"), "{}", answer.body);
    assert!(!answer.body.to_lowercase().contains("try again"), "{}", answer.body);
}

#[tokio::test]
async fn the_refresh_token_of_a_refused_id_token_is_revoked() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    world.gate.set_fault(Some(Fault::Claim("nonce", json!("another"))));
    assert_eq!(browser.get(&callback).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.gate.revocations(), 1);
}

#[tokio::test]
async fn forward_auth_sends_only_verified_email_addresses_with_one_at_sign() {
    for (claim, value, expected) in [
        ("email", json!("ada@example.com"), "ada@example.com"),
        ("email", json!("ada@example.com@evil.example"), ""),
        ("email", json!("ada"), ""),
        ("email_verified", json!(false), ""),
        ("email_verified", json!("true"), ""),
        ("email_verified", json!(null), ""),
    ] {
        let world = World::peopled().await;
        let mut browser = Browser::new(&world);
        let callback = browser.sign_in_at_pool("ada", "/").await;
        world.gate.set_fault(Some(Fault::Claim(claim, value.clone())));
        assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER, "{claim} {value}");
        let answer = browser.get("/auth/verify").await;
        assert_eq!(answer.header("x-auth-request-email"), expected, "{claim} {value}");
    }
}
