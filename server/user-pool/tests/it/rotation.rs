//! Refresh token rotation.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::Value;

use crate::test_pool::{ROTATING, TestPool};

fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn pool_06_each_use_returns_a_new_token_without_extending_the_lifetime() {
    let pool = TestPool::new().await;
    let mut token = refresh_token(&pool.tokens_for(ROTATING).await);
    for _ in 0..3 {
        pool.advance(10 * 24 * 3600 - 1);
        let response = pool.refresh(ROTATING, &token).await;
        assert_eq!(response.status, StatusCode::OK, "{response:?}");
        let next = refresh_token(&response.json());
        assert_ne!(next, token);
        token = next;
    }
    pool.advance(3);
    assert_eq!(pool.refresh(ROTATING, &token).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn pool_06_a_used_token_is_valid_in_the_grace_period() {
    let pool = TestPool::new().await;
    let first = refresh_token(&pool.tokens_for(ROTATING).await);
    let second = refresh_token(&pool.refresh(ROTATING, &first).await.json());
    pool.advance(60);
    let third = refresh_token(&pool.refresh(ROTATING, &first).await.json());
    for token in [second, third] {
        assert_eq!(pool.refresh(ROTATING, &token).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn pool_06_reuse_after_the_grace_period_revokes_that_family_only() {
    let pool = TestPool::new().await;
    let other = refresh_token(&pool.tokens_for(ROTATING).await);
    let first = refresh_token(&pool.tokens_for(ROTATING).await);
    let second = refresh_token(&pool.refresh(ROTATING, &first).await.json());
    pool.advance(61);
    for token in [&first, &second] {
        assert_eq!(pool.refresh(ROTATING, token).await.json()["error"], "invalid_grant");
    }
    assert_eq!(pool.refresh(ROTATING, &other).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn pool_06_concurrent_uses_each_return_a_valid_token() {
    let pool = Arc::new(TestPool::new().await);
    let first = refresh_token(&pool.tokens_for(ROTATING).await);
    let uses: Vec<_> = (0..20)
        .map(|_| {
            let (pool, first) = (Arc::clone(&pool), first.clone());
            tokio::spawn(async move { pool.refresh(ROTATING, &first).await })
        })
        .collect();
    for response in uses {
        let response = response.await.unwrap();
        assert_eq!(response.status, StatusCode::OK, "{response:?}");
        let next = refresh_token(&response.json());
        assert_eq!(pool.refresh(ROTATING, &next).await.status, StatusCode::OK);
    }
}
