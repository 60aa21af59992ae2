//! Random sequences of calls, compared between an engine and the in-memory model.

use std::cell::Cell;
use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Number, Value, json};
use tokio::runtime::Runtime;

use super::ManualClock;
use crate::{Condition, Item, Key, MemoryTable, Order, Range, Table, Write};

/// A call of a table, or a change of the time.
#[derive(Clone, Debug)]
enum Step {
    Write(Vec<(ShortKey, Change)>),
    GetMany(Vec<ShortKey>),
    Query {
        partition: u8,
        after: Option<u8>,
        before: Option<u8>,
        order: Order,
        limit: usize,
    },
    Pass(i64),
    /// Its count is not compared: some engines remove expired items by themselves.
    Purge,
}

/// A partition and a sort key, from a small set.
type ShortKey = (u8, u8);

#[derive(Clone, Debug)]
enum Change {
    Put { condition: Condition, version: u64, lifetime: Option<i64>, body: Value },
    Delete { condition: Condition },
}

/// Runs random sequences of calls on an engine whose items expire by `clock` and compares every
/// result with that of the model.
///
/// # Panics
/// When a result differs; the message contains the shortest failing sequence.
pub fn compare(table: &Arc<dyn Table>, clock: &ManualClock, histories: u32) {
    let runtime = Runtime::new().expect("a runtime");
    let config = Config { cases: histories, failure_persistence: None, ..Config::default() };
    let name = Cell::new(0);
    let outcome = TestRunner::new(config).run(&vec(step(), 1..30), |steps| {
        // Every sequence has its own partitions, so the engine can be reused.
        name.set(name.get() + 1);
        runtime.block_on(compare_one(&**table, clock, name.get(), steps));
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}

async fn compare_one(table: &dyn Table, clock: &ManualClock, name: u32, steps: Vec<Step>) {
    let mut now = 10_000;
    clock.set(now);
    let model = MemoryTable::new(clock.clock());
    let key = |(partition, sort): ShortKey| {
        Key::new(format!("history {name} {partition}"), format!("{}", char::from(b'a' + sort)))
    };
    for step in steps {
        match step {
            Step::Pass(seconds) => {
                now += seconds;
                clock.set(now);
            }
            Step::Purge => {
                model.purge().await.expect("the model answers");
                table.purge().await.expect("a purge answers");
            }
            Step::Write(changes) => {
                let batch: Vec<Write> = changes
                    .into_iter()
                    .map(|(short_key, change)| change.into_write(key(short_key), now))
                    .collect();
                let expected = model.write(batch.clone()).await;
                assert_eq!(table.write(batch).await, expected);
            }
            Step::GetMany(short_keys) => {
                let keys: Vec<Key> = short_keys.into_iter().map(key).collect();
                assert_eq!(table.get_many(&keys).await, model.get_many(&keys).await);
                for key in &keys {
                    assert_eq!(table.get(key).await, model.get(key).await);
                }
            }
            Step::Query { partition, after, before, order, limit } => {
                let end = |sort: u8| key((partition, sort)).sort;
                let range = Range { after: after.map(end), before: before.map(end) };
                let partition = key((partition, 0)).partition;
                let expected = model.query(&partition, &range, order, limit).await;
                assert_eq!(table.query(&partition, &range, order, limit).await, expected);
            }
        }
    }
}

impl Change {
    fn into_write(self, key: Key, now: i64) -> Write {
        match self {
            Self::Put { condition, version, lifetime, body } => {
                let expires_at = lifetime.map(|seconds| now + seconds);
                Write::Put { item: Item { key, version, expires_at, body: body.into() }, condition }
            }
            Self::Delete { condition } => Write::Delete { key, condition },
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let order = prop_oneof![Just(Order::Ascending), Just(Order::Descending)];
    let end = || proptest::option::of(0..6_u8);
    prop_oneof![
        5 => btree_map(short_key(), change(), 1..5).prop_map(|batch| Step::Write(batch.into_iter().collect())),
        2 => proptest::collection::btree_set(short_key(), 1..8)
            .prop_map(|short_keys| Step::GetMany(short_keys.into_iter().rev().collect())),
        3 => (0..2_u8, end(), end(), order, 1..8_usize).prop_map(
            |(partition, after, before, order, limit)| {
                Step::Query { partition, after, before, order, limit }
            }
        ),
        1 => (0..15_i64).prop_map(Step::Pass),
        1 => Just(Step::Purge),
    ]
}

fn short_key() -> impl Strategy<Value = ShortKey> {
    (0..2_u8, 0..6_u8)
}

fn change() -> impl Strategy<Value = Change> {
    let condition = || {
        prop_oneof![
            2 => Just(Condition::Any),
            2 => Just(Condition::Absent),
            2 => (1..4_u64).prop_map(Condition::Version),
        ]
    };
    let lifetime = proptest::option::weighted(0.3, -5..20_i64);
    prop_oneof![
        3 => (condition(), 1..4_u64, lifetime, body()).prop_map(|(condition, version, lifetime, body)| {
            Change::Put { condition, version, lifetime, body }
        }),
        1 => condition().prop_map(|condition| Change::Delete { condition }),
    ]
}

fn body() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        fraction().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("\\PC{1,6}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

/// Numbers with a fraction; 2.0 may be returned as an integer.
fn fraction() -> impl Strategy<Value = Number> {
    (any::<i32>(), -20..20_i32).prop_filter_map("not whole", |(digits, exponent)| {
        let number = f64::from(digits) * 10_f64.powi(exponent);
        if number.fract() == 0.0 { None } else { Number::from_f64(number) }
    })
}
