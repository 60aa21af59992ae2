//! Timeouts and retries.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::{
    BeforeTransmitInterceptorContextMut, InterceptorContext,
};
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction, RetryPartition, TokenBucket};
use aws_sdk_dynamodb::config::{Config, ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use http::HeaderMap;

use super::error::is_transient;
use crate::trace;

/// Maximum duration of a read including its retries.
pub(super) const READ_DEADLINE: Duration = Duration::from_secs(2);
/// Maximum duration of a write including its retries.
pub(super) const WRITE_DEADLINE: Duration = Duration::from_secs(5);
/// Maximum duration of a page of a scan, which runs in the background.
pub(super) const SCAN_DEADLINE: Duration = Duration::from_secs(10);

/// The pause before the first retry. It doubles for each retry and has random jitter.
pub(super) const INITIAL_BACKOFF: Duration = Duration::from_millis(25);
/// The maximum pause before a retry.
const MAX_BACKOFF: Duration = Duration::from_secs(1);

/// Maximum duration of one attempt, which leaves time for another one on a new connection.
const READ_ATTEMPT_TIMEOUT: Duration = Duration::from_millis(900);
const WRITE_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
const READ_ATTEMPTS: u32 = 3;
const WRITE_ATTEMPTS: u32 = 5;

/// Tokens for retries: a retry costs 5, or 10 after a timeout, and returns them when it succeeds.
/// When DynamoDB fails every call, retries therefore add little load.
const RETRY_BUDGET: usize = 250;

/// Makes a client for reads and one for writes, which share connections and the retry budget.
pub(super) fn clients(client: &Client) -> (Client, Client) {
    let budget = TokenBucket::new(RETRY_BUDGET);
    let partition = RetryPartition::custom("gazette").token_bucket(budget).build();
    let with = |attempt_timeout: Duration, attempts: u32| {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(attempt_timeout)
            .build();
        let retries = RetryConfig::standard()
            .with_initial_backoff(INITIAL_BACKOFF)
            .with_max_backoff(MAX_BACKOFF)
            .with_max_attempts(attempts);
        let config: Config = client
            .config()
            .to_builder()
            .timeout_config(timeouts)
            .retry_config(retries)
            .retry_partition(partition.clone())
            .retry_classifier(TransientCancellations)
            .interceptor(TraceHeaders)
            .build();
        Client::from_conf(config)
    };
    (with(READ_ATTEMPT_TIMEOUT, READ_ATTEMPTS), with(WRITE_ATTEMPT_TIMEOUT, WRITE_ATTEMPTS))
}

/// Lets the SDK retry a transaction that was cancelled for transient reasons.
#[derive(Debug)]
struct TransientCancellations;

impl ClassifyRetry for TransientCancellations {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        let error = error.and_then(|error| error.as_operation_error());
        match error.and_then(|error| error.downcast_ref::<TransactWriteItemsError>()) {
            Some(error) if is_transient(error) => RetryAction::throttling_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "transient cancellations"
    }
}

/// Adds the trace of the request that is being served to each attempt. The headers are not signed,
/// because a proxy on the way may change them.
#[derive(Debug)]
struct TraceHeaders;

impl Intercept for TraceHeaders {
    fn name(&self) -> &'static str {
        "trace headers"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut headers = HeaderMap::new();
        trace::add_headers(&mut headers);
        for (name, value) in &headers {
            let (name, value) = (name.as_str().to_owned(), value.to_str()?.to_owned());
            context.request_mut().headers_mut().insert(name, value);
        }
        Ok(())
    }
}
