//! Endpoints of the hosted UI, found once.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gazette_authorizer::discover;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::config::OidcClientConfig;
use super::endpoints::Endpoints;
use super::error::SignInError;
use super::health::SignInRecord;

/// Time for which a failure is remembered.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Endpoints of the hosted UI.
///
/// Concurrent callers share one attempt to find them, which takes three seconds at most. Callers
/// shortly after a failed attempt fail at once.
pub(super) struct DiscoveredEndpoints {
    found: Arc<OnceLock<Endpoints>>,
    record: SignInRecord,
    /// Locked during an attempt.
    last_failure: Arc<Mutex<Option<Failure>>>,
}

struct Failure {
    at: Instant,
    error: SignInError,
}

impl DiscoveredEndpoints {
    /// Creates them unknown, unless the origin of the hosted UI is configured. `record` learns the
    /// outcome of each attempt.
    pub(super) fn new(record: SignInRecord, domain: Option<&str>) -> Self {
        let found = domain.and_then(|domain| Endpoints::on(domain).ok());
        let found = Arc::new(found.map_or_else(OnceLock::new, OnceLock::from));
        Self { found, record, last_failure: Arc::default() }
    }

    /// Returns the endpoints if they are known.
    pub(super) fn get(&self) -> Option<&Endpoints> {
        self.found.get()
    }

    /// Returns the endpoints and finds them first if they are unknown.
    pub(super) async fn find(&self, config: &OidcClientConfig) -> Result<&Endpoints, SignInError> {
        if let Some(endpoints) = self.found.get() {
            return Ok(endpoints);
        }
        if let Some(domain) = &config.domain {
            let endpoints = Endpoints::on(domain)?;
            return Ok(self.found.get_or_init(|| endpoints));
        }
        self.discover(&config.issuer).await?;
        self.found.get().ok_or_else(|| SignInError::Unreachable("discovery was cancelled".into()))
    }

    async fn discover(&self, issuer: &str) -> Result<(), SignInError> {
        let mut last_failure = Arc::clone(&self.last_failure).lock_owned().await;
        if self.found.get().is_some() {
            return Ok(());
        }
        if let Some(failure) = &*last_failure
            && failure.at.elapsed() < RETRY_AFTER
        {
            return Err(failure.error.clone());
        }
        let (found, record) = (Arc::clone(&self.found), self.record.clone());
        let issuer = issuer.to_owned();
        // In a task of its own, so that a client that disconnects does not cancel the attempt that
        // others wait for.
        let attempt = tokio::spawn(async move {
            let discovered = discover(&issuer).await;
            record.record_discovery(&discovered);
            let outcome = discovered.map(|discovery| drop(found.set(discovery.into())));
            let outcome = outcome.map_err(SignInError::from);
            let error = outcome.as_ref().err().cloned();
            *last_failure = error.map(|error| Failure { at: Instant::now(), error });
            outcome
        });
        attempt.await.map_err(|error| SignInError::Unreachable(error.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::net::TcpListener;

    use super::*;

    /// Returns the issuer of a server that never answers, and its count of connections.
    async fn silent_issuer() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}/pool", listener.local_addr().expect("bound"));
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                open.push(stream);
            }
        });
        (issuer, connections)
    }

    #[tokio::test]
    async fn callers_share_one_attempt_and_do_not_queue() {
        let (issuer, connections) = silent_issuer().await;
        let config = OidcClientConfig {
            issuer,
            client_id: String::new(),
            client_secret: None,
            domain: None,
            public_url: String::new(),
        };
        let endpoints = DiscoveredEndpoints::new(SignInRecord::default(), None);
        let begun = Instant::now();
        let calls = (0..20).map(|_| endpoints.find(&config));
        for result in futures_util::future::join_all(calls).await {
            assert!(matches!(result, Err(SignInError::Unreachable(_))));
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        let again = Instant::now();
        assert!(endpoints.find(&config).await.is_err());
        assert!(again.elapsed() < Duration::from_secs(1), "the failure is remembered");
        assert_eq!(connections.load(Ordering::SeqCst), 1);
    }
}
