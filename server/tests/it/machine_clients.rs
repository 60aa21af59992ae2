//! Programs that sign in as themselves, with the role that the configuration gives them.

use axum::http::{Method, StatusCode};
use gazette_domain::AuditFilter;
use serde_json::Value;

use crate::world::{World, admin};

const SECRET: &str = "s3cret+s3cret_s3cret+s3cret";

/// Returns a site with the machine clients `cleaner` and `feeder`, with these roles.
async fn world(roles: &str) -> World {
    let client = |id: &str| {
        format!(
            r#"{{"id":"{id}","secret":"{SECRET}","grants":["client_credentials"],"scopes":["gazette/all"]}}"#
        )
    };
    let clients = format!("{} {}", client("cleaner"), client("feeder"));
    World::with(|settings| {
        settings.set("GAZETTE_POOL_CLIENT", clients);
        settings.set("GAZETTE_CLIENT_ROLES", roles);
    })
    .await
}

/// Requests a token of a client's own from the pool.
async fn token(world: &World, client: &str) -> String {
    let response = reqwest::Client::new()
        .post(format!("{}/oauth2/token", world.pool_origin))
        .basic_auth(client, Some(SECRET))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials")
        .send()
        .await
        .expect("the pool answers");
    assert_eq!(response.status(), StatusCode::OK);
    let tokens: Value = response.json().await.expect("JSON");
    tokens["access_token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn az_01_a_machine_client_acts_with_its_role_and_the_audit_log_names_it() {
    let world = world("cleaner=admin feeder=editor").await;
    world.publish(2).await;
    let feeder = token(&world, "feeder").await;
    let refused = world.bearer(Method::DELETE, "/news", &feeder).await;
    assert_eq!(
        (refused.status, refused.body.as_str()),
        (StatusCode::FORBIDDEN, r#"{"message":"Forbidden"}"#)
    );
    let cleaner = token(&world, "cleaner").await;
    let deleted = world.bearer(Method::DELETE, "/news", &cleaner).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (StatusCode::OK, r#"{"deleted":2}"#));
    let log = world.bearer(Method::GET, "/desk/audit", &cleaner).await;
    assert_eq!(log.status, StatusCode::OK);
    let everything = AuditFilter::default();
    let page = world.desk.search_audit(&admin(), &everything, None, usize::MAX).await;
    let log = format!("{:?}", page.expect("the audit log"));
    assert!(log.contains("cleaner"), "{log}");
    let me = world.bearer(Method::GET, "/auth/me", &cleaner).await.json();
    assert_eq!(me["username"], "cleaner");
    assert_eq!(me["roles"], serde_json::json!(["writer", "editor", "admin"]));
}

#[tokio::test]
async fn az_01_without_a_role_a_machine_client_is_refused() {
    let world = world("feeder=writer").await;
    world.publish(1).await;
    let cleaner = token(&world, "cleaner").await;
    let refused = world.bearer(Method::DELETE, "/news", &cleaner).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let feeder = token(&world, "feeder").await;
    for (path, status) in [("/auth/me", StatusCode::OK), ("/desk/trash", StatusCode::FORBIDDEN)] {
        assert_eq!(world.bearer(Method::GET, path, &feeder).await.status, status, "{path}");
    }
}
