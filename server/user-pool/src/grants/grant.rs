//! A grant: the tokens that a client may receive.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::sign_in::SignIn;
use crate::client::{AppClient, Lifetimes};
use crate::error::InternalError;
use crate::scope::Scopes;
use crate::secret::random_uuid;

/// Permission of a client to receive tokens for a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) scopes: Scopes,
    pub(crate) sign_in: SignIn,
    /// Id of the token family: all tokens that come from this grant.
    pub(crate) origin_jti: Uuid,
    pub(crate) event_id: Uuid,
    /// API that the access tokens are for. Source: RFC 8707.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<String>,
    /// Those that the client has when the grant is used.
    #[serde(skip)]
    pub(crate) lifetimes: Lifetimes,
}

impl Grant {
    pub(crate) fn new(
        client: &AppClient,
        scopes: Scopes,
        sign_in: SignIn,
    ) -> Result<Self, InternalError> {
        Ok(Self {
            client_id: client.id.clone(),
            scopes,
            sign_in,
            origin_jti: random_uuid()?,
            event_id: random_uuid()?,
            resource: None,
            lifetimes: client.lifetimes,
        })
    }
}
