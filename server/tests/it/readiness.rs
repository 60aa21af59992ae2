//! `GET /readyz`: what it asks, and what it says is wrong.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use gazette_table::{FaultyTable, MemoryTable, Table};
use serde_json::json;

use crate::browser::Browser;
use crate::gate::Fault;
use crate::world::World;

/// Waits until `/readyz` says this of a part, at most two seconds.
async fn wait_for(world: &World, part: &str, text: &str) -> StatusCode {
    let start = Instant::now();
    loop {
        let ready = world.get("/readyz").await;
        if ready.json()[part] == text {
            return ready.status;
        }
        assert!(start.elapsed() < Duration::from_secs(2), "{}", ready.body);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn faulty_table() -> Arc<FaultyTable> {
    let table = MemoryTable::new(Arc::new(|| jiff::Timestamp::now().as_second()));
    Arc::new(FaultyTable::new(Arc::new(table)))
}

#[tokio::test]
async fn f_09_readiness_follows_the_store_within_two_seconds() {
    let table = faulty_table();
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    let ready = world.get("/readyz").await;
    let all = json!({ "store": "ok", "keys": "ok", "sign_in": "ok" });
    assert_eq!((ready.status, ready.json()), (StatusCode::OK, all));
    table.fail("secret host name", |_| true);
    let status = wait_for(&world, "store", "unavailable").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!world.get("/readyz").await.body.contains("secret"));
    table.repair();
    assert_eq!(wait_for(&world, "store", "ok").await, StatusCode::OK);
}

#[tokio::test]
async fn f_09_readiness_asks_the_store_at_most_twice_a_second() {
    let table = faulty_table();
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    let (before, start) = (table.reads(), Instant::now());
    futures_util::future::join_all((0..500).map(|_| world.get("/readyz"))).await;
    let reads = u128::try_from(table.reads() - before).expect("few");
    assert!(reads <= 1 + start.elapsed().as_millis() / 500, "{reads}");
}

#[tokio::test]
async fn f_41_a_client_secret_that_the_pool_rejects_is_named_until_it_is_accepted() {
    let world = World::peopled().await;
    let rejected = Fault::Response(401, r#"{"error":"invalid_client"}"#);
    world.gate.set_fault(Some(rejected));
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    browser.get(&callback).await;
    world.gate.set_fault(None);
    let ready = world.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json()["sign_in"], "the user pool rejects the client id or its secret");
    assert_eq!(wait_for(&world, "sign_in", "ok").await, StatusCode::OK);
}
