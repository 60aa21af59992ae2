//! State of the OIDC configuration, as the last attempts showed it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gazette_authorizer::DiscoveryError;

use super::error::{SignInError, is_permanent};

/// The pause between checks of a configuration that did not work.
const CHECK_PAUSE: Duration = Duration::from_secs(10);

/// State of the sign-in configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SignInHealth {
    /// No error is known.
    #[default]
    Ok,
    /// The user pool rejects the client id or its secret.
    ClientRejected,
    /// The discovery document is of another issuer, or the issuer is not a URL to trust.
    OtherIssuer,
    /// The discovery document is malformed or names endpoints that cannot be trusted.
    InvalidDiscovery,
}

/// Remembers the last error that signing in again cannot resolve.
#[derive(Clone, Default)]
pub(super) struct SignInRecord(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    health: SignInHealth,
    last_check: Option<Instant>,
}

impl SignInRecord {
    pub(super) fn health(&self) -> SignInHealth {
        self.lock().health
    }

    /// Records the result of fetching the discovery document.
    pub(super) fn record_discovery<T>(&self, result: &Result<T, DiscoveryError>) {
        let found = match result {
            Ok(_) => SignInHealth::Ok,
            Err(DiscoveryError::OtherIssuer | DiscoveryError::Issuer) => SignInHealth::OtherIssuer,
            Err(error) if is_permanent(error) => SignInHealth::InvalidDiscovery,
            // A pool that does not answer says nothing about the configuration.
            Err(_) => return,
        };
        self.lock().health = found;
    }

    /// Records the result of a request to the token endpoint.
    pub(super) fn record_token_request<T>(&self, result: &Result<T, SignInError>) {
        match result {
            Ok(_) | Err(SignInError::InvalidGrant) => self.lock().health = SignInHealth::Ok,
            Err(SignInError::Misconfigured(_)) => {
                self.lock().health = SignInHealth::ClientRejected;
            }
            Err(_) => {}
        }
    }

    /// Returns whether the configuration should be checked again now.
    pub(super) fn is_check_due(&self) -> bool {
        let mut state = self.lock();
        if state.last_check.is_some_and(|last| last.elapsed() < CHECK_PAUSE) {
            return false;
        }
        state.last_check = Some(Instant::now());
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use gazette_authorizer::DocumentError;

    use super::*;

    fn after(error: DiscoveryError) -> SignInHealth {
        let record = SignInRecord::default();
        record.record_discovery::<()>(&Err(error));
        record.health()
    }

    #[test]
    fn f_41_a_discovery_document_that_cannot_be_used_is_remembered() {
        assert_eq!(after(DiscoveryError::OtherIssuer), SignInHealth::OtherIssuer);
        assert_eq!(after(DiscoveryError::Malformed), SignInHealth::InvalidDiscovery);
        let endpoint = DiscoveryError::Endpoint("token_endpoint");
        assert_eq!(after(endpoint), SignInHealth::InvalidDiscovery);
        for (status, health) in [
            (404, SignInHealth::InvalidDiscovery),
            (429, SignInHealth::Ok),
            (503, SignInHealth::Ok),
        ] {
            assert_eq!(after(DocumentError::Status(status).into()), health, "{status}");
        }
    }

    #[test]
    fn f_41_a_rejected_client_is_remembered_until_the_pool_accepts_it() {
        let record = SignInRecord::default();
        let scope = SignInError::RequestRejected("invalid_scope".to_owned());
        record.record_token_request::<()>(&Err(scope));
        assert_eq!(record.health(), SignInHealth::Ok);
        let client = SignInError::Misconfigured("invalid_client".to_owned());
        record.record_token_request::<()>(&Err(client));
        record.record_token_request::<()>(&Err(SignInError::Unreachable("down".into())));
        assert_eq!(record.health(), SignInHealth::ClientRejected);
        record.record_token_request::<()>(&Err(SignInError::InvalidGrant));
        assert_eq!(record.health(), SignInHealth::Ok);
    }
}
