//! Credentials of the AWS SDK, kept until shortly before they expire.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use tokio::sync::Mutex;

use super::error::SigningError;

/// Time before the expiry at which credentials are replaced.
const MARGIN: Duration = Duration::from_mins(2);

/// Credentials, kept until shortly before they expire.
#[derive(Debug)]
pub(crate) struct CachedCredentials {
    provider: SharedCredentialsProvider,
    kept: Mutex<Option<Credentials>>,
}

impl CachedCredentials {
    pub(crate) fn new(provider: SharedCredentialsProvider) -> Self {
        Self { provider, kept: Mutex::new(None) }
    }

    /// Returns credentials that are valid at `now`. Requests that wait for them share the answer.
    pub(super) async fn get(&self, now: SystemTime) -> Result<Credentials, SigningError> {
        let mut kept = self.kept.lock().await;
        let is_fresh = |it: &Credentials| it.expiry().is_none_or(|expiry| expiry > now + MARGIN);
        if let Some(credentials) = kept.as_ref().filter(|it| is_fresh(it)) {
            return Ok(credentials.clone());
        }
        let credentials = self.provider.provide_credentials().await;
        let credentials = credentials.map_err(|error| SigningError::Credentials(error.into()))?;
        *kept = Some(credentials.clone());
        Ok(credentials)
    }
}
