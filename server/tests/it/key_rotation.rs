//! The site follows a pool that replaces its signing keys, through real HTTP.

use axum::http::{Method, StatusCode};
use reqwest::Client;
use serde_json::Value;

use crate::browser::Browser;
use crate::world::World;

/// Replaces the keys of the pool; returns the number of published keys.
async fn rotate(world: &World) -> usize {
    let request = Client::new()
        .post(format!("{}/_pool/rotate-keys", world.pool_origin))
        .header("content-type", "application/json");
    let answer = request.body("{}").send().await.expect("the pool answers");
    assert_eq!(answer.status(), StatusCode::OK);
    let keys: Value = answer.json().await.expect("JSON");
    keys["keys"].as_array().expect("keys").len()
}

#[tokio::test]
async fn pool_08_rp_tokens_are_verified_across_a_rotation_of_the_keys() {
    let world = World::peopled().await;
    let mut before = Browser::signed_in(&world, "ed").await;
    let old = world.access_token("ada").await;
    assert_eq!(world.bearer(Method::GET, "/auth/me", &old).await.status, StatusCode::OK);
    assert_eq!(rotate(&world).await, 4);
    let new = world.access_token("ada").await;
    for (token, name) in [(&new, "new"), (&old, "old"), (&new, "new again")] {
        let me = world.bearer(Method::GET, "/auth/me", token).await;
        assert_eq!(me.status, StatusCode::OK, "{name}: {}", me.body);
    }
    // The session from before goes on, and people can sign in.
    assert_eq!(before.get("/auth/me").await.status, StatusCode::OK);
    let mut after = Browser::signed_in(&world, "wim").await;
    assert_eq!(after.get("/auth/me").await.status, StatusCode::OK);
}
