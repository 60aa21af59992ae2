//! Invitations.

use gazette_domain::{AccessChange, AuditAction, Caller, NewsDesk, Role, role_names};

use super::error::PeopleError;
use super::log::{logged, record_failure};
use super::person::check_sub;
use super::service::People;
use crate::pool_admin::{Invitation, Invited, PoolAdminError, TemporaryPassword};

/// A person who was invited.
pub(crate) struct InvitedPerson {
    pub(crate) sub: String,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    /// Role that the invitation gave; readers have none.
    pub(crate) role: Option<Role>,
    /// Password to hand over; `None` if the pool sends it.
    pub(crate) password: Option<TemporaryPassword>,
    /// Reason why the person does not have the role yet.
    pub(crate) problem: Option<PoolAdminError>,
}

impl People {
    /// Invites a person, who gets a role.
    pub(crate) async fn invite(
        &self,
        desk: &NewsDesk,
        caller: &Caller,
        invitation: &Invitation,
        role: Option<Role>,
    ) -> Result<InvitedPerson, PeopleError> {
        let roles: Vec<Role> = role.into_iter().collect();
        let change = AccessChange {
            action: AuditAction::PersonInvited,
            person: invitation.name.clone(),
            details: Some(role_names(&roles)),
        };
        let Invited { user, password } =
            logged(desk, caller, &change, self.0.pool.invite(invitation)).await?;
        let problem = match role {
            None => None,
            Some(role) => {
                let group = desk.policy().group(role);
                self.0.pool.add_to_group(&user.username, group).await.err()
            }
        };
        if problem.is_some() {
            record_failure(desk, caller, &change).await;
        }
        let name = user.display_name().to_owned();
        Ok(InvitedPerson { name, email: user.email, role, sub: user.sub, password, problem })
    }

    /// Invites a person again who has not signed in yet.
    pub(crate) async fn invite_again(
        &self,
        desk: &NewsDesk,
        caller: &Caller,
        sub: &str,
    ) -> Result<InvitedPerson, PeopleError> {
        check_sub(sub)?;
        let user = self.0.pool.user(sub).await?.ok_or(PeopleError::NotFound)?;
        let change = AccessChange {
            action: AuditAction::PersonInvited,
            person: user.display_name().to_owned(),
            details: None,
        };
        let Invited { user, password } =
            logged(desk, caller, &change, self.0.pool.invite_again(&user.username)).await?;
        let name = user.display_name().to_owned();
        let (email, role, problem) = (user.email, None, None);
        Ok(InvitedPerson { name, email, role, sub: user.sub, password, problem })
    }
}
