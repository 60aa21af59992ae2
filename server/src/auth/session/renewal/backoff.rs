//! Pauses after failed renewals: of all sessions while the pool is unreachable, else of one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gazette_authorizer::TokenError;

use crate::auth::oidc::SignInError;
use crate::auth::session::hash::SessionHash;

/// Time without requests to the pool after a failure.
const BACKOFF_SECONDS: i64 = 5;
/// Sessions whose failures are remembered.
const MAX_SESSIONS: usize = 10_000;

/// Pauses after failed renewals.
///
/// Only an unreachable pool pauses all sessions. An error that the pool sends for one account must
/// not keep others from renewing theirs.
#[derive(Default)]
pub(super) struct Backoff(Mutex<Pauses>);

/// Unix times before which the pool is not asked.
#[derive(Default)]
struct Pauses {
    pool: i64,
    sessions: HashMap<SessionHash, i64>,
}

impl Backoff {
    /// Checks whether the pool must not be asked for this session now.
    pub(super) fn is_paused(&self, session: &SessionHash, now: i64) -> bool {
        // A pause that ends later began before the clock was set back.
        let present = now + 1..=now + BACKOFF_SECONDS;
        let pauses = self.pauses();
        let of_session = pauses.sessions.get(session);
        present.contains(&pauses.pool) || of_session.is_some_and(|until| present.contains(until))
    }

    /// Begins the pause after a failed renewal.
    pub(super) fn record(&self, session: &SessionHash, error: &SignInError, now: i64) {
        let mut pauses = self.pauses();
        let until = now + BACKOFF_SECONDS;
        match error {
            SignInError::Unreachable(_) | SignInError::Token(TokenError::KeysUnavailable) => {
                pauses.pool = until;
            }
            SignInError::InvalidResponse(_)
            | SignInError::InvalidGrant
            | SignInError::RequestRejected(_)
            | SignInError::Misconfigured(_)
            | SignInError::InvalidDiscovery(_)
            | SignInError::Token(_) => {
                pauses.sessions.retain(|_, until| *until > now);
                if pauses.sessions.len() < MAX_SESSIONS {
                    pauses.sessions.insert(session.clone(), until);
                }
            }
        }
    }

    fn pauses(&self) -> MutexGuard<'_, Pauses> {
        // The times remain valid if another thread panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tower_sessions::session::Id;

    use super::*;

    #[test]
    fn f_24_a_clock_that_is_set_back_ends_a_pause() {
        let session = SessionHash::of(&Id(1));
        for error in [SignInError::Unreachable("down".into()), SignInError::InvalidGrant] {
            let backoff = Backoff::default();
            backoff.record(&session, &error, 10_000);
            assert!(backoff.is_paused(&session, 10_000), "{error}");
            assert!(!backoff.is_paused(&session, 10_000 - 3_600), "{error}");
        }
    }

    #[test]
    fn oau_09_only_an_unreachable_pool_pauses_all_sessions() {
        let [one, other] = [1, 2].map(|id| SessionHash::of(&Id(id)));
        let paused = |error: &SignInError| {
            let backoff = Backoff::default();
            backoff.record(&one, error, 100);
            assert!(!backoff.is_paused(&one, 105) && backoff.is_paused(&one, 104));
            backoff.is_paused(&other, 104)
        };
        assert!(paused(&SignInError::Unreachable("down".into())));
        assert!(paused(&SignInError::Token(TokenError::KeysUnavailable)));
        for error in [
            SignInError::Token(TokenError::Groups),
            SignInError::Token(TokenError::UnknownKey),
            SignInError::InvalidResponse("no JSON".into()),
            SignInError::RequestRejected("slow_down".to_owned()),
        ] {
            assert!(!paused(&error), "{error}");
        }
    }
}
