//! Health checks of the store.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gazette_table::{Table, TableHealth};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The longest time a check takes.
const TIMEOUT: Duration = Duration::from_secs(1);
/// The longest time the result of a check is used.
const MAX_AGE: Duration = Duration::from_millis(500);

/// Checks the store, at most twice a second however often it is asked.
pub struct StoreCheck {
    table: Arc<dyn Table>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<(Instant, TableHealth)>,
    /// A check that did not end in time. No other one is started beside it.
    running: Option<JoinHandle<TableHealth>>,
}

impl StoreCheck {
    /// Checks this table.
    pub fn new(table: Arc<dyn Table>) -> Self {
        Self { table, state: Mutex::default() }
    }

    /// Asks the store; concurrent callers wait for the same answer.
    pub async fn health(&self) -> TableHealth {
        let mut state = self.state.lock().await;
        if let Some((at, health)) = state.last
            && at.elapsed() < MAX_AGE
        {
            return health;
        }
        let mut check = state.running.take().unwrap_or_else(|| {
            let table = Arc::clone(&self.table);
            tokio::spawn(async move { table.health().await })
        });
        let health = if let Ok(result) = timeout(TIMEOUT, &mut check).await {
            result.unwrap_or(TableHealth::Unavailable)
        } else {
            state.running = Some(check);
            TableHealth::Unavailable
        };
        state.last = Some((Instant::now(), health));
        health
    }
}
