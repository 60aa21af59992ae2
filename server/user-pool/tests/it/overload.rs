//! More sign-ins than the queue of passwords holds.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::json;

use crate::browser::form;
use crate::json_api::{by_password, call};
use crate::test_pool::{CLI, PASSWORD, SRP, TestPool, authorize};

/// The queue has 200 places.
const SIGN_INS: usize = 205;

/// Fills the queue; the returned tasks are the sign-ins that wait.
async fn fill(pool: &Arc<TestPool>) -> Vec<tokio::task::JoinHandle<StatusCode>> {
    let sign_in = |number| {
        let pool = Arc::clone(pool);
        async move { by_password(&pool, CLI, &format!("user{number}"), PASSWORD).await.status }
    };
    let waiting: Vec<_> = (0..SIGN_INS).map(|number| tokio::spawn(sign_in(number))).collect();
    for _ in 0..SIGN_INS {
        tokio::task::yield_now().await;
    }
    waiting
}

#[tokio::test]
async fn pool_07_a_full_queue_is_503_with_retry_after_and_keeps_the_username() {
    let pool = Arc::new(TestPool::new().await);
    let mut waiting = Vec::new();
    let (mut browser, page, csrf, response) = loop {
        let mut browser = pool.browser();
        let login = browser.get(&authorize(&[])).await.location();
        let page = browser.get(login.as_str()).await;
        let csrf = page.field("_csrf");
        waiting.extend(fill(&pool).await);
        let fields = [("_csrf", csrf.as_str()), ("username", "admin"), ("password", PASSWORD)];
        let response = browser.post_form(&page.form_action(), &fields).await;
        // While the machine does other work, a place may have become free since.
        let is_free = response.status == StatusCode::FOUND;
        if !is_free {
            break (browser, page, csrf, response);
        }
        assert!(waiting.len() < 20 * SIGN_INS, "the queue is never full");
    };
    let fields = [("_csrf", csrf.as_str()), ("username", "admin"), ("password", PASSWORD)];
    assert_busy(response.status, &response.headers);
    assert!(response.body.contains("Many people are signing in right now."), "{response:?}");
    assert!(response.body.contains(r#"value="admin""#), "the username is kept");
    assert!(!response.body.contains(PASSWORD));

    // A browser is led to a page that it can go back to.
    waiting.extend(fill(&pool).await);
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-mode", "navigate")];
    let response = browser.send(Method::POST, &page.form_action(), &headers, form(&fields)).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    let response = browser.get(response.header("location")).await;
    assert_busy(response.status, &response.headers);
    assert!(response.body.contains(r#"value="admin""#), "the username is kept");

    waiting.extend(fill(&pool).await);
    let response = by_password(&pool, CLI, "admin", PASSWORD).await;
    assert_busy(response.status, &response.headers);
    assert_eq!(response.header("x-amzn-errortype"), "TooManyRequestsException");
    // Proofs of a password wait in the same queue.
    let parameters = json!({ "USERNAME": "admin", "SRP_A": "abcdef" });
    let body =
        json!({ "AuthFlow": "USER_SRP_AUTH", "ClientId": SRP, "AuthParameters": parameters });
    waiting.extend(fill(&pool).await);
    let response = call(&pool, "InitiateAuth", &body.to_string()).await;
    assert_busy(response.status, &response.headers);

    let signup = page.form_action().replace("/login", "/signup");
    let fields = [
        ("_csrf", csrf.as_str()),
        ("username", "new"),
        ("password", PASSWORD),
        ("requiredAttributes[email]", "new@example.com"),
    ];
    waiting.extend(fill(&pool).await);
    let response = browser.post_form(&signup, &fields).await;
    assert_busy(response.status, &response.headers);
    // Other requests do not wait.
    let other = pool.browser().get(&authorize(&[])).await;
    assert_eq!(other.status, StatusCode::FOUND);
    for sign_in in waiting {
        sign_in.abort();
    }
}

#[tokio::test]
async fn pool_07_the_queue_is_free_again_after_the_sign_ins() {
    let pool = Arc::new(TestPool::new().await);
    let waiting = fill(&pool).await;
    for sign_in in waiting {
        sign_in.abort();
    }
    // Hashes that have begun continue.
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while by_password(&pool, CLI, "admin", PASSWORD).await.status != StatusCode::OK {
        assert!(tokio::time::Instant::now() < deadline, "the queue stays full");
        tokio::task::yield_now().await;
    }
}

fn assert_busy(status: StatusCode, headers: &HeaderMap) {
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{headers:?}");
    assert!(headers.contains_key("retry-after"), "{headers:?}");
}
