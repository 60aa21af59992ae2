//! Codes of six digits that are sent to an address: for a sign-up, a new password, or a new
//! address. They are few enough to guess, so tries and messages are limited by the hour.

use std::sync::Arc;

use gazette_table::{Condition, Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{AccountError, InternalError};
use crate::partitions::{CONFIRMATIONS, partition};
use crate::secret::{Secret, is_same, random_digits, sha256};

/// Maximum number of attempts for a change that conflicts with others.
const MAX_ATTEMPTS: usize = 8;
const HOUR: i64 = 60 * 60;
/// Ends the key of the record that counts changes of a password.
const PASSWORD_CHANGES: &str = "password_changes";
/// Maximum number of these changes in an hour. Source: Cognito, "Quotas".
const MAX_PASSWORD_CHANGES: u32 = 5;

/// The purpose of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// Confirms a sign-up.
    SignUp,
    /// Allows to choose a new password.
    ForgotPassword,
    /// Confirms an address that a user has changed.
    VerifyEmail,
}

/// The confirmation codes of a pool.
pub(crate) struct ConfirmationCodes {
    table: Arc<dyn Table>,
    partition: String,
}

#[derive(Default, Serialize, Deserialize)]
struct Record {
    /// Hash of the code; `None` after its use.
    code_hash: Option<String>,
    /// Address that the code was sent to.
    address: String,
    valid_until: i64,
    sent: Count,
    failed: Count,
    /// Attempts to change the password with the present one.
    #[serde(default)]
    password_changes: Count,
}

/// A count within an hour.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Count {
    since: i64,
    number: u32,
}

impl Purpose {
    /// Returns the name that its key ends with.
    fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::ForgotPassword => "forgot_password",
            Self::VerifyEmail => "verify_email",
        }
    }

    /// Lifetime of a code in seconds. Source: Cognito, "Quotas".
    fn lifetime(self) -> i64 {
        match self {
            Self::SignUp | Self::VerifyEmail => 24 * HOUR,
            Self::ForgotPassword => HOUR,
        }
    }

    /// Maximum number of wrong codes in an hour. Source: Cognito, "Quotas".
    fn max_failed(self) -> u32 {
        match self {
            Self::SignUp | Self::VerifyEmail => 15,
            Self::ForgotPassword => 10,
        }
    }

    /// Maximum number of messages in an hour: the first one and five more.
    fn max_sent(self) -> u32 {
        match self {
            Self::SignUp | Self::VerifyEmail | Self::ForgotPassword => 6,
        }
    }
}

impl ConfirmationCodes {
    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, CONFIRMATIONS) }
    }

    /// Makes a code for a user, which replaces an earlier one.
    pub(crate) async fn issue(
        &self,
        sub: Uuid,
        purpose: Purpose,
        address: &str,
        now: i64,
    ) -> Result<String, AccountError> {
        let code = random_digits()?;
        self.store(sub, purpose, &code, address, now).await?;
        Ok(code)
    }

    /// Counts as [`Self::issue`], but no code of six digits is right.
    pub(crate) async fn issue_unsent(
        &self,
        sub: Uuid,
        purpose: Purpose,
        now: i64,
    ) -> Result<(), AccountError> {
        let code = Secret::random()?;
        self.store(sub, purpose, code.as_str(), "", now).await
    }

    async fn store(
        &self,
        sub: Uuid,
        purpose: Purpose,
        code: &str,
        address: &str,
        now: i64,
    ) -> Result<(), AccountError> {
        self.change(&self.key(sub, purpose.name()), now, |record| {
            if record.sent.within_hour(now) >= purpose.max_sent() {
                return Err(AccountError::LimitExceeded);
            }
            record.sent.add(now);
            record.code_hash = Some(code_hash(sub, purpose, code));
            address.clone_into(&mut record.address);
            record.valid_until = now.saturating_add(purpose.lifetime());
            Ok(())
        })
        .await
    }

    /// Uses a code; returns the address that it was sent to.
    pub(crate) async fn redeem(
        &self,
        sub: Uuid,
        purpose: Purpose,
        code: &str,
        now: i64,
    ) -> Result<String, AccountError> {
        let presented = code_hash(sub, purpose, code.trim());
        let mut outcome = Err(AccountError::CodeExpired);
        self.change(&self.key(sub, purpose.name()), now, |record| {
            if record.failed.within_hour(now) >= purpose.max_failed() {
                return Err(AccountError::LimitExceeded);
            }
            let expected = record.code_hash.as_deref().filter(|_| now < record.valid_until);
            outcome = match expected {
                Some(expected) if is_same(expected, &presented) => {
                    record.code_hash = None;
                    Ok(record.address.clone())
                }
                Some(_) => {
                    record.failed.add(now);
                    Err(AccountError::CodeMismatch)
                }
                None => {
                    record.failed.add(now);
                    Err(AccountError::CodeExpired)
                }
            };
            Ok(())
        })
        .await?;
        outcome
    }

    /// Counts an attempt to change a password with the present one.
    pub(crate) async fn count_password_change(
        &self,
        sub: Uuid,
        now: i64,
    ) -> Result<(), AccountError> {
        self.change(&self.key(sub, PASSWORD_CHANGES), now, |record| {
            if record.password_changes.within_hour(now) >= MAX_PASSWORD_CHANGES {
                return Err(AccountError::LimitExceeded);
            }
            record.password_changes.add(now);
            Ok(())
        })
        .await
    }

    /// Deletes the codes and counts of a deleted user.
    pub(crate) async fn delete(&self, sub: Uuid) -> Result<(), InternalError> {
        let purposes = [Purpose::SignUp, Purpose::ForgotPassword, Purpose::VerifyEmail];
        let names = purposes.into_iter().map(Purpose::name).chain([PASSWORD_CHANGES]);
        let deletes: Vec<Write> = names.map(|name| Write::delete(self.key(sub, name))).collect();
        Ok(self.table.write(deletes).await?)
    }

    async fn change(
        &self,
        key: &Key,
        now: i64,
        mut change: impl FnMut(&mut Record) -> Result<(), AccountError>,
    ) -> Result<(), AccountError> {
        for _ in 0..MAX_ATTEMPTS {
            let item = self.table.get(key).await?;
            let mut record: Record =
                item.as_ref().map(Item::parse).transpose()?.unwrap_or_default();
            change(&mut record)?;
            let version = item.as_ref().map(|item| item.version);
            let expires_at = record.valid_until.max(now.saturating_add(HOUR));
            let new = Item::new(key.clone(), &record)?
                .version(version.map_or(1, |version| version + 1))
                .expires_at(expires_at);
            let condition = version.map_or(Condition::Absent, Condition::Version);
            match self.table.write(vec![Write::Put { item: new, condition }]).await {
                Ok(()) => return Ok(()),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AccountError::Busy)
    }

    fn key(&self, sub: Uuid, name: &str) -> Key {
        Key::new(&self.partition, format!("{sub}#{name}"))
    }
}

impl Count {
    fn within_hour(self, now: i64) -> u32 {
        if now.saturating_sub(self.since) < HOUR { self.number } else { 0 }
    }

    fn add(&mut self, now: i64) {
        let number = self.within_hour(now);
        let since = if number == 0 { now } else { self.since };
        *self = Self { since, number: number.saturating_add(1) };
    }
}

fn code_hash(sub: Uuid, purpose: Purpose, code: &str) -> String {
    sha256(&format!("{sub}#{}#{code}", purpose.name()))
}
