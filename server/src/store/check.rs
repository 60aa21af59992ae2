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
    /// A check that has not ended. No other one is started beside it.
    running: Option<JoinHandle<TableHealth>>,
}

impl StoreCheck {
    /// Checks this table.
    pub fn new(table: Arc<dyn Table>) -> Self {
        Self { table, state: Mutex::default() }
    }

    /// Asks the store; concurrent callers wait for the same check.
    pub async fn health(&self) -> TableHealth {
        let mut state = self.state.lock().await;
        if let Some((at, health)) = state.last
            && at.elapsed() < MAX_AGE
        {
            return health;
        }
        // Stays in the state while it runs, also if this caller disconnects.
        let check = state.running.get_or_insert_with(|| {
            let table = Arc::clone(&self.table);
            tokio::spawn(async move { table.health().await })
        });
        let health = match timeout(TIMEOUT, check).await {
            Ok(result) => {
                state.running = None;
                result.unwrap_or(TableHealth::Unavailable)
            }
            Err(_) => TableHealth::Unavailable,
        };
        state.last = Some((Instant::now(), health));
        health
    }
}
