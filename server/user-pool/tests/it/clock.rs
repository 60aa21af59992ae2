//! The endpoint that moves the clock.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use gazette_table::MemoryTable;
use gazette_table::conformance::ManualClock;
use gazette_user_pool::{PoolConfig, UserPool};

use crate::browser::Browser;
use crate::test_pool::{NOW, TestPool, config};

const PATH: &str = "/_pool/clock";
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[tokio::test]
async fn pool_09_the_clock_endpoint_is_missing_by_default() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    assert_eq!(browser.get(PATH).await.status, StatusCode::NOT_FOUND);
    let step = r#"{"forward_seconds":1}"#.to_owned();
    let response = browser.send(Method::POST, PATH, &JSON, step).await;
    assert_eq!(response.status, StatusCode::NOT_FOUND);
    assert_eq!(pool.clock.clock()(), NOW);
}

#[tokio::test]
async fn pool_09_the_clock_moves_forward_only_and_not_for_other_sites() {
    let clock = ManualClock::default();
    clock.set(NOW);
    let (read, moved) = (clock.clock(), clock.clone());
    let keys = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("keys");
    let config = PoolConfig {
        move_clock: Some(Arc::new(move |seconds| moved.set(moved.clock()() + seconds))),
        ..config(&clock, keys)
    };
    let table = Arc::new(MemoryTable::new(clock.clock()));
    let pool = UserPool::open(config, table).await.unwrap();
    let mut browser = Browser::new(pool.router());
    let form = [("content-type", "text/plain")];
    let with_charset = [("content-type", "application/json; charset=utf-8")];
    for (headers, step, status) in [
        (&JSON[..], r#"{"forward_seconds":3600}"#, 200),
        (&with_charset[..], r#"{"forward_seconds":60}"#, 200),
        (&form[..], r#"{"forward_seconds":3600}"#, 415),
        (&[][..], r#"{"forward_seconds":3600}"#, 415),
        (&JSON[..], r#"{"forward_seconds":-1}"#, 400),
        (&JSON[..], r#"{"forward_seconds":999999999999}"#, 400),
        (&JSON[..], r#"{"forward_seconds":1,"x":1}"#, 400),
        (&JSON[..], "", 400),
    ] {
        let response = browser.send(Method::POST, PATH, headers, step.to_owned()).await;
        assert_eq!(response.status.as_u16(), status, "{step}");
    }
    assert_eq!(read(), NOW + 3660);
    assert_eq!(browser.get(PATH).await.json()["now"], NOW + 3660);
}
