//! Work that takes long does not keep other requests waiting.
//!
//! The runtime of the test has one thread, so that a handler that blocks it would block everything.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use futures_util::future::join_all;
use tokio::select;

use crate::world::World;

/// Median wait of other requests. Of one thread, a busy machine takes its share.
const MAX_WAIT: Duration = Duration::from_millis(50);

/// Asks for a page again and again until the work has ended; returns the sorted waits.
async fn waits_during<T>(world: &World, work: impl Future<Output = T>) -> (Vec<Duration>, T) {
    let mut work = std::pin::pin!(work);
    let mut waits = Vec::new();
    loop {
        let start = Instant::now();
        let other = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            assert_eq!(world.get("/about").await.status, StatusCode::OK);
        };
        let mut other = std::pin::pin!(other);
        select! {
            done = &mut work => {
                waits.sort();
                return (waits, done);
            }
            () = &mut other => waits.push(start.elapsed()),
        }
    }
}

fn assert_short(waits: &[Duration], least: usize) {
    assert!(waits.len() >= least, "{} other requests were answered", waits.len());
    let middle = waits[waits.len() / 2];
    assert!(middle < MAX_WAIT, "{middle:?} of {}", waits.len());
}

#[tokio::test]
async fn f_35_hashing_of_passwords_lets_other_requests_pass() {
    let world = World::peopled().await;
    world.get("/about").await;
    let sign_ins = join_all((0..8).map(|_| world.access_token("ada")));
    let (waits, tokens) = waits_during(&world, sign_ins).await;
    assert_eq!(tokens.len(), 8);
    assert_short(&waits, 8);
}
