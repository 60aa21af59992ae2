//! New passwords: forgotten, reset by an administrator, or changed.

use uuid::Uuid;

use crate::client::AppClient;
use crate::delivery::Delivery;
use crate::error::{AccountError, InternalError, SignInError};
use crate::grants::Purpose;
use crate::pool::UserPool;
use crate::unknown_user::SimulatedId;
use crate::user::Account;
use crate::validation::check_new_password;

impl UserPool {
    /// Sends a code with which the user can choose a new password.
    ///
    /// If the client hides unknown users, those who cannot get a code are answered as the others.
    pub(crate) async fn forgot_password(
        &self,
        client: &AppClient,
        username: &str,
    ) -> Result<Delivery, AccountError> {
        let account = self.directory().resolve(username).await?;
        match recipient(account.as_ref()) {
            Ok(account) => {
                self.send_code(account, Purpose::ForgotPassword, &account.user.email).await
            }
            Err(_) if client.hides_unknown_users => {
                let id = self.unsent_code_id(username, account.as_ref())?;
                let codes = &self.state.confirmation_codes;
                codes.issue_unsent(id, Purpose::ForgotPassword, self.now()).await?;
                Ok(self.simulated_delivery(username, account.as_ref())?)
            }
            Err(AccountError::UserNotFound) => Ok(self.simulated_delivery(username, None)?),
            Err(error) => Err(error),
        }
    }

    /// Replaces a forgotten password by a new one, and ends every sign-in of the user.
    pub(crate) async fn confirm_forgot_password(
        &self,
        client: &AppClient,
        username: &str,
        code: &str,
        password: &str,
    ) -> Result<(), AccountError> {
        check_new_password(password)?;
        let account = self.directory().resolve(username).await?;
        let (codes, now) = (&self.state.confirmation_codes, self.now());
        if client.hides_unknown_users && recipient(account.as_ref()).is_err() {
            let id = self.unsent_code_id(username, account.as_ref())?;
            codes.redeem(id, Purpose::ForgotPassword, code, now).await?;
            return Err(AccountError::CodeMismatch);
        }
        // An unknown user is answered as one whose code has expired.
        let account = account.ok_or(AccountError::CodeExpired)?;
        codes.redeem(account.user.sub, Purpose::ForgotPassword, code, now).await?;
        let name = &account.user.username;
        self.directory().replace_permanent_password(name, password).await?;
        tracing::info!("a forgotten password was replaced");
        Ok(())
    }

    /// Returns the id under which codes are counted that are not sent.
    fn unsent_code_id(
        &self,
        username: &str,
        account: Option<&Account>,
    ) -> Result<Uuid, InternalError> {
        let name = account.map_or(username, |account| account.user.username.as_str());
        self.simulated_id(SimulatedId::ForgottenPassword, name)
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
        let codes = &self.state.confirmation_codes;
        codes.count_password_change(account.user.sub, self.now()).await?;
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

/// Returns the account if its user can get a code for a new password.
fn recipient(account: Option<&Account>) -> Result<&Account, AccountError> {
    let account = account.ok_or(AccountError::UserNotFound)?;
    if account.disabled {
        return Err(AccountError::Disabled);
    }
    if account.temporary_until.is_some() {
        return Err(AccountError::CannotReset);
    }
    if !account.user.email_verified {
        return Err(AccountError::NoVerifiedEmail);
    }
    Ok(account)
}
