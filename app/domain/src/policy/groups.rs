//! Roles and permissions of groups, without a person who has them.

use super::{Policy, Reason};
use crate::action::{Action, Requirement, Role};

impl Policy {
    /// Returns the group of the user pool behind a role.
    pub fn group(&self, role: Role) -> &str {
        match role {
            Role::Writer => &self.writer_group,
            Role::Editor => &self.editor_group,
            Role::Admin => &self.admin_group,
        }
    }

    /// Returns the roles whose own group is among these, lowest first.
    pub fn named_roles(&self, groups: &[String]) -> Vec<Role> {
        let is_named = |role: &Role| groups.iter().any(|group| group == self.group(*role));
        Role::ALL.into_iter().filter(is_named).collect()
    }

    /// Returns the roles that these groups give, lowest first: a role includes the lower ones.
    pub fn roles_of_groups(&self, groups: &[String]) -> Vec<Role> {
        Self::roles_up_to(self.named_roles(groups).pop())
    }

    /// Returns a role and the lower ones, which it includes; none for none.
    pub(super) fn roles_up_to(highest: Option<Role>) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| Some(*role) <= highest).collect()
    }

    /// Decides for a signed-in person with these groups, whom no scope limits.
    pub fn decide_for_groups(&self, groups: &[String], action: Action) -> Reason {
        match action.requirement() {
            Requirement::None => Reason::Public,
            Requirement::SignedIn => Reason::SignedIn,
            Requirement::Role(role) if self.roles_of_groups(groups).contains(&role) => {
                Reason::RoleHeld(role)
            }
            Requirement::Role(role) => Reason::RoleMissing(role),
        }
    }
}
