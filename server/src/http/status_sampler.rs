//! Samples of the metrics for `/desk/status`.

use std::sync::Arc;
use std::time::Duration;

use gazette_authorizer::KeySource;

use crate::http::gauges::gauges;
use crate::http::state::AppState;

/// Time between two samples; they are taken at full minutes.
const INTERVAL_MILLIS: i64 = 60_000;

/// Samples the metrics of a process that runs all the time.
pub struct StatusSampler {
    app: AppState,
    keys: Arc<KeySource>,
}

impl StatusSampler {
    pub(crate) fn new(app: AppState, keys: Arc<KeySource>) -> Self {
        Self { app, keys }
    }

    /// Takes a sample now and at each full minute.
    pub(crate) async fn keep_sampling(self) {
        loop {
            self.sample().await;
            let past = self.app.clock.now().as_millisecond().rem_euclid(INTERVAL_MILLIS);
            let left = (INTERVAL_MILLIS - past).unsigned_abs();
            tokio::time::sleep(Duration::from_millis(left)).await;
        }
    }

    /// Takes a sample. The first one begins the numbers.
    pub async fn sample(&self) {
        let gauges = gauges(&self.app, &self.keys).await;
        self.app.metrics.sample(self.app.clock.now().as_second(), &gauges);
    }
}
