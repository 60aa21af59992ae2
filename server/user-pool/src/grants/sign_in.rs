//! A sign-in of a user.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::user::Account;

/// A sign-in: the user and the time.
///
/// It is valid only while the account has the same epoch. Increasing the epoch therefore ends
/// every session, code and refresh token of a user at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignIn {
    pub(crate) username: String,
    pub(crate) sub: Uuid,
    pub(crate) epoch: u64,
    pub(crate) auth_time: i64,
}

impl SignIn {
    pub(crate) fn new(account: &Account, now: i64) -> Self {
        let user = &account.user;
        Self {
            username: user.username.clone(),
            sub: user.sub,
            epoch: account.epoch,
            auth_time: now,
        }
    }
}
