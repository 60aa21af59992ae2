//! The conformance suite: checks of the contract of [`Table`] that panic on failure.
//!
//! Each check uses its own partitions, so all checks can share an engine.
#![expect(clippy::expect_used, reason = "a check fails by panicking")]

mod expiry;
mod histories;
mod races;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};

use crate::{
    Clock, Condition, Item, Key, MAX_BATCH, MAX_BODY_BYTES, MAX_DEPTH, MAX_KEYS, Order, Range,
    Table, TableError, Write,
};

pub use histories::compare;
pub use races::{one_concurrent_writer_succeeds, successful_writes_form_a_chain};

/// A clock that a test sets.
#[derive(Clone, Default)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Sets the time, in seconds since the Unix epoch.
    pub fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    /// Returns the clock for an engine.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Arc::new(move || seconds.load(Ordering::SeqCst))
    }
}

/// Runs all checks against an engine whose items expire by `clock`.
pub async fn run(table: Arc<dyn Table>, clock: &ManualClock) {
    run_small(Arc::clone(&table), clock).await;
    items_are_returned_unchanged(&*table).await;
    full_batches_are_written(&*table).await;
    invalid_calls_are_refused(&*table).await;
}

/// Runs the checks that old versions of DynamoDB Local pass too: no empty text, small batches.
pub async fn run_small(table: Arc<dyn Table>, clock: &ManualClock) {
    clock.set(1_000);
    absent_items_are_none(&*table).await;
    get_many_returns_the_order_of_the_keys(&*table).await;
    failed_conditions_prevent_writes(&*table).await;
    batches_are_all_or_nothing(&*table).await;
    pages_respect_range_order_and_limit(&*table).await;
    a_query_reads_one_partition_only(&*table).await;
    expiry::expired_items_are_absent(&*table, clock).await;
    a_scan_returns_every_item_once(&*table, clock).await;
    expiry::a_purge_removes_expired_items_only(&*table, clock).await;
    races::dropped_writes_are_atomic(&table).await;
}

fn item(partition: &str, sort: &str, value: i64) -> Item {
    let body =
        json!({ "value": value, "text": "ä\u{1F5DE}", "list": [1, null, true, { "deep": 0.5 }] });
    Item { key: Key::new(partition, sort), version: 1, expires_at: None, body: body.into() }
}

async fn a_scan_returns_every_item_once(table: &dyn Table, clock: &ManualClock) {
    for number in 0..25 {
        put(table, item(&format!("scan {}", number % 4), &format!("{number:02}"), number)).await;
    }
    put(table, item("scan 0", "expired", 1).expires_at(1)).await;
    clock.set(2_000);
    for limit in [1, 7, 1_000] {
        let mut found = Vec::new();
        let mut after: Option<Key> = None;
        loop {
            let page = table.scan(after.as_ref(), limit).await.expect("a scan answers");
            assert!(page.items.len() <= limit && (!page.more || page.items.len() == limit));
            after = page.items.last().map(|item| item.key.clone());
            found.extend(page.items.into_iter().map(|item| item.key));
            if !page.more {
                break;
            }
        }
        let ours = found.iter().filter(|key| key.partition.starts_with("scan ")).count();
        assert_eq!(ours, 25, "every item occurs, with a limit of {limit}");
        let all = found.len();
        found.sort();
        found.dedup();
        assert_eq!(found.len(), all, "no item is repeated, with a limit of {limit}");
    }
}

async fn put(table: &dyn Table, item: Item) {
    table.write(vec![Write::put(item)]).await.expect("a plain put is written");
}

async fn sorts(
    table: &dyn Table,
    partition: &str,
    range: Range,
    order: Order,
    limit: usize,
) -> (Vec<String>, bool) {
    let page = table.query(partition, &range, order, limit).await.expect("a query answers");
    (page.items.into_iter().map(|item| item.key.sort).collect(), page.more)
}

async fn absent_items_are_none(table: &dyn Table) {
    assert_eq!(table.get(&Key::new("absent", "x")).await, Ok(None));
    assert_eq!(sorts(table, "absent", Range::all(), Order::Ascending, 10).await, (vec![], false));
    table
        .write(vec![Write::delete(Key::new("absent", "x"))])
        .await
        .expect("an absent item can be deleted");
}

async fn items_are_returned_unchanged(table: &dyn Table) {
    let mut first = item("whole", "a", 1).version(7);
    let list = json!([1, null, true, { "deep": 0.5 }]);
    first.body = json!({ "text": "ä\u{1F5DE}", "list": list, "empty": "" }).into();
    put(table, first.clone()).await;
    assert_eq!(table.get(&first.key).await, Ok(Some(first.clone())));
    let second = item("whole", "a", 2).version(8).expires_at(99_999);
    put(table, second.clone()).await;
    assert_eq!(table.get(&first.key).await, Ok(Some(second)));
    table.write(vec![Write::delete(first.key.clone())]).await.expect("a delete is written");
    assert_eq!(table.get(&first.key).await, Ok(None));
}

async fn get_many_returns_the_order_of_the_keys(table: &dyn Table) {
    let one = |n: usize| item("many", &n.to_string(), i64::try_from(n).unwrap_or_default());
    for n in (0..MAX_KEYS).step_by(2) {
        put(table, one(n)).await;
    }
    let keys: Vec<Key> = (0..MAX_KEYS).rev().map(|n| Key::new("many", n.to_string())).collect();
    let found = table.get_many(&keys).await.expect("a read of many answers");
    let expected = (0..MAX_KEYS).rev().map(|n| n.is_multiple_of(2).then(|| one(n)));
    assert!(found.into_iter().eq(expected), "the items are in the order of the keys");
}

async fn failed_conditions_prevent_writes(table: &dyn Table) {
    let key = Key::new("conditions", "a");
    let conflict = Err(TableError::Conflict { key: key.clone() });
    assert_eq!(table.write(vec![Write::replace(item("conditions", "a", 0), 1)]).await, conflict);
    assert_eq!(table.write(vec![Write::create(item("conditions", "a", 1))]).await, Ok(()));
    assert_eq!(table.write(vec![Write::create(item("conditions", "a", 2))]).await, conflict);
    assert_eq!(
        table.write(vec![Write::replace(item("conditions", "a", 3).version(2), 1)]).await,
        Ok(())
    );
    assert_eq!(
        table.write(vec![Write::replace(item("conditions", "a", 4).version(2), 1)]).await,
        conflict
    );
    let stale = Write::Delete { key: key.clone(), condition: Condition::Version(1) };
    assert_eq!(table.write(vec![stale]).await, conflict);
    let written = table.get(&key).await.expect("readable").expect("there");
    assert_eq!(written.body.get("value"), Some(&json!(3)));
    let current = Write::Delete { key, condition: Condition::Version(2) };
    assert_eq!(table.write(vec![current]).await, Ok(()));
}

async fn batches_are_all_or_nothing(table: &dyn Table) {
    put(table, item("batch", "taken", 1)).await;
    let batch = vec![
        Write::put(item("batch", "new", 1)),
        Write::delete(Key::new("batch", "taken")),
        Write::create(item("batch", "other", 1)),
        Write::replace(item("batch", "missing", 1), 1),
    ];
    let result = table.write(batch).await;
    assert_eq!(result, Err(TableError::Conflict { key: Key::new("batch", "missing") }));
    assert_eq!(sorts(table, "batch", Range::all(), Order::Ascending, 10).await.0, ["taken"]);
}

async fn full_batches_are_written(table: &dyn Table) {
    let count = table.max_batch();
    assert!(count >= MAX_BATCH);
    let full = (0..count).map(|n| Write::create(item("full", &format!("{n:04}"), 0))).collect();
    table.write(full).await.expect("a full batch is written");
    assert_eq!(sorts(table, "full", Range::all(), Order::Ascending, 1_000).await.0.len(), count);
}

async fn pages_respect_range_order_and_limit(table: &dyn Table) {
    for sort in ["a", "b", "c", "d", "~", "é"] {
        put(table, item("pages", sort, 1)).await;
    }
    let after = |sort: &str| Range { after: Some(sort.to_owned()), before: None };
    let before = |sort: &str| Range { after: None, before: Some(sort.to_owned()) };
    let ask = |range, order, limit| sorts(table, "pages", range, order, limit);
    assert_eq!(ask(Range::all(), Order::Ascending, 6).await.0, ["a", "b", "c", "d", "~", "é"]);
    assert!(!ask(Range::all(), Order::Ascending, 6).await.1);
    assert_eq!(ask(Range::all(), Order::Descending, 2).await, (vec!["é".into(), "~".into()], true));
    assert_eq!(ask(before("~"), Order::Descending, 2).await, (vec!["d".into(), "c".into()], true));
    assert_eq!(ask(before("c"), Order::Descending, 2).await, (vec!["b".into(), "a".into()], false));
    assert_eq!(ask(before("a"), Order::Descending, 2).await, (vec![], false));
    assert_eq!(ask(after("d"), Order::Ascending, 1).await, (vec!["~".into()], true));
    assert_eq!(ask(after("é"), Order::Ascending, 1).await, (vec![], false));
    let between = Range { after: Some("a".into()), before: Some("d".into()) };
    assert_eq!(ask(between, Order::Ascending, 5).await, (vec!["b".into(), "c".into()], false));
    let crossed = Range { after: Some("d".into()), before: Some("b".into()) };
    assert_eq!(ask(crossed, Order::Descending, 5).await, (vec![], false));
}

async fn a_query_reads_one_partition_only(table: &dyn Table) {
    for partition in ["leak", "leak#1", "lea", "leal", "leak\u{1}"] {
        put(table, item(partition, "x", 1)).await;
    }
    for order in [Order::Ascending, Order::Descending] {
        assert_eq!(sorts(table, "leak", Range::all(), order, 9).await, (vec!["x".into()], false));
    }
}

async fn invalid_calls_are_refused(table: &dyn Table) {
    let invalid = |result: Result<(), TableError>| {
        assert!(matches!(result, Err(TableError::Invalid { .. })), "{result:?}");
    };
    invalid(table.write(vec![]).await);
    invalid(
        table
            .write(
                (0..=table.max_batch())
                    .map(|n| Write::put(item("rules", &n.to_string(), 0)))
                    .collect(),
            )
            .await,
    );
    invalid(
        table
            .write(vec![Write::put(item("rules", "a", 0)), Write::delete(Key::new("rules", "a"))])
            .await,
    );
    invalid(table.write(vec![Write::put(item("", "a", 0))]).await);
    invalid(table.write(vec![Write::put(item("rules", &"k".repeat(1_025), 0))]).await);
    let mut large = item("rules", "large", 0);
    large.body = json!("x".repeat(MAX_BODY_BYTES)).into();
    invalid(table.write(vec![Write::put(large.clone())]).await);
    large.body = json!("x".repeat(MAX_BODY_BYTES - 2)).into();
    table.write(vec![Write::put(large)]).await.expect("the largest body is written");
    limits_of_dynamodb_are_checked(table).await;
    let invalid_read = |result: Result<Vec<Option<Item>>, TableError>| {
        assert!(matches!(result, Err(TableError::Invalid { .. })), "{result:?}");
    };
    invalid_read(table.get_many(&[]).await);
    invalid_read(table.get_many(&[Key::new("rules", "a"), Key::new("rules", "a")]).await);
    invalid_read(table.get_many(&[Key::new("rules", "")]).await);
    let keys: Vec<Key> = (0..=MAX_KEYS).map(|n| Key::new("rules", n.to_string())).collect();
    invalid_read(table.get_many(&keys).await);
    assert!(matches!(
        table.query("rules", &Range::all(), Order::Ascending, 0).await,
        Err(TableError::Invalid { .. })
    ));
    assert_eq!(sorts(table, "rules", Range::all(), Order::Ascending, 9).await.0, ["large"]);
}

/// Checks that every engine refuses what DynamoDB would refuse.
async fn limits_of_dynamodb_are_checked(table: &dyn Table) {
    let with =
        |sort: &str, body: Value| Write::put(Item { body: body.into(), ..item("sizes", sort, 0) });
    let deep = |levels: usize| (0..levels).fold(json!(1), |value, _| json!([value]));
    for refused in [
        json!(vec![0; MAX_BODY_BYTES / 2 - 10]),
        json!((0..120_000).map(|_| json!([])).collect::<Vec<_>>()),
        deep(MAX_DEPTH + 1),
        json!(1e126),
        json!([-1e300]),
        json!({ "a": 1e-200 }),
        json!({ "a": { "": 1 } }),
    ] {
        let result = table.write(vec![with("a", refused)]).await;
        assert!(matches!(result, Err(TableError::Invalid { .. })), "{result:?}");
    }
    let large = |n: usize| with(&n.to_string(), json!("x".repeat(MAX_BODY_BYTES - 2)));
    let result = table.write((0..11).map(large).collect()).await;
    assert!(matches!(result, Err(TableError::Invalid { .. })), "{result:?}");
    let accepted = json!([deep(MAX_DEPTH - 1), 9.9e125, -1e-130, 0, u64::MAX, i64::MIN, 0.1]);
    let written = vec![with("a", accepted.clone()), with("b", json!(vec![0; 5_000]))];
    table.write(written).await.expect("a body within the limits is written");
    let read = table.get(&Key::new("sizes", "a")).await.expect("readable").expect("there");
    assert_eq!(*read.body, accepted);
}
