//! Errors of changes of people's access.

use gazette_domain::{AccessError, DeskError};

use crate::auth::SessionError;
use crate::pool_admin::PoolAdminError;

/// A change of a person's access was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PeopleError {
    /// The user pool refused, or did not answer.
    #[error(transparent)]
    Pool(#[from] PoolAdminError),
    /// The change could not be recorded, or the caller may not make it.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The sessions cannot be read or changed.
    #[error(transparent)]
    Sessions(#[from] SessionError),
    /// No such person.
    #[error("unknown person")]
    NotFound,
    /// The site would be left without an admin.
    #[error("the last admin cannot lose access")]
    LastAdmin,
    /// The caller would lose their own access and has not confirmed it.
    #[error("the change of one's own access is not confirmed")]
    Unconfirmed,
}

impl From<AccessError> for PeopleError {
    fn from(error: AccessError) -> Self {
        Self::Desk(error.into())
    }
}
