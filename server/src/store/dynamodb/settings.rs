//! How long the engine waits, and how often it tries.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Config;
use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction, RetryPartition, TokenBucket};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

use super::fault::is_in_the_way;

/// Within which a read has an answer or fails, all its tries together.
pub(super) const READ_DEADLINE: Duration = Duration::from_secs(2);
/// The same for a write.
pub(super) const WRITE_DEADLINE: Duration = Duration::from_secs(5);
/// The same for a page of a scan, which nobody waits for in front of a screen.
pub(super) const SCAN_DEADLINE: Duration = Duration::from_secs(10);

/// The pause before the second try; it doubles, and a random part of it is taken.
pub(super) const PAUSE: Duration = Duration::from_millis(25);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What a try may last. There is time for another one on a fresh connection.
const READ_TRY: Duration = Duration::from_millis(900);
const WRITE_TRY: Duration = Duration::from_secs(2);
const CONNECT: Duration = Duration::from_millis(500);
const READ_TRIES: u32 = 3;
const WRITE_TRIES: u32 = 5;

/// A retry costs 5 of these, or 10 after a timeout, and gives them back when it succeeds; so a
/// DynamoDB that fails every call is asked hardly more often than we are.
const RETRY_BUDGET: usize = 250;

/// A client for reads and one for writes, which share connections and the budget for retries.
pub(super) fn clients(client: &Client) -> (Client, Client) {
    let budget = TokenBucket::new(RETRY_BUDGET);
    let partition = RetryPartition::custom("gazette").token_bucket(budget).build();
    let with = |one_try: Duration, tries: u32| {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(one_try)
            .build();
        let retries = RetryConfig::standard()
            .with_initial_backoff(PAUSE)
            .with_max_backoff(LONGEST_PAUSE)
            .with_max_attempts(tries);
        let config: Config = client
            .config()
            .to_builder()
            .timeout_config(timeouts)
            .retry_config(retries)
            .retry_partition(partition.clone())
            .retry_classifier(PassingCancellations)
            .build();
        Client::from_conf(config)
    };
    (with(READ_TRY, READ_TRIES), with(WRITE_TRY, WRITE_TRIES))
}

/// Lets the SDK try a transaction again that was cancelled by something that passes.
#[derive(Debug)]
struct PassingCancellations;

impl ClassifyRetry for PassingCancellations {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        let error = error.and_then(|error| error.as_operation_error());
        match error.and_then(|error| error.downcast_ref::<TransactWriteItemsError>()) {
            Some(error) if is_in_the_way(error) => RetryAction::throttling_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "passing cancellations"
    }
}
