//! Conversion of DynamoDB's errors.

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use gazette_table::{TableError, Write};

const CONDITION_FAILED: &str = "ConditionalCheckFailed";
/// Cancellation reasons that a retry may resolve.
const TRANSIENT: [&str; 3] =
    ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

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
        return TableError::Invalid { reason: DisplayErrorContext(error).to_string() };
    }
    unavailable(error)
}

/// Converts an error of a write without a condition.
pub(super) fn write_error<E>(error: &SdkError<E>) -> TableError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    if is_invalid(error.code()) {
        return TableError::Invalid { reason: DisplayErrorContext(error).to_string() };
    }
    unavailable(error)
}

pub(super) fn unavailable<E: std::error::Error + 'static>(error: &SdkError<E>) -> TableError {
    TableError::Unavailable { reason: DisplayErrorContext(error).to_string() }
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
