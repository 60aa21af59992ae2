//! Permissions: one table of actions and roles, deny by default.

mod groups;

use crate::action::{Action, Requirement, Role};
use crate::caller::{Caller, Identity, TokenUse};
use crate::required_scope::RequiredScope;

/// The reason for a decision: a stable code for logs, tests and explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The action is open to anonymous callers.
    Public,
    /// The caller is signed in, which suffices.
    SignedIn,
    /// The caller has the role.
    RoleHeld(Role),
    /// The caller is anonymous.
    NotSignedIn,
    /// The caller is signed in but lacks the role.
    RoleMissing(Role),
    /// The caller has the role, but the access token lacks a scope.
    ScopeMissing,
}

impl Reason {
    /// Returns the code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "allow.public",
            Self::SignedIn => "allow.signed-in",
            Self::RoleHeld(Role::Writer) => "allow.role.writer",
            Self::RoleHeld(Role::Editor) => "allow.role.editor",
            Self::RoleHeld(Role::Admin) => "allow.role.admin",
            Self::NotSignedIn => "deny.not-signed-in",
            Self::RoleMissing(Role::Writer) => "deny.role-missing.writer",
            Self::RoleMissing(Role::Editor) => "deny.role-missing.editor",
            Self::RoleMissing(Role::Admin) => "deny.role-missing.admin",
            Self::ScopeMissing => "deny.scope-missing",
        }
    }

    /// Checks whether the action is allowed.
    pub fn is_allowed(self) -> bool {
        match self {
            Self::Public | Self::SignedIn | Self::RoleHeld(_) => true,
            Self::NotSignedIn | Self::RoleMissing(_) | Self::ScopeMissing => false,
        }
    }
}

/// Access error, as reported to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The caller is anonymous; signing in may help (HTTP 401).
    #[error("not signed in")]
    NotSignedIn,
    /// The caller lacks a role; signing in does not help (HTTP 403).
    #[error("the role {} is missing", .0.as_str())]
    RoleMissing(Role),
    /// The access token lacks a scope; signing in does not help (HTTP 403).
    #[error("the token lacks a scope")]
    ScopeMissing,
}

/// The rules, with the names of the pool's groups behind the roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    admin_group: String,
    editor_group: String,
    writer_group: String,
    required_scopes: Vec<RequiredScope>,
}

impl Default for Policy {
    fn default() -> Self {
        Self::new("admin", "editor", "writer")
    }
}

impl Policy {
    /// Makes a policy for a pool with these group names.
    pub fn new(
        admin_group: impl Into<String>,
        editor_group: impl Into<String>,
        writer_group: impl Into<String>,
    ) -> Self {
        Self {
            admin_group: admin_group.into(),
            editor_group: editor_group.into(),
            writer_group: writer_group.into(),
            required_scopes: Vec::new(),
        }
    }

    /// Also requires scopes: all of those listed for an action.
    ///
    /// Applies to access tokens only, which limit what a program may do in the name of a user. A
    /// session has an ID token, which has no scopes and is used by the user alone. For the same
    /// reason ID tokens must not be accepted as bearer tokens where a scope is required.
    #[must_use]
    pub fn requiring(self, required_scopes: Vec<RequiredScope>) -> Self {
        Self { required_scopes, ..self }
    }

    /// Returns the roles of the caller, lowest first. Group names are compared exactly.
    pub fn roles(&self, caller: &Caller) -> Vec<Role> {
        match caller {
            Caller::Anonymous => Vec::new(),
            Caller::SignedIn(identity) => {
                let claims = identity.claims();
                let of_groups = self.named_roles(&claims.groups).pop();
                Self::roles_up_to(of_groups.max(claims.client_role))
            }
        }
    }

    /// Decides and returns the reason.
    pub fn decide(&self, caller: &Caller, action: Action) -> Reason {
        match (action.requirement(), caller) {
            (Requirement::None, _) => Reason::Public,
            (_, Caller::Anonymous) => Reason::NotSignedIn,
            (Requirement::Role(role), Caller::SignedIn(_))
                if !self.roles(caller).contains(&role) =>
            {
                Reason::RoleMissing(role)
            }
            (_, Caller::SignedIn(identity)) if !self.has_scopes(identity, action) => {
                Reason::ScopeMissing
            }
            (Requirement::Role(role), Caller::SignedIn(_)) => Reason::RoleHeld(role),
            (Requirement::SignedIn, Caller::SignedIn(_)) => Reason::SignedIn,
        }
    }

    /// Returns the reason if the policy allows the action, else an error.
    pub fn authorize(&self, caller: &Caller, action: Action) -> Result<Reason, AccessError> {
        let reason = self.decide(caller, action);
        match reason {
            Reason::Public | Reason::SignedIn | Reason::RoleHeld(_) => Ok(reason),
            Reason::NotSignedIn => Err(AccessError::NotSignedIn),
            Reason::RoleMissing(role) => Err(AccessError::RoleMissing(role)),
            Reason::ScopeMissing => Err(AccessError::ScopeMissing),
        }
    }

    fn has_scopes(&self, identity: &Identity, action: Action) -> bool {
        let claims = identity.claims();
        let mut required = self.required_scopes.iter().filter(|rule| rule.action == action);
        claims.token_use == TokenUse::Id || required.all(|rule| claims.has_scope(&rule.scope))
    }
}

#[cfg(test)]
mod tests;
