//! Transactions of the DynamoDB engine: cancellations, retries and lost answers.

use axum::http::StatusCode;
use gazette_table::{Condition, Key, Table, TableError, Write};
use serde_json::json;

use super::dynamodb::{clock, is_unavailable, item};
use crate::endpoint::{Call, Endpoint, Reply};

/// Returns a cancellation with these reasons, in the order of the writes.
fn cancelled(reasons: &[&str]) -> Reply {
    let reasons: Vec<_> = reasons.iter().map(|code| json!({ "Code": code })).collect();
    let code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let body = json!({ "__type": code, "message": "scripted", "CancellationReasons": reasons });
    Reply::Custom(StatusCode::BAD_REQUEST, body)
}

#[tokio::test]
async fn f_11_every_cancellation_reason_has_its_error() {
    let endpoint = Endpoint::new().await;
    let batch = || vec![Write::put(item("a", 1)), Write::create(item("b", 1))];
    let conflict = TableError::Conflict { key: Key::new("p", "b") };
    for (reasons, is_transient) in [
        (["None", "TransactionConflict"], true),
        (["ThrottlingError", "None"], true),
        (["ProvisionedThroughputExceeded", "TransactionConflict"], true),
        (["None", "ConditionalCheckFailed"], false),
        (["TransactionConflict", "ConditionalCheckFailed"], false),
        (["None", "ValidationError"], false),
        (["None", "ItemCollectionSizeLimitExceeded"], false),
    ] {
        endpoint.spent();
        endpoint.script(move |call| match call.number {
            1 => cancelled(&reasons),
            _ => Reply::Real,
        });
        let result = endpoint.table(clock()).write(batch()).await;
        let tries = endpoint.spent().calls_of("TransactWriteItems");
        match reasons[1] {
            "ConditionalCheckFailed" => assert_eq!(result, Err(conflict.clone())),
            _ if is_transient => assert_eq!(result, Ok(()), "{reasons:?}"),
            _ => assert!(matches!(result, Err(TableError::Invalid { .. })), "{result:?}"),
        }
        assert_eq!(tries, if is_transient { 2 } else { 1 }, "{reasons:?}");
        endpoint.script(|_| Reply::Real);
        let delete = vec![Write::delete(Key::new("p", "a")), Write::delete(Key::new("p", "b"))];
        endpoint.table(clock()).write(delete).await.expect("deleted");
    }
    endpoint.script(|_| cancelled(&["TransactionConflict", "None"]));
    assert!(is_unavailable(&endpoint.table(clock()).write(batch()).await));
}

#[tokio::test]
async fn f_11_a_transaction_in_progress_is_retried_and_a_mismatch_is_not() {
    let endpoint = Endpoint::new().await;
    let table = endpoint.table(clock());
    endpoint.script(|call| match call.number {
        1 => Reply::error(StatusCode::BAD_REQUEST, "TransactionInProgressException"),
        _ => Reply::Real,
    });
    assert_eq!(table.write(vec![Write::create(item("a", 1))]).await, Ok(()));
    assert_eq!(endpoint.spent().calls_of("TransactWriteItems"), 2);
    endpoint
        .script(|_| Reply::error(StatusCode::BAD_REQUEST, "IdempotentParameterMismatchException"));
    assert!(is_unavailable(&table.write(vec![Write::create(item("b", 1))]).await));
    assert_eq!(endpoint.spent().calls_of("TransactWriteItems"), 1);
}

#[tokio::test]
async fn f_12_a_write_with_a_lost_answer_happens_once_and_is_acknowledged() {
    let endpoint = Endpoint::new().await;
    let table = endpoint.table(clock());
    let lose_first = |call: &Call| if call.number == 1 { Reply::Lost } else { Reply::Real };
    let key = item("a", 1).key;
    for write in [
        vec![Write::create(item("a", 1))],
        vec![Write::replace(item("a", 2).version(2), 1)],
        vec![Write::replace(item("a", 3).version(3), 2), Write::create(item("b", 1))],
        vec![Write::put(item("c", 1))],
        vec![Write::Delete { key: key.clone(), condition: Condition::Version(3) }],
        vec![Write::delete(Key::new("p", "b"))],
    ] {
        endpoint.spent();
        endpoint.script(lose_first);
        assert_eq!(table.write(write.clone()).await, Ok(()), "{write:?}");
        let tries: usize = endpoint.spent().calls.values().sum();
        assert_eq!(tries, 2, "{write:?}");
    }
    assert_eq!(table.get(&key).await, Ok(None));
    assert_eq!(table.get(&item("c", 1).key).await, Ok(Some(item("c", 1))));
    endpoint.script(|_| Reply::Lost);
    assert!(is_unavailable(&table.write(vec![Write::create(item("d", 1))]).await));
}
