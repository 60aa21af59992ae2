//! Sign-ins in several steps: a new password, a code of an app.

use crate::client::AppClient;
use crate::error::{
    InternalError, LockedError, NewPasswordError, SessionError, SignInError, StepError,
};
use crate::grants::{Challenge, SignIn};
use crate::mfa_setting::SecondStep;
use crate::pool::{SignedIn, UserPool};
use crate::totp::{SoftwareToken, TokenCodeError};
use crate::user::Account;

/// A step of a sign-in as a request names it.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) session: &'a str,
    /// Client of the request; `None` for an operation that has none.
    client: Option<&'a AppClient>,
    /// Name or address of the user, if the request has one.
    username: Option<&'a str>,
}

impl<'a> Step<'a> {
    pub(crate) fn of_any_client(session: &'a str) -> Self {
        Self { session, client: None, username: None }
    }

    pub(crate) fn of_client(session: &'a str, client: &'a AppClient) -> Self {
        Self { client: Some(client), ..Self::of_any_client(session) }
    }

    pub(crate) fn of_user(session: &'a str, client: &'a AppClient, username: &'a str) -> Self {
        Self { username: Some(username), ..Self::of_client(session, client) }
    }
}

/// Error of a step of a sign-in.
#[derive(Debug)]
pub(crate) enum ChallengeError {
    Session(SessionError),
    WrongCode,
    UsedCode,
    /// The proof, or the state of the account.
    SignIn(SignInError),
    /// The client's public number is invalid.
    InvalidNumber,
    Internal(InternalError),
}

impl UserPool {
    /// Goes on after the right password: with tokens, or with what is missing.
    pub(crate) async fn after_password(
        &self,
        client: &AppClient,
        account: Account,
    ) -> Result<SignedIn, SignInError> {
        if account.unconfirmed {
            return Err(SignInError::NotConfirmed);
        }
        if account.reset_required {
            return Err(SignInError::ResetRequired);
        }
        let now = self.now();
        let sign_in = SignIn::new(&account, now);
        match account.temporary_until {
            Some(until) if now >= until => Err(SignInError::TemporaryPasswordExpired),
            Some(_) => {
                let challenge = Challenge::NewPassword(sign_in);
                let session = self.state.challenges.issue(client, &challenge, now).await?;
                Ok(SignedIn::NewPasswordRequired { account, session })
            }
            None => self.after_permanent_password(client, account, sign_in).await,
        }
    }

    async fn after_permanent_password(
        &self,
        client: &AppClient,
        account: Account,
        sign_in: SignIn,
    ) -> Result<SignedIn, SignInError> {
        let (challenges, now) = (&self.state.challenges, self.now());
        match self.state.mfa.get().await?.second_step(&account.second_factor) {
            SecondStep::Nothing => Ok(SignedIn::Complete(account)),
            SecondStep::Code => {
                let challenge = Challenge::SoftwareToken(sign_in);
                let session = challenges.issue(client, &challenge, now).await?;
                Ok(SignedIn::CodeRequired { account, session })
            }
            SecondStep::SetUp => {
                let challenge = Challenge::SetUp { sign_in, token: SoftwareToken::random()? };
                let session = challenges.issue(client, &challenge, now).await?;
                Ok(SignedIn::SetUpRequired { account, session })
            }
        }
    }

    /// Returns the challenge of a step, which stays. Its session is of no use to other clients and
    /// users.
    pub(crate) async fn find_challenge(&self, step: &Step<'_>) -> Result<Challenge, StepError> {
        let challenges = &self.state.challenges;
        let challenge = challenges.find(step.session, step.client, self.now()).await?;
        let Some(name) = step.username else { return Ok(challenge) };
        let account = self.directory().resolve(name).await?;
        let name = account.as_ref().map_or(name, |account| account.user.username.as_str());
        if challenge.is_of(name) { Ok(challenge) } else { Err(SessionError::Invalid.into()) }
    }

    /// Completes a sign-in with a temporary password by the password that replaces it.
    pub(crate) async fn choose_password(
        &self,
        step: &Step<'_>,
        password: &str,
    ) -> Result<Account, NewPasswordError> {
        let Challenge::NewPassword(sign_in) = self.find_challenge(step).await? else {
            return Err(NewPasswordError::Session(SessionError::Invalid));
        };
        // The new epoch of the account lets one of several requests win.
        let account = self.directory().choose_password(&sign_in, password).await?;
        match self.state.challenges.end(step.session, self.now()).await {
            Ok(()) | Err(StepError::Session(_)) => Ok(account),
            Err(StepError::Internal(error)) => Err(error.into()),
        }
    }

    /// Returns the account of a step that waits for its user.
    pub(crate) async fn account_of_step(&self, step: &Step<'_>) -> Result<Account, ChallengeError> {
        let challenge = self.find_challenge(step).await?;
        let (Challenge::NewPassword(sign_in)
        | Challenge::SoftwareToken(sign_in)
        | Challenge::SetUp { sign_in, .. }) = challenge
        else {
            return Err(ChallengeError::Session(SessionError::Invalid));
        };
        let account = self.directory().account_of(&sign_in).await?;
        account.ok_or(ChallengeError::Session(SessionError::Expired))
    }

    /// Completes a sign-in by a code of the authenticator app. Wrong codes count as wrong
    /// passwords.
    pub(crate) async fn enter_code(
        &self,
        step: &Step<'_>,
        code: &str,
    ) -> Result<Account, ChallengeError> {
        let Challenge::SoftwareToken(sign_in) = self.find_challenge(step).await? else {
            return Err(ChallengeError::Session(SessionError::Invalid));
        };
        let account = self.directory().account_of(&sign_in).await?;
        let account = account.ok_or(ChallengeError::Session(SessionError::Expired))?;
        let attempt = self.begin_attempt(&account.user.username).await?;
        let used = self.directory().use_code(&account.user.username, code, self.now()).await?;
        match used {
            Err(TokenCodeError::Used) => Err(ChallengeError::UsedCode),
            Err(TokenCodeError::Wrong) => {
                attempt.fail(self.now());
                Err(ChallengeError::WrongCode)
            }
            Ok(account) => {
                self.state.challenges.end(step.session, self.now()).await?;
                attempt.succeed();
                Ok(account)
            }
        }
    }
}

impl From<InternalError> for ChallengeError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}

impl From<StepError> for ChallengeError {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Session(error) => Self::Session(error),
            StepError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<SignInError> for ChallengeError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Internal(error) => Self::Internal(error),
            error => Self::SignIn(error),
        }
    }
}

impl From<LockedError> for ChallengeError {
    fn from(error: LockedError) -> Self {
        Self::SignIn(error.into())
    }
}
