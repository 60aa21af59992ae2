//! Conversion of DynamoDB's errors.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use gazette_table::{TableError, Write};

use crate::error_causes::with_causes;

const MISSING_TABLE: &str = "the DynamoDB table does not exist: `gazette table create` creates it; or check GAZETTE_TABLE and AWS_REGION";
const CONDITION_FAILED: &str = "ConditionalCheckFailed";
/// Cancellation reasons that a retry may resolve.
const TRANSIENT: [&str; 3] =
    ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// Codes that say nothing about the request: the same one may succeed later.
const TEMPORARY: [&str; 5] = [
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
];

/// Error from checking the table before the start.
#[derive(Debug, thiserror::Error)]
pub enum TableCheckError {
    /// DynamoDB refuses requests to this table.
    #[error("{0}")]
    Refused(String),
    /// DynamoDB was not reached, or cannot respond now.
    #[error("{0}")]
    Unavailable(String),
}

/// Converts an error of a request that checks the table.
pub(super) fn check_error<E>(error: &SdkError<E>) -> TableCheckError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    match error.code() {
        Some(code) if !TEMPORARY.contains(&code) => TableCheckError::Refused(text(error)),
        _ => TableCheckError::Unavailable(text(error)),
    }
}

/// Checks whether a transaction was cancelled for transient reasons only.
pub(super) fn is_transient(error: &TransactWriteItemsError) -> bool {
    let mut codes = codes(error).filter(|code| *code != "None").peekable();
    codes.peek().is_some() && codes.all(|code| TRANSIENT.contains(&code))
}

/// Converts an error of a transaction of this batch.
pub(super) fn transaction_error(
    batch: &[Write],
    error: &SdkError<TransactWriteItemsError>,
) -> TableError {
    let Some(cause) = error.as_service_error() else { return unavailable(error) };
    let failed = codes(cause).position(|code| code == CONDITION_FAILED);
    if let Some(write) = failed.and_then(|at| batch.get(at)) {
        return TableError::Conflict { key: write.key().clone() };
    }
    let invalid = ["ValidationError", "ItemCollectionSizeLimitExceeded"];
    if codes(cause).any(|code| invalid.contains(&code)) || is_invalid(cause.meta().code()) {
        return TableError::Invalid { reason: text(error) };
    }
    unavailable(error)
}

/// Converts an error of a write without a condition.
pub(super) fn write_error<E>(error: &SdkError<E>) -> TableError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    if is_invalid(error.code()) {
        return TableError::Invalid { reason: text(error) };
    }
    unavailable(error)
}

pub(super) fn unavailable<E>(error: &SdkError<E>) -> TableError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    TableError::Unavailable { reason: text(error) }
}

/// Returns the error in words for the operator: what DynamoDB said, or why it was not reached.
pub(super) fn text<E>(error: &SdkError<E>) -> String
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    match error.code() {
        Some("ResourceNotFoundException") => MISSING_TABLE.to_owned(),
        Some(code) => format!("DynamoDB: {code}: {}", error.message().unwrap_or("no message")),
        None => format!("DynamoDB cannot be reached: {}", with_causes(error)),
    }
}

pub(super) fn invalid(error: &impl std::fmt::Display) -> TableError {
    TableError::Invalid { reason: error.to_string() }
}

fn is_invalid(code: Option<&str>) -> bool {
    code == Some("ValidationException")
}

fn codes(error: &TransactWriteItemsError) -> impl Iterator<Item = &str> {
    let reasons = match error {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons()
        }
        _ => &[],
    };
    reasons.iter().map(|reason: &CancellationReason| reason.code().unwrap_or("None"))
}
