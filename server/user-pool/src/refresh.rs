//! Refreshes tokens, and says why it cannot.

use crate::client::AppClient;
use crate::error::InternalError;
use crate::grants::{FoundRefreshToken, RedeemedRefreshToken};
use crate::pool::UserPool;
use crate::user::User;

/// Error of a refresh token.
#[derive(Debug)]
pub(crate) enum RefreshError {
    /// No token of this client, or it has expired.
    Unknown,
    /// The token family was revoked, or the sign-ins of the user were ended.
    Revoked,
    /// The token was replaced longer ago than the grace period.
    Reused,
    /// The table failed.
    Internal(InternalError),
}

impl UserPool {
    /// Redeems a refresh token; returns its grant and the user with their current groups.
    pub(crate) async fn refresh(
        &self,
        token: &str,
        client: &AppClient,
    ) -> Result<(RedeemedRefreshToken, User), RefreshError> {
        let tokens = &self.state.refresh_tokens;
        let grant = match tokens.look_up(token, client).await? {
            FoundRefreshToken::Active(grant) => grant,
            FoundRefreshToken::Revoked => return Err(RefreshError::Revoked),
            FoundRefreshToken::Unknown => return Err(RefreshError::Unknown),
        };
        // The user is checked before the token is used: rotation would otherwise replace the
        // token of a disabled user, who never receives the new one.
        let user = self.directory().user_of(&grant.sign_in).await?.ok_or(RefreshError::Revoked)?;
        let redeemed = tokens.redeem(token, client, self.now()).await?;
        Ok((redeemed.ok_or(RefreshError::Reused)?, user))
    }
}

impl From<InternalError> for RefreshError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}
