//! Refresh tokens that are replaced at each use.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::Value;

use crate::world::{ROTATING, World};

fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn pool_06_each_use_gives_a_new_token_and_no_longer_life() {
    let world = World::new().await;
    let mut token = refresh_token(&world.tokens_for(ROTATING).await);
    for _ in 0..3 {
        world.pass(10 * 24 * 3600 - 1);
        let answer = world.refresh(ROTATING, &token).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let next = refresh_token(&answer.json());
        assert_ne!(next, token);
        token = next;
    }
    world.pass(3);
    assert_eq!(world.refresh(ROTATING, &token).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn pool_06_within_the_grace_a_used_token_is_good_again() {
    let world = World::new().await;
    let first = refresh_token(&world.tokens_for(ROTATING).await);
    let second = refresh_token(&world.refresh(ROTATING, &first).await.json());
    world.pass(60);
    let third = refresh_token(&world.refresh(ROTATING, &first).await.json());
    for token in [second, third] {
        assert_eq!(world.refresh(ROTATING, &token).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn pool_06_after_the_grace_a_used_token_ends_its_family_and_no_other() {
    let world = World::new().await;
    let other = refresh_token(&world.tokens_for(ROTATING).await);
    let first = refresh_token(&world.tokens_for(ROTATING).await);
    let second = refresh_token(&world.refresh(ROTATING, &first).await.json());
    world.pass(61);
    for token in [&first, &second] {
        assert_eq!(world.refresh(ROTATING, token).await.json()["error"], "invalid_grant");
    }
    assert_eq!(world.refresh(ROTATING, &other).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn pool_06_uses_at_once_each_give_a_token_that_works() {
    let world = Arc::new(World::new().await);
    let first = refresh_token(&world.tokens_for(ROTATING).await);
    let uses: Vec<_> = (0..20)
        .map(|_| {
            let (world, first) = (Arc::clone(&world), first.clone());
            tokio::spawn(async move { world.refresh(ROTATING, &first).await })
        })
        .collect();
    for answer in uses {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let next = refresh_token(&answer.json());
        assert_eq!(world.refresh(ROTATING, &next).await.status, StatusCode::OK);
    }
}
