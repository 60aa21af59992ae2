//! Sign-ins in several steps: a new password, a code of an app, a proof of the password.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::client::AppClient;
use crate::error::{
    InternalError, LockedError, NewPasswordError, SessionError, SignInError, StepError,
};
use crate::grants::{Challenge, SignIn};
use crate::mfa_setting::SecondStep;
use crate::pool::{SignedIn, UserPool};
use crate::secret::Secret;
use crate::srp::{Exchange, Proof, Verifier};
use crate::totp::{SoftwareToken, TokenCodeError};
use crate::user::Account;

/// The server's part of a sign-in by proof.
pub(crate) struct PasswordChallenge {
    pub(crate) username: String,
    pub(crate) salt: String,
    /// The server's public number, in hexadecimal digits.
    pub(crate) server: String,
    /// Base64; identifies the challenge.
    pub(crate) secret_block: String,
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

    /// Completes a sign-in with a temporary password by the password that replaces it.
    pub(crate) async fn choose_password(
        &self,
        session: &str,
        password: &str,
    ) -> Result<Account, NewPasswordError> {
        let (challenges, now) = (&self.state.challenges, self.now());
        let Challenge::NewPassword(sign_in) = challenges.find(session, now).await? else {
            return Err(NewPasswordError::Session(SessionError::Invalid));
        };
        // The new epoch of the account lets one of several requests win.
        let account = self.directory().choose_password(&sign_in, password).await?;
        match challenges.end(session, now).await {
            Ok(()) | Err(StepError::Session(_)) => Ok(account),
            Err(StepError::Internal(error)) => Err(error.into()),
        }
    }

    /// Checks that a step of a sign-in waits for its user.
    pub(crate) async fn check_step(&self, session: &str) -> Result<(), ChallengeError> {
        let challenge = self.state.challenges.find(session, self.now()).await?;
        let (Challenge::NewPassword(sign_in)
        | Challenge::SoftwareToken(sign_in)
        | Challenge::SetUp { sign_in, .. }) = challenge
        else {
            return Err(ChallengeError::Session(SessionError::Invalid));
        };
        let account = self.directory().account_of(&sign_in).await?;
        account.map(drop).ok_or(ChallengeError::Session(SessionError::Expired))
    }

    /// Completes a sign-in by a code of the authenticator app. Wrong codes count as wrong
    /// passwords.
    pub(crate) async fn enter_code(
        &self,
        session: &str,
        code: &str,
    ) -> Result<Account, ChallengeError> {
        let challenges = &self.state.challenges;
        let Challenge::SoftwareToken(sign_in) = challenges.find(session, self.now()).await? else {
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
                challenges.end(session, self.now()).await?;
                attempt.succeed();
                Ok(account)
            }
        }
    }

    /// Begins a sign-in by proof. An unknown user is answered as a known one.
    pub(crate) async fn begin_password_proof(
        &self,
        client: &AppClient,
        username: &str,
        client_number: &str,
    ) -> Result<PasswordChallenge, ChallengeError> {
        let account = self.directory().resolve(username).await?;
        let name = account.as_ref().map_or(username, |account| account.user.username.as_str());
        let name = name.to_owned();
        let verifier = match account.and_then(|account| account.srp) {
            Some(verifier) => verifier,
            None => self.fake_verifier(&name)?,
        };
        let salt = verifier.salt.clone();
        let number = client_number.to_owned();
        let exchange = self.directory().compute(move || Exchange::begin(verifier, &number)).await?;
        let exchange = exchange.ok_or(ChallengeError::InvalidNumber)?;
        let server = exchange.server.clone();
        let (client_id, username) = (client.id.clone(), name.clone());
        let challenge = Challenge::Password { client_id, username, exchange };
        let session = self.state.challenges.issue(client, &challenge, self.now()).await?;
        let secret_block = to_standard(&session);
        Ok(PasswordChallenge { username: name, salt, server, secret_block })
    }

    /// Checks the proof of a password, and goes on as after the password itself.
    pub(crate) async fn prove_password(
        &self,
        client: &AppClient,
        secret_block: &str,
        timestamp: &str,
        signature: &str,
    ) -> Result<SignedIn, ChallengeError> {
        let invalid = || ChallengeError::Session(SessionError::Invalid);
        let session = from_standard(secret_block).ok_or_else(invalid)?;
        let challenges = &self.state.challenges;
        let found = challenges.find(&session, self.now()).await?;
        let Challenge::Password { client_id, username, exchange } = found else {
            return Err(invalid());
        };
        if client_id != client.id {
            return Err(invalid());
        }
        challenges.end(&session, self.now()).await?;
        let attempt = self.begin_attempt(&username).await?;
        let (pool_id, block) = (self.state.settings.pool_id.clone(), secret_block.to_owned());
        let (timestamp, signature) = (timestamp.to_owned(), signature.to_owned());
        let name = username.clone();
        let check = move || {
            Ok(exchange.accepts(&Proof {
                pool_id: &pool_id,
                username: &name,
                secret_block: &block,
                timestamp: &timestamp,
                signature: &signature,
            }))
        };
        let is_right = self.directory().compute(check).await?;
        let account = self.directory().resolve(&username).await?.filter(|_| is_right);
        let Some(account) = account else {
            attempt.fail(self.now());
            tracing::info!(reason = "wrong-proof", "sign-in failed");
            return Err(ChallengeError::SignIn(SignInError::WrongCredentials));
        };
        attempt.succeed();
        if account.disabled {
            return Err(ChallengeError::SignIn(SignInError::Disabled));
        }
        Ok(self.after_password(client, account).await?)
    }

    fn fake_verifier(&self, username: &str) -> Result<Verifier, InternalError> {
        let name = username.to_lowercase();
        let secret = self.state.token_issuer.keys.secret_of(&format!("srp {name}"))?;
        Ok(Verifier::fake(&secret))
    }
}

/// Writes a secret in the alphabet that clients decode.
fn to_standard(secret: &Secret) -> String {
    STANDARD.encode(URL_SAFE_NO_PAD.decode(secret.as_str()).unwrap_or_default())
}

fn from_standard(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == 32)?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
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
