//! Temporary passwords of invited users, who choose their own at the first sign-in.

use super::Directory;
use crate::error::DirectoryError;
use crate::grants::SignIn;
use crate::user::{Account, FirstState, NewAccount};

/// Lifetime of a temporary password in seconds: seven days, Cognito's default.
const LIFETIME: i64 = 7 * 24 * 60 * 60;

impl Directory {
    /// Creates a user whose password is temporary.
    pub(crate) async fn invite(&self, new: NewAccount) -> Result<Account, DirectoryError> {
        let state = FirstState::TemporaryPassword(self.temporary_until());
        self.create(NewAccount { state, ..new }).await
    }

    /// Replaces the temporary password of a user who has not chosen a password yet.
    pub(crate) async fn invite_again(
        &self,
        username: &str,
        password: &str,
    ) -> Result<Account, DirectoryError> {
        let until = self.temporary_until();
        self.replace_password(username, password, Some(until), |_| true).await
    }

    /// Sets a temporary password of any user, and ends every sign-in.
    pub(crate) async fn set_temporary_password(
        &self,
        username: &str,
        password: &str,
    ) -> Result<Account, DirectoryError> {
        let stored = self.store_password_of(username, password).await?;
        let until = self.temporary_until();
        self.try_update(username, |account| {
            account.set_password(&stored, Some(until));
            account.unconfirmed = false;
            Ok(())
        })
        .await
    }

    /// Sets the permanent password of a user who signed in with a temporary one.
    ///
    /// # Errors
    /// [`DirectoryError::UnsupportedState`] if the account has changed since the sign-in.
    pub(crate) async fn choose_password(
        &self,
        sign_in: &SignIn,
        password: &str,
    ) -> Result<Account, DirectoryError> {
        let is_same = |account: &Account| {
            account.user.sub == sign_in.sub && account.epoch == sign_in.epoch && !account.disabled
        };
        self.replace_password(&sign_in.username, password, None, is_same).await
    }

    async fn replace_password(
        &self,
        username: &str,
        password: &str,
        temporary_until: Option<i64>,
        may_replace: impl Fn(&Account) -> bool,
    ) -> Result<Account, DirectoryError> {
        let stored = self.store_password_of(username, password).await?;
        self.try_update(username, |account| {
            if account.temporary_until.is_none() || !may_replace(account) {
                return Err(DirectoryError::UnsupportedState);
            }
            account.set_password(&stored, temporary_until);
            Ok(())
        })
        .await
    }

    fn temporary_until(&self) -> i64 {
        (self.clock)().saturating_add(LIFETIME)
    }
}
