//! Sign-up: users who register themselves, and confirm their address with a code.

use crate::attributes::AttributeChanges;
use crate::delivery::Delivery;
use crate::error::AccountError;
use crate::error::AttributeError;
use crate::grants::Purpose;
use crate::pool::UserPool;
use crate::user::{Account, FirstState, NewAccount};
use crate::validation::{check_new_password, check_username, is_email, normalize_username};

/// Maximum number of users at which new ones can sign up.
const MAX_USERS: usize = 100_000;

/// A sign-up.
pub(crate) struct SignUp {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) attributes: AttributeChanges,
}

impl UserPool {
    /// Registers a user, and sends a code to the address.
    ///
    /// A username that looks like an address is the address of the user.
    pub(crate) async fn sign_up(
        &self,
        sign_up: SignUp,
    ) -> Result<(Account, Delivery), AccountError> {
        let SignUp { username, password, attributes } = sign_up;
        check_username(&username)?;
        check_new_password(&password)?;
        let own = is_email(&username).then(|| username.clone());
        let email = attributes.email.clone().or_else(|| own.clone());
        let email = email.ok_or(AttributeError::Missing("email"))?;
        if own.is_some_and(|own| normalize_username(&own) != normalize_username(&email)) {
            let message = "A username in the form of an email address must be the user's address.";
            return Err(AccountError::InvalidParameter(message));
        }
        let directory = self.directory();
        if directory.resolve(&username).await?.is_some() {
            return Err(AccountError::UsernameExists);
        }
        if directory.user_count().await? >= MAX_USERS {
            return Err(AccountError::TooManyUsers);
        }
        let new = NewAccount {
            username,
            password,
            email: Some(email),
            email_verified: false,
            attributes: attributes.others,
            groups: Vec::new(),
            state: FirstState::Unconfirmed,
            may_share_email: true,
        };
        let account = directory.create(new).await?;
        tracing::info!("a user signed up");
        let delivery = self.send_code(&account, Purpose::SignUp, &account.user.email).await?;
        Ok((account, delivery))
    }

    /// Confirms a sign-up by the code, and with it the address.
    ///
    /// With `take_alias` the user can sign in with the address even if another user could, who
    /// cannot any more.
    pub(crate) async fn confirm_sign_up(
        &self,
        username: &str,
        code: &str,
        take_alias: bool,
    ) -> Result<Account, AccountError> {
        let account = self.directory().resolve(username).await?;
        // An unknown user is answered as one whose code has expired.
        let account = account.ok_or(AccountError::CodeExpired)?;
        if !account.unconfirmed {
            return Err(AccountError::CannotConfirm(account.status()));
        }
        let owner = self.directory().owner_of(&account.user.email).await?;
        if owner.is_some() && !take_alias {
            return Err(AccountError::AliasExists);
        }
        let sub = account.user.sub;
        let codes = &self.state.confirmation_codes;
        let address = codes.redeem(sub, Purpose::SignUp, code, self.now()).await?;
        let name = &account.user.username;
        let change = |account: &mut Account| -> Result<(), AccountError> {
            account.unconfirmed = false;
            account.user.email_verified |= account.user.email == address;
            Ok(())
        };
        self.directory().change(name, take_alias, change).await
    }

    /// Confirms a sign-up without a code, and without its address.
    pub(crate) async fn confirm_without_code(&self, username: &str) -> Result<(), AccountError> {
        let change = |account: &mut Account| {
            if !account.unconfirmed {
                return Err(AccountError::CannotConfirm(account.status()));
            }
            account.unconfirmed = false;
            Ok(())
        };
        self.directory().try_update(username, change).await.map(drop)
    }

    /// Sends another code for a sign-up. An unknown user is answered as a known one.
    pub(crate) async fn resend_sign_up_code(
        &self,
        username: &str,
    ) -> Result<Delivery, AccountError> {
        match self.directory().resolve(username).await? {
            None => Ok(self.simulated_delivery(username, None)?),
            Some(account) if !account.unconfirmed => Err(AccountError::AlreadyConfirmed),
            Some(account) => self.send_code(&account, Purpose::SignUp, &account.user.email).await,
        }
    }

    /// Changes attributes. A new address gets a code, with which the user verifies it.
    pub(crate) async fn update_attributes(
        &self,
        account: &Account,
        changes: &AttributeChanges,
    ) -> Result<Option<Delivery>, AccountError> {
        let change = |account: &mut Account| -> Result<(), AccountError> {
            Ok(changes.apply(&mut account.user)?)
        };
        let updated = self.directory().try_update(&account.user.username, change).await?;
        let is_new = changes.email.is_some() && !updated.user.email_verified;
        if is_new { self.send_verification_code(&updated).await.map(Some) } else { Ok(None) }
    }

    /// Sends a code that verifies the present address.
    pub(crate) async fn send_verification_code(
        &self,
        account: &Account,
    ) -> Result<Delivery, AccountError> {
        self.send_code(account, Purpose::VerifyEmail, &account.user.email).await
    }

    /// Verifies the address that a code was sent to, if it is still the user's.
    pub(crate) async fn verify_email(
        &self,
        account: &Account,
        code: &str,
    ) -> Result<(), AccountError> {
        let sub = account.user.sub;
        let codes = &self.state.confirmation_codes;
        let address = codes.redeem(sub, Purpose::VerifyEmail, code, self.now()).await?;
        let change = |account: &mut Account| {
            if account.user.email != address {
                return Err(AccountError::CodeExpired);
            }
            account.user.email_verified = true;
            Ok(())
        };
        self.directory().try_update(&account.user.username, change).await.map(drop)
    }

    /// Deletes an account with its codes.
    pub(crate) async fn delete_account(&self, account: &Account) -> Result<(), AccountError> {
        self.directory().delete(&account.user.username).await?;
        tracing::info!("a user was deleted");
        Ok(self.state.confirmation_codes.delete(account.user.sub).await?)
    }
}
