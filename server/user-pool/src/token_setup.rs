//! Setting an authenticator app up during a sign-in, in a pool whose users must have one.

use crate::challenge::{ChallengeError, Step};
use crate::error::SessionError;
use crate::grants::{Challenge, SignIn};
use crate::pool::UserPool;
use crate::totp::{SoftwareToken, TokenCodeError};
use crate::user::Account;

impl UserPool {
    /// Returns the username and the secret for the app of a sign-in that waits for one.
    pub(crate) async fn token_to_set_up(
        &self,
        step: &Step<'_>,
    ) -> Result<(String, String), ChallengeError> {
        let (sign_in, token) = self.find_setup(step).await?;
        Ok((sign_in.username, token.secret))
    }

    /// Sets the app up by its first code. The sign-in still waits for [`UserPool::end_setup`].
    /// Wrong codes count as wrong passwords.
    pub(crate) async fn set_token_up(
        &self,
        step: &Step<'_>,
        code: &str,
    ) -> Result<(), ChallengeError> {
        let (sign_in, token) = self.find_setup(step).await?;
        let attempt = self.begin_attempt(&sign_in.username).await?;
        let now = self.now();
        match self.directory().set_token(&sign_in, &token, code, now).await? {
            Ok(_) => {
                attempt.succeed();
                tracing::info!("a user set up an authenticator app");
                Ok(())
            }
            Err(TokenCodeError::Wrong) => {
                attempt.fail(now);
                Err(ChallengeError::WrongCode)
            }
            // Only another sign-in can have set one up.
            Err(TokenCodeError::Used) => Err(ChallengeError::Session(SessionError::Expired)),
        }
    }

    /// Completes a sign-in whose app was set up.
    pub(crate) async fn end_setup(&self, step: &Step<'_>) -> Result<Account, ChallengeError> {
        let (sign_in, token) = self.find_setup(step).await?;
        let account = self.directory().account_of(&sign_in).await?;
        let is_set_up = |account: &Account| {
            account.second_factor.token.as_ref().is_some_and(|own| own.secret == token.secret)
        };
        let account =
            account.filter(is_set_up).ok_or(ChallengeError::Session(SessionError::Invalid))?;
        self.state.challenges.end(step.session, self.now()).await?;
        Ok(account)
    }

    async fn find_setup(&self, step: &Step<'_>) -> Result<(SignIn, SoftwareToken), ChallengeError> {
        match self.find_challenge(step).await? {
            Challenge::SetUp { sign_in, token } => Ok((sign_in, token)),
            Challenge::NewPassword(_)
            | Challenge::SoftwareToken(_)
            | Challenge::Password { .. } => Err(ChallengeError::Session(SessionError::Invalid)),
        }
    }
}
