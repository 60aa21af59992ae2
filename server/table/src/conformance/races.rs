//! Many who write at once, and some who go away in the middle.

use std::sync::Arc;
use std::task::{Context, Waker};

use serde_json::json;

use super::{item, put};
use crate::{Key, Order, Range, Table, Write};

/// How many write at once.
const WRITERS: i64 = 8;

/// Lets many replace the same version, again and again; exactly one of them must win each time.
///
/// # Panics
/// When none or several win, or when the winner's item is not what is there.
pub async fn one_of_many_wins(table: &Arc<dyn Table>, trials: u64) {
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
        let mut winners = Vec::new();
        for (value, writer) in (0_i64..).zip(writers) {
            if writer.await.expect("no writer panics") {
                winners.push(value);
            }
        }
        assert_eq!(winners.len(), 1, "exactly one of the writers of a version wins");
        let there = table.get(&Key::new("race", "a")).await.expect("readable").expect("there");
        assert_eq!(there.version, version + 1);
        assert_eq!(there.body.get("value"), winners.first().map(|value| json!(value)).as_ref());
    }
}

/// Lets many read and replace what they read; the acknowledged writes must be one chain.
///
/// # Panics
/// When two writes followed the same version, or one is missing.
pub async fn writes_are_one_chain(table: &Arc<dyn Table>, rounds: usize) {
    put(&**table, item("chain", "a", 0)).await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|value| {
            let table = Arc::clone(table);
            tokio::spawn(async move {
                let mut followed = Vec::new();
                for _ in 0..rounds {
                    let read = table.get(&Key::new("chain", "a")).await;
                    let version = read.expect("readable").expect("there").version;
                    let next = item("chain", "a", value).version(version + 1);
                    if table.write(vec![Write::replace(next, version)]).await.is_ok() {
                        followed.push(version);
                    }
                }
                followed
            })
        })
        .collect();
    let mut followed = Vec::new();
    for writer in writers {
        followed.extend(writer.await.expect("no writer panics"));
    }
    followed.sort_unstable();
    let last = table.get(&Key::new("chain", "a")).await.expect("readable").expect("there").version;
    assert_eq!(followed, (1..last).collect::<Vec<_>>());
}

/// Drops writes after each number of steps they take; each must be there whole or not at all.
///
/// # Panics
/// When part of a batch is there.
pub(super) async fn dropped_writes_are_whole_or_absent(table: &Arc<dyn Table>) {
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
            let there = page.expect("readable").items.len();
            assert!(there == 0 || there == 3, "{there} of 3 items after {polls} steps");
        }
    }
}
