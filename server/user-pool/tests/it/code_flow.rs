//! The authorization code grant from end to end, and every way to spoil it.

use axum::http::StatusCode;

use crate::world::{CALLBACK, CLI, NOW, OTHER, PASSWORD, VERIFIER, WEB, World, authorize};

#[tokio::test]
async fn a_browser_gets_a_code_and_the_application_gets_tokens() {
    let world = World::new().await;
    let mut browser = world.browser();
    let to_login = browser.get(&authorize(&[])).await;
    assert!(to_login.location().as_str().starts_with("http://localhost:4000/login?"));
    let answer = browser.sign_in(to_login.location().as_str(), "Admin", PASSWORD).await;
    assert!(answer.location().as_str().starts_with("http://localhost:3000/auth/callback?code="));
    assert_eq!(answer.sent("state").as_deref(), Some("st&te ü"));
    assert_eq!(answer.sent("iss").as_deref(), Some("http://localhost:4000/local_gazette"));
    let code = answer.sent("code").unwrap();
    assert_eq!(code.len(), 43, "256 bits");
    let answer = world.redeem(&code).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = answer.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &3600.into()));
    assert!(tokens["id_token"].is_string() && tokens["access_token"].is_string());
    assert!(tokens["refresh_token"].as_str().unwrap().len() >= 43);
}

#[tokio::test]
async fn pool_03_a_code_is_used_once_and_a_second_use_revokes_what_it_bought() {
    let world = World::new().await;
    let (_, code) = world.signed_in().await;
    let tokens = world.redeem(&code).await.json();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(world.refresh(WEB, refresh_token).await.status, StatusCode::OK);
    world.pass(3600);
    invalid_grant(&world.redeem(&code).await);
    invalid_grant(&world.refresh(WEB, refresh_token).await);
}

#[tokio::test]
async fn pool_03_a_code_lives_for_a_minute() {
    let world = World::new().await;
    let (_, code) = world.signed_in().await;
    world.pass(59);
    assert_eq!(world.redeem(&code).await.status, StatusCode::OK);
    let (_, code) = world.signed_in().await;
    world.pass(60);
    invalid_grant(&world.redeem(&code).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pool_03_of_64_that_redeem_a_code_at_once_one_succeeds() {
    let world = std::sync::Arc::new(World::new().await);
    let (_, code) = world.signed_in().await;
    let redeemers: Vec<_> = (0..64)
        .map(|_| {
            let (world, code) = (world.clone(), code.clone());
            tokio::spawn(async move { world.redeem(&code).await.status })
        })
        .collect();
    let mut succeeded = 0;
    for redeemer in redeemers {
        succeeded += usize::from(redeemer.await.unwrap() == StatusCode::OK);
    }
    assert_eq!(succeeded, 1);
}

#[tokio::test]
async fn pool_03_what_does_not_belong_to_a_code_burns_it() {
    let world = World::new().await;
    let wrong_verifier = "x".repeat(43);
    let too_long = VERIFIER.repeat(3);
    for wrong in [
        ("code_verifier", wrong_verifier.as_str()),
        ("code_verifier", too_long.as_str()),
        ("code_verifier", "short"),
        ("client_id", OTHER),
        ("redirect_uri", "http://localhost:3000/auth/callback/"),
    ] {
        let (_, code) = world.signed_in().await;
        invalid_grant(&world.redeem_with(&code, &[wrong]).await);
        invalid_grant(&world.redeem(&code).await);
    }
}

#[tokio::test]
async fn pool_04_pkce_with_s256_is_mandatory() {
    let world = World::new().await;
    for wrong in [
        vec![("code_challenge", ""), ("code_challenge_method", "")],
        vec![("code_challenge_method", "")],
        vec![("code_challenge_method", "plain")],
        vec![("code_challenge_method", "s256")],
        vec![("code_challenge", "tooshort")],
        vec![("code_challenge", VERIFIER.repeat(2).as_str())],
    ] {
        let answer = world.browser().get(&authorize(&wrong)).await;
        assert_eq!(answer.sent("error").as_deref(), Some("invalid_request"), "{wrong:?}");
        assert_eq!(answer.sent("state").as_deref(), Some("st&te ü"));
        let login = authorize(&wrong).replace("/oauth2/authorize", "/login");
        let answer = world.browser().get(&login).await;
        assert_eq!(answer.sent("error").as_deref(), Some("invalid_request"), "{wrong:?}");
    }
    let (_, code) = world.signed_in().await;
    let answer = world.redeem_with(&code, &[("code_verifier", "")]).await;
    assert_eq!(answer.json()["error"], "invalid_request");
}

#[tokio::test]
async fn pool_05_nobody_is_sent_to_an_address_that_is_not_registered() {
    let world = World::new().await;
    let repeated = format!("{}&redirect_uri={CALLBACK}", authorize(&[]));
    let repeated_client = format!("{}&client_id={WEB}", authorize(&[]));
    let mut addresses = vec![
        repeated,
        repeated_client,
        authorize(&[("client_id", "")]),
        authorize(&[("client_id", "nobody")]),
        authorize(&[("client_id", OTHER)]),
        authorize(&[("redirect_uri", "")]),
    ];
    for wrong in [
        "http://localhost:3000/auth/callback/",
        "http://localhost:3000/auth/callback?x=1",
        "http://localhost:3000/auth/../auth/callback",
        "http://localhost:3001/auth/callback",
        "http://LOCALHOST:3000/auth/callback",
        "http://localhost:3000@evil.example/auth/callback",
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
    ] {
        addresses.push(authorize(&[("redirect_uri", wrong)]));
    }
    for address in addresses {
        for path in ["/oauth2/authorize", "/login"] {
            let answer = world.browser().get(&address.replace("/oauth2/authorize", path)).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
            assert_eq!(answer.header("location"), "");
            assert!(answer.body.contains("An error was encountered with the requested page."));
        }
    }
}

#[tokio::test]
async fn faults_of_the_application_are_told_to_the_application() {
    let world = World::new().await;
    for (other, error) in [
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_type", "id_token")], "invalid_request"),
        (vec![("response_type", "token")], "unauthorized_client"),
        (vec![("client_id", CLI)], "unauthorized_client"),
        (vec![("scope", "openid news")], "invalid_scope"),
        (vec![("scope", "email")], "invalid_scope"),
        (vec![("prompt", "consent")], "invalid_request"),
        (vec![("prompt", "none")], "login_required"),
    ] {
        let answer = world.browser().get(&authorize(&other)).await;
        assert!(answer.location().as_str().starts_with(CALLBACK));
        assert_eq!(answer.sent("error").as_deref(), Some(error), "{other:?}");
        assert_eq!(answer.sent("iss").as_deref(), Some("http://localhost:4000/local_gazette"));
        assert_eq!(answer.sent("state").as_deref(), Some("st&te ü"));
        assert!(answer.sent("error_description").is_some());
    }
    let repeated = format!("{}&nonce=again", authorize(&[]));
    let answer = world.browser().get(&repeated).await;
    assert_eq!(answer.sent("error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn without_openid_there_is_no_id_token() {
    let world = World::new().await;
    let mut browser = world.browser();
    let scope = [("scope", "aws.cognito.signin.user.admin"), ("state", "")];
    let login = browser.get(&authorize(&scope)).await.location();
    let answer = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert_eq!(answer.sent("state"), None);
    let tokens = world.redeem(&answer.sent("code").unwrap()).await.json();
    assert!(tokens.get("id_token").is_none() && tokens["access_token"].is_string());
    assert_eq!(world.clock.clock()(), NOW);
}

fn invalid_grant(answer: &crate::browser::Answer) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert_eq!(answer.body, r#"{"error":"invalid_grant"}"#);
}
