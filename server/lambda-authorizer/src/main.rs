//! The `bootstrap` of a Lambda function on `provided.al2023`.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use gazette_authorizer::causes;
use gazette_lambda_authorizer::{LambdaAuthorizer, Settings, SetupError};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    registry().with(log_levels()).with(fmt::layer().json().with_writer(std::io::stderr)).init();
    let authorizer = match configured() {
        Ok(authorizer) => authorizer,
        Err(error) => {
            tracing::error!(%error, cause = causes(&error), "the configuration is invalid");
            return ExitCode::from(2);
        }
    };
    match serve(&authorizer).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the runtime ended");
            ExitCode::FAILURE
        }
    }
}

/// Returns the levels that `RUST_LOG` names; filters by span or field are not supported.
#[expect(clippy::disallowed_methods, reason = "the log starts before the settings are read")]
fn log_levels() -> Targets {
    let levels = std::env::var("RUST_LOG").ok().filter(|levels| !levels.contains(['[', '{']));
    let levels = levels.and_then(|levels| levels.trim_end_matches(',').parse().ok());
    levels.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO))
}

/// Creates the authorizer that the environment describes.
fn configured() -> Result<LambdaAuthorizer, SetupError> {
    LambdaAuthorizer::new(Settings::from_environment()?, Box::new(now))
}

async fn serve(authorizer: &LambdaAuthorizer) -> Result<(), Error> {
    authorizer.prefetch_keys().await;
    lambda_runtime::run(service_fn(|event: LambdaEvent<_>| authorizer.handle(event.payload))).await
}

fn now() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}
