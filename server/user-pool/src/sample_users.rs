//! Operations of the pool on its sample users.

use crate::directory::Ensured;
use crate::error::{DirectoryError, InternalError};
use crate::pool::UserPool;
use crate::user::{Account, NewUser};

impl UserPool {
    /// Creates a sample user unless the username exists; never changes an existing user.
    ///
    /// # Errors
    /// As [`crate::Directory::ensure_user`].
    pub async fn ensure_sample_user(&self, new: NewUser) -> Result<Ensured, DirectoryError> {
        let ensured = self.directory().ensure_user(new).await?;
        if let Ensured::Created(user) = &ensured {
            self.state.samples.add(&user.username, user.sub).await?;
        }
        Ok(ensured)
    }

    /// Returns the accounts of the sample users that still have the password they began with.
    pub(crate) async fn sample_accounts(&self) -> Result<Vec<Account>, InternalError> {
        let mut accounts = Vec::new();
        for (name, sub) in self.state.samples.list().await? {
            let account = self.directory().resolve(&name).await?;
            accounts.extend(account.filter(|account| {
                account.user.sub == sub
                    && account.epoch == 0
                    && !account.disabled
                    && !account.second_factor.is_needed()
                    && account.status() == "CONFIRMED"
            }));
        }
        Ok(accounts)
    }
}
