//! Sign-ins that prove the password instead of sending it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::challenge::{ChallengeError, Step};
use crate::client::AppClient;
use crate::error::{InternalError, SessionError, SignInError};
use crate::grants::Challenge;
use crate::pool::{SignedIn, UserPool};
use crate::secret::Secret;
use crate::srp::{Exchange, Proof};
use crate::unknown_user::SimulatedId;
use crate::user::Account;
use crate::validation::{is_email, normalize_username};

/// The server's part of a sign-in by proof.
pub(crate) struct PasswordChallenge {
    /// Name that the client must use in its proof.
    pub(crate) proof_name: String,
    pub(crate) salt: String,
    /// The server's public number, in hexadecimal digits.
    pub(crate) server: String,
    /// Base64; identifies the challenge.
    pub(crate) secret_block: String,
}

/// A client's answer to the challenge.
pub(crate) struct PasswordProof<'a> {
    pub(crate) username: &'a str,
    pub(crate) secret_block: &'a str,
    pub(crate) timestamp: &'a str,
    pub(crate) signature: &'a str,
}

impl UserPool {
    /// Begins a sign-in by proof. An unknown user is answered as a known one.
    pub(crate) async fn begin_password_proof(
        &self,
        client: &AppClient,
        username: &str,
        client_number: &str,
    ) -> Result<PasswordChallenge, ChallengeError> {
        let account = self.directory().resolve(username).await?;
        let (username, proof_name) = self.proof_names(username, account.as_ref())?;
        let verifier = match account.and_then(|account| account.srp) {
            Some(verifier) => verifier,
            None => self.simulated_verifier(&username)?,
        };
        let salt = verifier.salt.clone();
        let number = client_number.to_owned();
        let exchange = self.directory().compute(move || Exchange::begin(verifier, &number)).await?;
        let exchange = exchange.ok_or(ChallengeError::InvalidNumber)?;
        let server = exchange.server.clone();
        let challenge = Challenge::Password { username, proof_name: proof_name.clone(), exchange };
        let session = self.state.challenges.issue(client, &challenge, self.now()).await?;
        let secret_block = to_standard(&session);
        Ok(PasswordChallenge { proof_name, salt, server, secret_block })
    }

    /// Checks the proof of a password, and goes on as after the password itself.
    pub(crate) async fn prove_password(
        &self,
        client: &AppClient,
        presented: &PasswordProof<'_>,
    ) -> Result<SignedIn, ChallengeError> {
        let invalid = || ChallengeError::Session(SessionError::Invalid);
        let session = from_standard(presented.secret_block).ok_or_else(invalid)?;
        let step = Step::of_user(&session, client, presented.username);
        let challenge = self.find_challenge(&step).await?;
        let Challenge::Password { username, proof_name, exchange } = challenge else {
            return Err(invalid());
        };
        self.state.challenges.end(&session, self.now()).await?;
        let attempt = self.begin_attempt(&username).await?;
        let (pool_id, block) =
            (self.state.settings.pool_id.clone(), presented.secret_block.to_owned());
        let (timestamp, signature) =
            (presented.timestamp.to_owned(), presented.signature.to_owned());
        let check = move || {
            Ok(exchange.accepts(&Proof {
                pool_id: &pool_id,
                username: &proof_name,
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

    /// Returns the username of an account, else the typed name; and the name for the proof, which
    /// for an unknown address is not the address.
    fn proof_names(
        &self,
        typed: &str,
        account: Option<&Account>,
    ) -> Result<(String, String), InternalError> {
        if let Some(account) = account {
            let username = account.user.username.clone();
            return Ok((username.clone(), username));
        }
        let typed = normalize_username(typed);
        if is_email(&typed) {
            let id = self.simulated_id(SimulatedId::Username, &typed)?;
            return Ok((typed, id.to_string()));
        }
        Ok((typed.clone(), typed))
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
