//! Concurrent writers, and writers that are dropped before they finish.

use std::sync::Arc;
use std::task::{Context, Waker};

use serde_json::json;

use super::{item, put};
use crate::{Key, Order, Range, Table, Write};

/// Number of concurrent writers.
const WRITERS: i64 = 8;

/// Lets several writers replace the same version; exactly one must succeed each time.
///
/// # Panics
/// When none or several succeed, or when the stored item is not that of the successful writer.
pub async fn one_concurrent_writer_succeeds(table: &Arc<dyn Table>, trials: u64) {
    put(&**table, item("race", "a", -1)).await;
    for version in 1..=trials {
        let writers: Vec<_> = (0..WRITERS)
            .map(|value| {
                let table = Arc::clone(table);
                let replacement = item("race", "a", value).version(version + 1);
                tokio::spawn(async move {
                    table.write(vec![Write::replace(replacement, version)]).await.is_ok()
                })
            })
            .collect();
        let mut successful = Vec::new();
        for (value, writer) in (0_i64..).zip(writers) {
            if writer.await.expect("no writer panics") {
                successful.push(value);
            }
        }
        assert_eq!(successful.len(), 1, "exactly one writer succeeds");
        let stored = table.get(&Key::new("race", "a")).await.expect("readable").expect("there");
        assert_eq!(stored.version, version + 1);
        assert_eq!(stored.body.get("value"), successful.first().map(|value| json!(value)).as_ref());
    }
}

/// Lets several writers read and replace an item; the successful writes must form a chain.
///
/// # Panics
/// When two writes replaced the same version, or a version is missing.
pub async fn successful_writes_form_a_chain(table: &Arc<dyn Table>, rounds: usize) {
    put(&**table, item("chain", "a", 0)).await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|value| {
            let table = Arc::clone(table);
            tokio::spawn(async move {
                let mut replaced = Vec::new();
                for _ in 0..rounds {
                    let read = table.get(&Key::new("chain", "a")).await;
                    let version = read.expect("readable").expect("there").version;
                    let next = item("chain", "a", value).version(version + 1);
                    if table.write(vec![Write::replace(next, version)]).await.is_ok() {
                        replaced.push(version);
                    }
                }
                replaced
            })
        })
        .collect();
    let mut replaced = Vec::new();
    for writer in writers {
        replaced.extend(writer.await.expect("no writer panics"));
    }
    replaced.sort_unstable();
    let last = table.get(&Key::new("chain", "a")).await.expect("readable").expect("there").version;
    assert_eq!(replaced, (1..last).collect::<Vec<_>>());
}

/// Drops writes after a number of polls; each batch must be written completely or not at all.
///
/// # Panics
/// When a part of a batch is found.
pub(super) async fn dropped_writes_are_atomic(table: &Arc<dyn Table>) {
    for polls in 0..24 {
        let partition = format!("dropped {polls}");
        let batch = ["a", "b", "c"].map(|sort| Write::create(item(&partition, sort, polls)));
        let mut write = Box::pin(table.write(batch.to_vec()));
        for _ in 0..polls {
            let mut context = Context::from_waker(Waker::noop());
            if write.as_mut().poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(write);
        for _ in 0..5 {
            let page = table.query(&partition, &Range::all(), Order::Ascending, 9).await;
            let count = page.expect("readable").items.len();
            assert!(count == 0 || count == 3, "{count} of 3 items after {polls} polls");
        }
    }
}
