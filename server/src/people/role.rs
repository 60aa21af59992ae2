//! Changes of a person's role.

use gazette_domain::{AccessChange, AuditAction, Caller, NewsDesk, Role, role_names};

use super::error::PeopleError;
use super::log::{logged, record_failure};
use super::person::check_sub;
use super::service::People;
use crate::pool_admin::{PoolAdminError, PoolUser};

/// A role that a person is to have.
#[derive(Clone, Debug)]
pub(crate) struct RoleChange {
    pub(crate) sub: String,
    /// `None` for readers.
    pub(crate) role: Option<Role>,
    /// Admins confirm that they give up their own role.
    pub(crate) is_confirmed: bool,
}

/// Groups to join and to leave.
struct Groups {
    add: Vec<String>,
    remove: Vec<String>,
}

impl People {
    /// Changes the role of a person: adds them to its group and removes them from those of the
    /// other roles. Returns their name.
    pub(crate) async fn change_role(
        &self,
        desk: &NewsDesk,
        caller: &Caller,
        change: &RoleChange,
    ) -> Result<String, PeopleError> {
        let RoleChange { sub, role, is_confirmed } = change;
        check_sub(sub)?;
        let _guard = self.0.changes.lock().await;
        let (user, groups) = self.user_with_groups(sub).await?.ok_or(PeopleError::NotFound)?;
        let policy = desk.policy();
        let before = policy.named_roles(&groups);
        let after: Vec<Role> = role.iter().copied().collect();
        let name = user.display_name().to_owned();
        if before == after {
            return Ok(name);
        }
        let loses_admin = before.contains(&Role::Admin) && *role != Some(Role::Admin);
        if loses_admin {
            self.check_other_admin(desk, &user).await?;
            check_own(caller, sub, *is_confirmed)?;
        }
        let group = |role: &Role| policy.group(*role).to_owned();
        let groups = Groups {
            add: after.iter().filter(|role| !before.contains(role)).map(group).collect(),
            remove: before.iter().filter(|role| !after.contains(role)).map(group).collect(),
        };
        let change = AccessChange {
            action: AuditAction::RoleChanged,
            person: name.clone(),
            details: Some(format!("{} \u{2192} {}", role_names(&before), role_names(&after))),
        };
        let moved = logged(desk, caller, &change, self.move_user(&user, &groups)).await;
        self.0.sessions.mark_stale(sub).await?;
        moved?;
        if loses_admin && !self.has_other_admin(desk, &user).await? {
            // Another process removed the other admin at the same time.
            self.0.pool.add_to_group(&user.username, policy.group(Role::Admin)).await?;
            self.0.sessions.mark_stale(sub).await?;
            record_failure(desk, caller, &change).await;
            return Err(PeopleError::LastAdmin);
        }
        Ok(name)
    }

    /// Checks that a person may lose the role of an admin: another one must remain.
    pub(super) async fn check_other_admin(
        &self,
        desk: &NewsDesk,
        user: &PoolUser,
    ) -> Result<(), PeopleError> {
        if self.has_other_admin(desk, user).await? { Ok(()) } else { Err(PeopleError::LastAdmin) }
    }

    pub(super) async fn has_other_admin(
        &self,
        desk: &NewsDesk,
        user: &PoolUser,
    ) -> Result<bool, PoolAdminError> {
        let group = desk.policy().group(Role::Admin);
        self.0.pool.has_other_member(group, &user.sub).await
    }

    /// Joins before it leaves, so that a failure takes no access away.
    async fn move_user(&self, user: &PoolUser, groups: &Groups) -> Result<(), PoolAdminError> {
        for group in &groups.add {
            self.0.pool.add_to_group(&user.username, group).await?;
        }
        for group in &groups.remove {
            self.0.pool.remove_from_group(&user.username, group).await?;
        }
        Ok(())
    }
}

/// Checks that callers confirm what takes their own access away.
pub(super) fn check_own(caller: &Caller, sub: &str, is_confirmed: bool) -> Result<(), PeopleError> {
    let is_own = caller.identity().is_some_and(|identity| identity.claims().sub == sub);
    if is_own && !is_confirmed { Err(PeopleError::Unconfirmed) } else { Ok(()) }
}
