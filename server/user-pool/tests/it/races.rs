//! Two redemptions of one code at the same time.

use std::env;

use axum::http::StatusCode;

use crate::test_pool::{TestPool, authorize};

/// Number of races; `POOL_RACES` sets another one, such as 100000.
const RACES: usize = 1_000;
/// Each pool keeps its records, so that a long run needs several.
const RACES_OF_A_POOL: usize = 5_000;

#[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pool_03_one_of_two_redemptions_succeeds_in_every_race() {
    let races = env::var("POOL_RACES").map_or(RACES, |number| number.parse().unwrap());
    let mut remaining = races;
    while remaining > 0 {
        let batch = remaining.min(RACES_OF_A_POOL);
        run(batch).await;
        remaining -= batch;
    }
}

async fn run(races: usize) {
    let pool = std::sync::Arc::new(TestPool::new().await);
    let (mut browser, _) = pool.sign_in_admin().await;
    for race in 0..races {
        let code = browser.get(&authorize(&[])).await.redirect_parameter("code").unwrap();
        let redeem = || {
            let (pool, code) = (pool.clone(), code.clone());
            tokio::spawn(async move { pool.redeem(&code).await.status })
        };
        let (first, second) = (redeem(), redeem());
        let statuses = [first.await.unwrap(), second.await.unwrap()];
        let succeeded = statuses.iter().filter(|status| **status == StatusCode::OK).count();
        assert_eq!(succeeded, 1, "race {race}: {statuses:?}");
    }
}
