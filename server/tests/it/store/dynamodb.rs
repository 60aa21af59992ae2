//! The DynamoDB engine when DynamoDB fails: calls end in time, retries are few, results are right.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use gazette_server::store::DynamoDbTable;
use gazette_table::{Clock, Item, Key, Order, Range, Table, TableError, Write};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::endpoint::{Call, Endpoint, Reply, client_of};

const READ_DEADLINE: Duration = Duration::from_millis(2_500);
const WRITE_DEADLINE: Duration = Duration::from_millis(5_500);

pub(super) fn clock() -> Clock {
    Arc::new(|| 0)
}

pub(super) fn item(sort: &str, value: i64) -> Item {
    Item::new(Key::new("p", sort), &json!({ "value": value })).expect("an item")
}

pub(super) fn is_unavailable<T>(result: &Result<T, TableError>) -> bool {
    matches!(result, Err(TableError::Unavailable { .. }))
}

/// Checks that every kind of call fails as unavailable within its deadline.
async fn assert_all_unavailable(table: &DynamoDbTable, when: &str) {
    let (key, all) = ([Key::new("p", "a")], Range::all());
    tokio::join!(
        assert_unavailable_within(READ_DEADLINE, when, table.get(&key[0])),
        assert_unavailable_within(READ_DEADLINE, when, table.get_many(&key)),
        assert_unavailable_within(READ_DEADLINE, when, table.query("p", &all, Order::Ascending, 9)),
        assert_unavailable_within(
            WRITE_DEADLINE,
            when,
            table.write(vec![Write::put(item("a", 1))])
        ),
        assert_unavailable_within(
            WRITE_DEADLINE,
            when,
            table.write(vec![Write::create(item("a", 1))])
        ),
    );
}

async fn assert_unavailable_within<T>(
    deadline: Duration,
    when: &str,
    call: impl Future<Output = Result<T, TableError>>,
) {
    let begun = Instant::now();
    assert!(is_unavailable(&call.await), "{when}");
    assert!(begun.elapsed() < deadline, "{when}");
}

#[tokio::test]
async fn f_09_an_endpoint_that_does_not_answer_is_unavailable_in_time() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr();
    let table = DynamoDbTable::new(&client_of(closed.expect("bound")), "gazette", clock());
    assert_all_unavailable(&table, "connection refused").await;
    // The kernel accepts connections, but nothing answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = silent.local_addr().expect("bound");
    let table = DynamoDbTable::new(&client_of(addr), "gazette", clock());
    assert_all_unavailable(&table, "half open").await;
}

#[tokio::test]
async fn f_09_errors_and_resets_are_unavailable_in_time() {
    let endpoint = Endpoint::new().await;
    for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE] {
        endpoint.script(move |_| Reply::error(status, "InternalServerError"));
        assert_all_unavailable(&endpoint.table(clock()), status.as_str()).await;
    }
    endpoint.script(|_| Reply::Reset);
    assert_all_unavailable(&endpoint.table(clock()), "reset").await;
    endpoint.script(|_| Reply::Late(Duration::from_secs(30)));
    assert_all_unavailable(&endpoint.table(clock()), "late").await;
}

#[tokio::test]
async fn f_09_a_transient_error_is_retried() {
    let endpoint = Endpoint::new().await;
    endpoint.script(|call| match call.number {
        1 => Reply::Reset,
        2 => Reply::error(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable"),
        _ => Reply::Real,
    });
    let table = endpoint.table(clock());
    assert_eq!(table.write(vec![Write::put(item("a", 1))]).await, Ok(()));
    assert_eq!(table.get(&item("a", 1).key).await, Ok(Some(item("a", 1))));
    let slow_once = |call: &Call| match call.number {
        1 => Reply::Late(Duration::from_secs(30)),
        _ => Reply::Real,
    };
    endpoint.spent();
    endpoint.script(slow_once);
    assert_eq!(table.get(&item("a", 1).key).await, Ok(Some(item("a", 1))));
}

#[tokio::test]
async fn f_08_throttled_calls_end_in_time_with_few_retries() {
    const CALLS: usize = 300;
    const CALLERS: usize = 10;
    let endpoint = Endpoint::new().await;
    for code in
        ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]
    {
        endpoint.script(move |_| Reply::error(StatusCode::BAD_REQUEST, code));
        assert_all_unavailable(&endpoint.table(clock()), code).await;
        let table = Arc::new(endpoint.table(clock()));
        endpoint.spent();
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let table = Arc::clone(&table);
            callers.spawn(async move {
                for _ in 0..CALLS / CALLERS {
                    assert!(is_unavailable(&table.get(&Key::new("p", "a")).await));
                }
            });
        }
        callers.join_all().await;
        let asked = endpoint.spent().calls_of("GetItem");
        assert!((CALLS..=CALLS * 12 / 10).contains(&asked), "{asked} requests for {CALLS} calls");
    }
}

#[tokio::test]
async fn f_10_unprocessed_keys_are_requested_again() {
    let endpoint = Endpoint::new().await;
    let table = endpoint.table(clock());
    let items: Vec<Item> = (0..9).map(|n| item(&n.to_string(), n)).collect();
    table.write(items.iter().cloned().map(Write::put).collect()).await.expect("written");
    let keys: Vec<Key> = items.iter().map(|item| item.key.clone()).collect();
    // Every answer processes two keys, except the second one, which processes none.
    endpoint.script(|call| {
        let asked = call.body["RequestItems"]["gazette"].clone();
        let mut left = asked.clone();
        if call.number == 2 {
            let body = json!({ "Responses": {}, "UnprocessedKeys": { "gazette": left } });
            return Reply::Custom(StatusCode::OK, body);
        }
        let keys = left["Keys"].as_array_mut().expect("keys");
        let read: Vec<_> = keys.drain(..2.min(keys.len())).collect();
        let items: Vec<_> = read.iter().map(stored).collect();
        let left = if keys.is_empty() { json!({}) } else { json!({ "gazette": left }) };
        let body = json!({ "Responses": { "gazette": items }, "UnprocessedKeys": left });
        Reply::Custom(StatusCode::OK, body)
    });
    let found = table.get_many(&keys).await.expect("readable");
    assert!(found.into_iter().eq(items.into_iter().map(Some)));
    assert_eq!(endpoint.spent().calls_of("BatchGetItem"), 6);
    endpoint.script(|call| {
        let left = &call.body["RequestItems"];
        Reply::Custom(StatusCode::OK, json!({ "Responses": {}, "UnprocessedKeys": left }))
    });
    let begun = Instant::now();
    assert!(is_unavailable(&table.get_many(&keys).await));
    assert!(begun.elapsed() < READ_DEADLINE);
    assert!(endpoint.spent().calls_of("BatchGetItem") <= 5);
}

/// Returns the stored form of the item that [`item`] makes under this key.
fn stored(key: &serde_json::Value) -> serde_json::Value {
    json!({
        "partition": key["partition"],
        "sort": key["sort"],
        "version": { "N": "1" },
        "body": { "M": { "value": { "N": key["sort"]["S"] } } },
    })
}

#[tokio::test]
async fn f_13_every_read_is_strongly_consistent() {
    let endpoint = Endpoint::new().await;
    let clock = gazette_table::conformance::ManualClock::default();
    let table = Arc::new(endpoint.table(clock.clock()));
    gazette_table::conformance::run(table, &clock).await;
    let spent = endpoint.spent();
    assert!(
        spent.calls_of("GetItem") * spent.calls_of("Query") * spent.calls_of("BatchGetItem") > 0
    );
    assert_eq!(spent.stale, 0);
}

#[tokio::test]
async fn f_14_a_large_item_is_refused_before_it_is_sent() {
    let endpoint = Endpoint::new().await;
    let table = endpoint.table(clock());
    let large = Item { body: json!("x".repeat(500_000)).into(), ..item("a", 1) };
    let refused = table.write(vec![Write::put(large)]).await;
    assert!(matches!(refused, Err(TableError::Invalid { .. })), "{refused:?}");
    assert!(endpoint.spent().calls.is_empty());
}

#[tokio::test]
async fn f_14_a_page_can_be_larger_than_one_of_dynamodb() {
    let endpoint = Endpoint::new().await;
    let table = endpoint.table(clock());
    let large =
        |n: i64| Item { body: json!("x".repeat(300_000)).into(), ..item(&n.to_string(), n) };
    for n in 0..8 {
        table.write(vec![Write::put(large(n))]).await.expect("written");
    }
    endpoint.spent();
    let page = table.query("p", &Range::all(), Order::Descending, 7).await.expect("readable");
    assert!(page.items.into_iter().eq((1..8).rev().map(large)) && page.more);
    assert!(endpoint.spent().calls_of("Query") > 1);
}

#[tokio::test]
async fn f_14_repeated_pages_are_an_error() {
    let endpoint = Endpoint::new().await;
    let table = endpoint.table(clock());
    for ends in [&["a", "a"][..], &["a", "b", "a"], &["b", "c", "b", "c"]] {
        let ends: Vec<String> = ends.iter().map(|end| (*end).to_owned()).collect();
        endpoint.spent();
        endpoint.script(move |call| {
            let end = &ends[(call.number - 1) % ends.len()];
            let key = json!({ "partition": { "S": "p" }, "sort": { "S": end } });
            Reply::Custom(StatusCode::OK, json!({ "Items": [], "LastEvaluatedKey": key }))
        });
        let begun = Instant::now();
        assert!(is_unavailable(&table.query("p", &Range::all(), Order::Ascending, 9).await));
        assert!(begun.elapsed() < Duration::from_secs(1));
        assert!(endpoint.spent().calls_of("Query") <= 4);
    }
}
