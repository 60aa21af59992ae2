//! The authorization code grant: the whole flow, and its attacks.

use axum::http::StatusCode;

use crate::test_pool::{
    CALLBACK, CHALLENGE, CLI, CONFIDENTIAL, NOW, OTHER, PASSWORD, SECRET, TestPool, VERIFIER, WEB,
    authorize,
};

#[tokio::test]
async fn the_browser_receives_a_code_and_the_application_redeems_it_for_tokens() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let to_login = browser.get(&authorize(&[])).await;
    assert!(to_login.location().as_str().starts_with("http://localhost:4000/login?"));
    let response = browser.sign_in(to_login.location().as_str(), "Admin", PASSWORD).await;
    assert!(response.location().as_str().starts_with("http://localhost:3000/auth/callback?code="));
    assert_eq!(response.redirect_parameter("state").as_deref(), Some("st&te ü"));
    assert_eq!(
        response.redirect_parameter("iss").as_deref(),
        Some("http://localhost:4000/local_gazette")
    );
    let code = response.redirect_parameter("code").unwrap();
    assert_eq!(code.len(), 43, "256 bits");
    let response = pool.redeem(&code).await;
    assert_eq!(response.status, StatusCode::OK, "{response:?}");
    assert_eq!(response.header("cache-control"), "no-store");
    let tokens = response.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &3600.into()));
    assert!(tokens["id_token"].is_string() && tokens["access_token"].is_string());
    assert!(tokens["refresh_token"].as_str().unwrap().len() >= 43);
}

#[tokio::test]
async fn pool_03_a_code_is_single_use_and_a_second_use_revokes_its_tokens() {
    let pool = TestPool::new().await;
    let (_, code) = pool.sign_in_admin().await;
    let tokens = pool.redeem(&code).await.json();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(pool.refresh(WEB, refresh_token).await.status, StatusCode::OK);
    pool.advance(3600);
    assert_invalid_grant(&pool.redeem(&code).await);
    assert_invalid_grant(&pool.refresh(WEB, refresh_token).await);
}

#[tokio::test]
async fn pool_03_a_code_expires_after_five_minutes() {
    let pool = TestPool::new().await;
    let (_, code) = pool.sign_in_admin().await;
    pool.advance(299);
    assert_eq!(pool.redeem(&code).await.status, StatusCode::OK);
    let (_, code) = pool.sign_in_admin().await;
    pool.advance(300);
    assert_invalid_grant(&pool.redeem(&code).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pool_03_one_of_64_concurrent_redemptions_succeeds() {
    let pool = std::sync::Arc::new(TestPool::new().await);
    let (_, code) = pool.sign_in_admin().await;
    let redeemers: Vec<_> = (0..64)
        .map(|_| {
            let (pool, code) = (pool.clone(), code.clone());
            tokio::spawn(async move { pool.redeem(&code).await.status })
        })
        .collect();
    let mut succeeded = 0;
    for redeemer in redeemers {
        succeeded += usize::from(redeemer.await.unwrap() == StatusCode::OK);
    }
    assert_eq!(succeeded, 1);
}

#[tokio::test]
async fn pool_03_a_mismatch_invalidates_the_code() {
    let pool = TestPool::new().await;
    let wrong_verifier = "x".repeat(43);
    let too_long = VERIFIER.repeat(3);
    for wrong in [
        ("code_verifier", wrong_verifier.as_str()),
        ("code_verifier", too_long.as_str()),
        ("code_verifier", "short"),
        ("client_id", OTHER),
        ("redirect_uri", "http://localhost:3000/auth/callback/"),
    ] {
        let (_, code) = pool.sign_in_admin().await;
        assert_invalid_grant(&pool.redeem_changed(&code, &[wrong]).await);
        assert_invalid_grant(&pool.redeem(&code).await);
    }
}

#[tokio::test]
async fn pool_04_pkce_with_s256_is_required() {
    let pool = TestPool::new().await;
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let response = pool.browser().get(&authorize(&without)).await;
    assert_eq!(response.redirect_parameter("error").as_deref(), Some("invalid_request"));
    for wrong in [
        vec![("code_challenge", "")],
        vec![("code_challenge_method", "")],
        vec![("code_challenge_method", "plain")],
        vec![("code_challenge_method", "s256")],
        vec![("code_challenge", "tooshort")],
        vec![("code_challenge", &VERIFIER[..42])],
        vec![("code_challenge", &VERIFIER.repeat(3)[..129])],
        vec![("code_challenge", CHALLENGE.replace('-', "+").as_str())],
    ] {
        let response = pool.browser().get(&authorize(&wrong)).await;
        assert_eq!(
            response.redirect_parameter("error").as_deref(),
            Some("invalid_request"),
            "{wrong:?}"
        );
        assert_eq!(response.redirect_parameter("state").as_deref(), Some("st&te ü"));
        let login = authorize(&wrong).replace("/oauth2/authorize", "/login");
        let response = pool.browser().get(&login).await;
        assert_eq!(
            response.redirect_parameter("error").as_deref(),
            Some("invalid_request"),
            "{wrong:?}"
        );
    }
    let (_, code) = pool.sign_in_admin().await;
    let response = pool.redeem_changed(&code, &[("code_verifier", "")]).await;
    assert_eq!(response.json()["error"], "invalid_request");
}

#[tokio::test]
async fn pool_04_every_challenge_of_the_grammar_is_accepted() {
    let pool = TestPool::new().await;
    // A verifier of 128 characters has a challenge of 43; others never match, but are valid.
    for challenge in [&"~".repeat(43), &"-._~".repeat(32), &"Z".repeat(43)] {
        let response = pool.browser().get(&authorize(&[("code_challenge", challenge)])).await;
        assert_eq!(response.location().path(), "/login", "{challenge}");
    }
}

#[tokio::test]
async fn pool_05_no_redirect_goes_to_an_unregistered_url() {
    let pool = TestPool::new().await;
    let repeated = format!("{}&redirect_uri={CALLBACK}", authorize(&[]));
    let repeated_client = format!("{}&client_id={WEB}", authorize(&[]));
    let mut addresses = vec![
        repeated,
        repeated_client,
        authorize(&[("client_id", "")]),
        authorize(&[("client_id", "unknown")]),
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
            let response = pool.browser().get(&address.replace("/oauth2/authorize", path)).await;
            assert_eq!(response.status, StatusCode::BAD_REQUEST, "{address}");
            assert_eq!(response.header("location"), "");
        }
    }
}

#[tokio::test]
async fn a_mismatch_says_what_was_sent_and_what_is_registered() {
    let pool = TestPool::new().await;
    let wrong = "http://localhost:5174/auth/callback";
    for (changes, texts) in [
        ([("client_id", "shop")], ["Unknown client", "shop", WEB]),
        ([("redirect_uri", wrong)], ["Callback URL not registered", wrong, CALLBACK]),
        ([("client_id", "")], ["Incomplete link", "client_id", "is not present"]),
    ] {
        let page = pool.browser().get(&authorize(&changes)).await;
        for text in texts {
            assert!(page.body.contains(text), "{text}: {page:?}");
        }
    }
    let page = pool.browser().get(&format!("/logout?client_id={WEB}&logout_uri=x:/")).await;
    assert!(page.body.contains("Sign-out URL not registered"), "{page:?}");
    assert!(page.body.contains("<dd><code>http://localhost:3000/</code></dd>"), "{page:?}");
}

#[tokio::test]
async fn pool_04_a_confidential_client_may_omit_pkce() {
    let pool = TestPool::new().await;
    let client = [("client_id", CONFIDENTIAL), ("client_secret", SECRET)];
    let without = [("code_challenge", ""), ("code_challenge_method", ""), client[0]];
    for (request, verifier, status) in [
        (&without[..], "", StatusCode::OK),
        (&without[..], VERIFIER, StatusCode::BAD_REQUEST),
        (&client[..1], VERIFIER, StatusCode::OK),
        (&client[..1], "", StatusCode::BAD_REQUEST),
    ] {
        let mut browser = pool.browser();
        let login = browser.get(&authorize(request)).await.location();
        let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
        let code = response.redirect_parameter("code").unwrap();
        let changes = [client[0], client[1], ("code_verifier", verifier)];
        let response = pool.redeem_changed(&code, &changes).await;
        assert_eq!(response.status, status, "{request:?} {verifier}");
    }
}

#[tokio::test]
async fn errors_of_the_application_are_reported_to_its_callback_url() {
    let pool = TestPool::new().await;
    for (other, error) in [
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_type", "id_token")], "invalid_request"),
        (vec![("response_type", "token")], "unauthorized_client"),
        (vec![("client_id", CLI)], "unauthorized_client"),
        (vec![("scope", "openid news")], "invalid_scope"),
        (vec![("scope", "email")], "invalid_scope"),
        (vec![("prompt", "create")], "invalid_request"),
        (vec![("prompt", "login create")], "invalid_request"),
        (vec![("prompt", "none login")], "invalid_request"),
        (vec![("prompt", "consent none")], "invalid_request"),
        (vec![("prompt", "none")], "login_required"),
    ] {
        let response = pool.browser().get(&authorize(&other)).await;
        assert!(response.location().as_str().starts_with(CALLBACK));
        assert_eq!(response.redirect_parameter("error").as_deref(), Some(error), "{other:?}");
        assert_eq!(
            response.redirect_parameter("iss").as_deref(),
            Some("http://localhost:4000/local_gazette")
        );
        assert_eq!(response.redirect_parameter("state").as_deref(), Some("st&te ü"));
        assert!(response.redirect_parameter("error_description").is_some());
    }
    let repeated = format!("{}&nonce=again", authorize(&[]));
    let response = pool.browser().get(&repeated).await;
    assert_eq!(response.redirect_parameter("error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn without_openid_there_is_no_id_token() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let scope = [("scope", "aws.cognito.signin.user.admin"), ("state", "")];
    let login = browser.get(&authorize(&scope)).await.location();
    let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert_eq!(response.redirect_parameter("state"), None);
    let tokens = pool.redeem(&response.redirect_parameter("code").unwrap()).await.json();
    assert!(tokens.get("id_token").is_none() && tokens["access_token"].is_string());
    assert_eq!(pool.clock.clock()(), NOW);
}

fn assert_invalid_grant(response: &crate::browser::Response) {
    assert_eq!(response.status, StatusCode::BAD_REQUEST, "{response:?}");
    assert_eq!(response.body, r#"{"error":"invalid_grant"}"#);
}
