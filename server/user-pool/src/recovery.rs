//! New passwords: forgotten, reset by an administrator, or changed.

use uuid::Uuid;

use crate::delivery::Delivery;
use crate::error::{AccountError, SignInError};
use crate::grants::Purpose;
use crate::pool::UserPool;
use crate::user::Account;
use crate::validation::check_new_password;

impl UserPool {
    /// Sends a code with which the user can choose a new password. An unknown user is answered
    /// as a known one.
    pub(crate) async fn forgot_password(&self, username: &str) -> Result<Delivery, AccountError> {
        let Some(account) = self.directory().resolve(username).await? else {
            return Ok(Delivery::simulated(username));
        };
        if account.disabled {
            return Err(AccountError::Disabled);
        }
        if account.temporary_until.is_some() {
            return Err(AccountError::CannotReset);
        }
        if !account.user.email_verified {
            return Err(AccountError::NoVerifiedEmail);
        }
        self.send_code(&account, Purpose::ForgotPassword, &account.user.email).await
    }

    /// Replaces a forgotten password by a new one, and ends every sign-in of the user.
    pub(crate) async fn confirm_forgot_password(
        &self,
        username: &str,
        code: &str,
        password: &str,
    ) -> Result<(), AccountError> {
        check_new_password(password)?;
        let account = self.directory().resolve(username).await?;
        // An unknown user is answered as one whose code has expired.
        let account = account.ok_or(AccountError::CodeExpired)?;
        let codes = &self.state.confirmation_codes;
        codes.redeem(account.user.sub, Purpose::ForgotPassword, code, self.now()).await?;
        self.directory().set_password(&account.user.username, password).await?;
        tracing::info!("a forgotten password was replaced");
        Ok(())
    }

    /// Resets a password: the user must choose another one with a code that is sent.
    pub(crate) async fn reset_password(&self, username: &str) -> Result<(), AccountError> {
        let account = self.directory().resolve(username).await?;
        let account = account.ok_or(AccountError::UserNotFound)?;
        if account.unconfirmed || account.temporary_until.is_some() || account.disabled {
            return Err(AccountError::CannotReset);
        }
        if !account.user.email_verified {
            return Err(AccountError::NoVerifiedEmail);
        }
        let change = |account: &mut Account| -> Result<(), AccountError> {
            account.reset_required = true;
            account.end_sign_ins();
            Ok(())
        };
        let account = self.directory().try_update(&account.user.username, change).await?;
        let email = &account.user.email;
        self.send_code(&account, Purpose::ForgotPassword, email).await.map(drop)
    }

    /// Changes the password of a user who knows the present one. Other sign-ins of the user end,
    /// but not that of the token family.
    pub(crate) async fn change_password(
        &self,
        account: &Account,
        family: Uuid,
        present: &str,
        new: &str,
    ) -> Result<(), AccountError> {
        check_new_password(new)?;
        let name = &account.user.username;
        self.check_password(name, present).await.map_err(|error| match error {
            SignInError::Locked(_) => AccountError::LimitExceeded,
            SignInError::Disabled => AccountError::Disabled,
            SignInError::Internal(error) => AccountError::Internal(error),
            SignInError::WrongCredentials
            | SignInError::TemporaryPasswordExpired
            | SignInError::NotConfirmed
            | SignInError::ResetRequired => AccountError::WrongPassword,
        })?;
        let changed = self.directory().replace_permanent_password(name, new).await?;
        self.state.refresh_tokens.keep(family, changed.epoch).await?;
        tracing::info!("a user changed the password");
        Ok(())
    }
}
