//! The AWS SDK's client, from the variables and files that the SDK reads.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::ProvideCredentials as _;

use crate::config::SettingError;
use crate::error_causes::with_causes;

/// Maximum duration of finding credentials, which may need the network.
const CREDENTIALS_DEADLINE: Duration = Duration::from_secs(10);

/// Makes a client with region, credentials and endpoint from the SDK's configuration.
///
/// # Errors
/// When there are no CA certificates, no region or no credentials; the SDK itself would report
/// this at the first call, without the names of the variables.
pub async fn client() -> Result<Client, SettingError> {
    // The SDK panics without them.
    if rustls_native_certs::load_native_certs().certs.is_empty() {
        let message = "there are no CA certificates on this machine, which AWS needs; install \
                       them (package ca-certificates) or set SSL_CERT_FILE to their path";
        return Err(setting_error("SSL_CERT_FILE", message));
    }
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_timeout(Duration::from_secs(10))
        .build();
    let config = aws_config::from_env().timeout_config(timeouts).load().await;
    if config.region().is_none() {
        let message = "must be set when GAZETTE_STORE is dynamodb, for example to eu-central-1; \
                       AWS_PROFILE can name a profile with a region instead";
        return Err(setting_error("AWS_REGION", message));
    }
    check_credentials(&config).await?;
    Ok(Client::new(&config))
}

/// Returns the region of the SDK's configuration.
pub(crate) async fn region() -> Option<String> {
    let config = aws_config::from_env().load().await;
    config.region().map(ToString::to_string)
}

async fn check_credentials(config: &SdkConfig) -> Result<(), SettingError> {
    let reason = match config.credentials_provider() {
        None => "no source of credentials is configured".to_owned(),
        Some(provider) => {
            let found = tokio::time::timeout(CREDENTIALS_DEADLINE, provider.provide_credentials());
            match found.await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(error)) => with_causes(&error),
                Err(_) => "no source of credentials answered in time".to_owned(),
            }
        }
    };
    let message = format!(
        "there are no AWS credentials ({reason}); set it and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, \
         or give the machine a role"
    );
    Err(setting_error("AWS_ACCESS_KEY_ID", message))
}

fn setting_error(variable: &str, message: impl Into<String>) -> SettingError {
    SettingError { variable: variable.to_owned(), message: message.into() }
}
