//! What a sign-in leaves behind: single sign-on, codes and refresh tokens.
//!
//! Each is opened by a random secret and kept under the hash of it.

mod codes;
mod refresh_tokens;
mod sessions;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) use codes::{Codes, PendingCode, Redemption};
pub(crate) use refresh_tokens::{RefreshTokens, Refreshed};
pub(crate) use sessions::Sessions;

use crate::Failure;
use crate::scope::Scopes;
use crate::secret::random_uuid;
use crate::user::Account;

/// Who signed in, and when.
///
/// It counts only while the account is of the same epoch, so that raising the
/// epoch ends every session, code and refresh token of a user at once.
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

/// What a client may have tokens for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) scopes: Scopes,
    pub(crate) sign_in: SignIn,
    /// Names the family of tokens that come from one grant.
    pub(crate) origin_jti: Uuid,
    pub(crate) event_id: Uuid,
}

impl Grant {
    pub(crate) fn new(client_id: &str, scopes: Scopes, sign_in: SignIn) -> Result<Self, Failure> {
        Ok(Self {
            client_id: client_id.to_owned(),
            scopes,
            sign_in,
            origin_jti: random_uuid()?,
            event_id: random_uuid()?,
        })
    }
}
