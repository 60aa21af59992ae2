//! Stored forms of passwords: an Argon2id hash, and a verifier for clients that prove the password
//! instead of sending it.

use std::sync::atomic::Ordering;

use super::Directory;
use crate::error::{DirectoryError, InternalError};
use crate::grants::SignIn;
use crate::srp::Verifier;
use crate::totp::{SecondFactor, SoftwareToken, TokenCodeError};
use crate::user::{Account, StoredPassword};
use crate::validation::check_password;

impl Directory {
    /// Stores verifiers from now on. They are weaker than the hashes, so that a pool none of whose
    /// clients needs them has none.
    pub(crate) fn enable_srp(&self) {
        self.has_srp.store(true, Ordering::Relaxed);
    }

    /// Prepares a new password of an existing user for storage.
    pub(super) async fn store_password_of(
        &self,
        username: &str,
        password: &str,
    ) -> Result<StoredPassword, DirectoryError> {
        check_password(password)?;
        let found = self.find_user(username).await?.ok_or(DirectoryError::UserNotFound)?;
        Ok(self.store_password(&found.username, password).await?)
    }

    /// Prepares a password for storage; the username in the form in which it is stored.
    pub(super) async fn store_password(
        &self,
        username: &str,
        password: &str,
    ) -> Result<StoredPassword, InternalError> {
        let hash = self.password_hashes.hash(password.to_owned()).await?;
        Ok(StoredPassword { hash, srp: self.verifier(username, password).await? })
    }

    /// Adds the verifier of a password that was set before a client needed it.
    pub(super) async fn add_verifier(
        &self,
        account: Account,
        password: &str,
    ) -> Result<Account, InternalError> {
        if account.srp.is_some() {
            return Ok(account);
        }
        let name = &account.user.username;
        let Some(verifier) = self.verifier(name, password).await? else { return Ok(account) };
        let hash = &account.password_hash;
        let change = |account: &mut Account| -> Result<(), DirectoryError> {
            if account.password_hash == *hash {
                account.srp = Some(verifier.clone());
            }
            Ok(())
        };
        match self.try_update(name, change).await {
            Ok(changed) => Ok(changed),
            Err(DirectoryError::Internal(error)) => Err(error),
            // The next sign-in tries again.
            Err(_) => Ok(account),
        }
    }

    async fn verifier(
        &self,
        username: &str,
        password: &str,
    ) -> Result<Option<Verifier>, InternalError> {
        if !self.has_srp.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let (pool_id, name) = (self.pool_id.clone(), username.to_owned());
        let password = password.to_owned();
        let work = move || Verifier::new(&pool_id, &name, &password);
        self.compute(work).await.map(Some)
    }

    /// Runs a computation of some milliseconds among the password hashes: one at a time, so that a
    /// core remains for other requests.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, InternalError> + Send + 'static,
    ) -> Result<T, InternalError> {
        self.password_hashes.run(work).await
    }

    /// Uses a code of the user's authenticator app.
    pub(crate) async fn use_code(
        &self,
        username: &str,
        code: &str,
        now: i64,
    ) -> Result<Result<Account, TokenCodeError>, InternalError> {
        let change = |account: &mut Account| {
            let token = account.second_factor.token.as_mut().ok_or(CodeError::Wrong)?;
            token.use_code(code, now).map_err(CodeError::from)
        };
        match self.try_update(username, change).await {
            Ok(account) => Ok(Ok(account)),
            Err(CodeError::Used) => Ok(Err(TokenCodeError::Used)),
            Err(CodeError::Directory(DirectoryError::Internal(error))) => Err(error),
            Err(CodeError::Wrong | CodeError::Directory(_)) => Ok(Err(TokenCodeError::Wrong)),
        }
    }

    /// Gives a user who is signing in a token, by its first code.
    pub(crate) async fn set_token(
        &self,
        sign_in: &SignIn,
        token: &SoftwareToken,
        code: &str,
        now: i64,
    ) -> Result<Result<Account, TokenCodeError>, InternalError> {
        let change = |account: &mut Account| {
            let is_same = account.user.sub == sign_in.sub && account.epoch == sign_in.epoch;
            if !is_same || account.disabled || account.second_factor.token.is_some() {
                return Err(CodeError::Used);
            }
            let mut token = token.clone();
            token.use_code(code, now)?;
            account.second_factor = SecondFactor {
                token: Some(token),
                pending: None,
                is_enabled: true,
                is_preferred: true,
            };
            Ok(())
        };
        match self.try_update(&sign_in.username, change).await {
            Ok(account) => Ok(Ok(account)),
            Err(CodeError::Wrong) => Ok(Err(TokenCodeError::Wrong)),
            Err(CodeError::Directory(DirectoryError::Internal(error))) => Err(error),
            Err(CodeError::Used | CodeError::Directory(_)) => Ok(Err(TokenCodeError::Used)),
        }
    }

    /// Confirms the pending token of a user by its first code; `false` if that is wrong.
    pub(crate) async fn confirm_token(
        &self,
        username: &str,
        code: &str,
        now: i64,
    ) -> Result<bool, InternalError> {
        let change = |account: &mut Account| {
            let mut token = account.second_factor.pending.take().ok_or(CodeError::Wrong)?;
            token.use_code(code, now)?;
            account.second_factor.token = Some(token);
            Ok(())
        };
        match self.try_update(username, change).await {
            Ok(_) => Ok(true),
            Err(CodeError::Directory(DirectoryError::Internal(error))) => Err(error),
            Err(CodeError::Wrong | CodeError::Used | CodeError::Directory(_)) => Ok(false),
        }
    }
}

/// Error of a change that needs a code.
enum CodeError {
    Wrong,
    Used,
    Directory(DirectoryError),
}

impl From<TokenCodeError> for CodeError {
    fn from(error: TokenCodeError) -> Self {
        match error {
            TokenCodeError::Wrong => Self::Wrong,
            TokenCodeError::Used => Self::Used,
        }
    }
}

impl From<DirectoryError> for CodeError {
    fn from(error: DirectoryError) -> Self {
        Self::Directory(error)
    }
}
