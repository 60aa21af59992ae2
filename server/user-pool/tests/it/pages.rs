//! Discovery, the pages and their headers.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use tower::ServiceExt;

use crate::browser::Response;
use crate::test_pool::{ORIGIN, TestPool, authorize};

#[tokio::test]
async fn discovery_lists_the_endpoints() {
    let pool = TestPool::new().await;
    let response = pool.browser().get("/local_gazette/.well-known/openid-configuration").await;
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(
        response.json(),
        json!({
            "authorization_endpoint": "http://localhost:4000/oauth2/authorize",
            "code_challenge_methods_supported": ["S256"],
            "end_session_endpoint": "http://localhost:4000/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": "http://localhost:4000/local_gazette",
            "jwks_uri": "http://localhost:4000/local_gazette/.well-known/jwks.json",
            "response_types_supported": ["code", "token"],
            "revocation_endpoint": format!("{ORIGIN}/oauth2/revoke"),
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": "http://localhost:4000/oauth2/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": format!("{ORIGIN}/oauth2/userInfo"),
        })
    );
    let other = pool.browser().get("/other_pool/.well-known/jwks.json").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pool_01_every_page_shows_that_it_is_local_and_cannot_be_framed() {
    let pool = TestPool::new().await;
    let login = authorize(&[]).replace("/oauth2/authorize", "/login");
    for (address, status) in [
        ("/", StatusCode::OK),
        (login.as_str(), StatusCode::OK),
        ("/login", StatusCode::BAD_REQUEST),
        ("/logout", StatusCode::BAD_REQUEST),
        ("/signup", StatusCode::BAD_REQUEST),
        ("/nowhere", StatusCode::NOT_FOUND),
    ] {
        let page = pool.browser().get(address).await;
        assert_eq!(page.status, status, "{address}");
        assert_protected_page(&page);
    }
}

fn assert_protected_page(page: &Response) {
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.body.contains("Local sign-in, for development"));
    assert!(page.body.contains(r#"<html lang="en">"#) && page.body.contains("viewport"));
    assert!(!page.body.contains("<script>") && !page.body.contains("style="));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; "), "{policy}");
    assert!(policy.ends_with("frame-ancestors 'none'; base-uri 'none'"), "{policy}");
}

#[tokio::test]
async fn the_form_may_redirect_to_its_application_only() {
    let pool = TestPool::new().await;
    let hint = [("login_hint", "\"><script>")];
    let login = authorize(&hint).replace("/oauth2/authorize", "/login");
    let page = pool.browser().get(&login).await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' http://localhost:3000;"), "{policy}");
    assert!(page.body.contains("to continue to <bdi>Gazette</bdi>"));
    assert!(page.body.contains(r#"autocomplete="username""#));
    assert!(
        page.body.contains(r#"autocomplete="current-password" autofocus"#),
        "the username is prefilled"
    );
    assert!(page.body.contains(r#"value="&quot;&gt;&lt;script&gt;""#), "escaped");
}

#[tokio::test]
async fn style_and_icon_are_served() {
    let pool = TestPool::new().await;
    for (path, kind) in
        [("/_pool/style.css", "text/css; charset=utf-8"), ("/_pool/icon.svg", "image/svg+xml")]
    {
        let response = pool.browser().get(path).await;
        assert_eq!((response.status, response.header("content-type")), (StatusCode::OK, kind));
        assert_eq!(response.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn pool_01_a_request_names_one_host_on_loopback() {
    let pool = TestPool::new().await;
    let (host, evil) = (("host", "localhost:4000"), ("host", "evil.example"));
    for (target, headers, status) in [
        ("/", vec![host], StatusCode::OK),
        ("/", vec![("host", "LOCALHOST:4000")], StatusCode::OK),
        ("http://127.0.0.1:4000/", vec![host], StatusCode::OK),
        ("/", vec![host, host], StatusCode::BAD_REQUEST),
        ("/", vec![host, evil], StatusCode::BAD_REQUEST),
        ("/", vec![evil], StatusCode::MISDIRECTED_REQUEST),
        ("http://evil.example/", vec![host], StatusCode::MISDIRECTED_REQUEST),
        ("http://localhost:4000/", vec![evil], StatusCode::MISDIRECTED_REQUEST),
    ] {
        let page = pool.browser().send(Method::GET, target, &headers, String::new()).await;
        assert_eq!(page.status, status, "{target} {headers:?}");
        assert_protected_page(&page);
    }
    let request = Request::get("/").body(Body::empty()).unwrap();
    let answer = pool.user_pool.router().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "no host");
}

#[tokio::test]
async fn the_error_page_has_the_text_of_cognito() {
    let pool = TestPool::new().await;
    let text = "An error was encountered with the requested page.";
    let page = pool.browser().get("/error?error=redirect_mismatch&client_id=x").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains(text), "{page:?}");
    assert_protected_page(&page);
    let unregistered = authorize(&[("redirect_uri", "http://localhost:1/")]);
    let page = pool.browser().get(&unregistered).await;
    assert!(page.body.contains(text), "{page:?}");
}
