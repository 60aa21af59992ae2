//! Who may do what: one table of actions and roles, deny by default.

use crate::caller::{Caller, Identity, TokenUse};
use crate::required_scope::RequiredScope;

/// Everything somebody can ask to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read published news.
    ReadNews,
    /// See one's own account.
    ReadAccount,
    /// Keep a reading list.
    SaveNews,
    /// Open the newsroom's list.
    OpenDesk,
    /// Write, publish and correct stories.
    WriteNews,
    /// Move stories to the trash.
    DeleteNews,
    /// See what lies in the trash and bring it back.
    RestoreNews,
    /// Erase what lies in the trash for good.
    EraseNews,
    /// Read who did what.
    ReadAudit,
    /// See who has signed in lately and sign them out.
    ManageAccess,
}

impl Action {
    /// Every action, in the order they are explained to people.
    pub const ALL: [Self; 10] = [
        Self::ReadNews,
        Self::ReadAccount,
        Self::SaveNews,
        Self::OpenDesk,
        Self::WriteNews,
        Self::DeleteNews,
        Self::RestoreNews,
        Self::EraseNews,
        Self::ReadAudit,
        Self::ManageAccess,
    ];

    /// The stable name in logs and explanations.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadNews => "news:read",
            Self::ReadAccount => "account:read",
            Self::SaveNews => "news:save",
            Self::OpenDesk => "desk:open",
            Self::WriteNews => "news:write",
            Self::DeleteNews => "news:delete",
            Self::RestoreNews => "news:restore",
            Self::EraseNews => "news:erase",
            Self::ReadAudit => "audit:read",
            Self::ManageAccess => "access:manage",
        }
    }

    /// The action of a stable name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }

    /// Whether nobody has to say who they are for it.
    pub fn is_public(self) -> bool {
        matches!(self.needs(), Need::Nothing)
    }

    /// Returns whether doing it needs groups that the user pool confirmed within the last minute.
    pub fn is_destructive(self) -> bool {
        match self {
            Self::DeleteNews | Self::RestoreNews | Self::EraseNews | Self::ManageAccess => true,
            Self::ReadNews
            | Self::ReadAccount
            | Self::SaveNews
            | Self::OpenDesk
            | Self::WriteNews
            | Self::ReadAudit => false,
        }
    }

    fn needs(self) -> Need {
        match self {
            Self::ReadNews => Need::Nothing,
            Self::ReadAccount | Self::SaveNews => Need::SignedIn,
            Self::OpenDesk | Self::WriteNews => Need::Role(Role::Editor),
            Self::DeleteNews
            | Self::RestoreNews
            | Self::EraseNews
            | Self::ReadAudit
            | Self::ManageAccess => Need::Role(Role::Admin),
        }
    }
}

/// A part in the newsroom; an admin is an editor too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Writes and publishes.
    Editor,
    /// Also deletes, restores and sees who did what.
    Admin,
}

impl Role {
    /// The stable name in JSON and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

enum Need {
    Nothing,
    SignedIn,
    Role(Role),
}

/// Why something was allowed or not: a stable code for logs, tests and explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Anyone may.
    Public,
    /// The caller is signed in, which is enough.
    SignedIn,
    /// The caller has the role.
    RoleHeld(Role),
    /// The operator at the machine may do anything.
    Operator,
    /// Nobody is signed in.
    NotSignedIn,
    /// The caller is signed in but lacks the role.
    RoleMissing(Role),
    /// The caller has the role, but the access token was not given the scope.
    ScopeMissing,
}

impl Reason {
    /// The code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "allow.public",
            Self::SignedIn => "allow.signed-in",
            Self::RoleHeld(Role::Editor) => "allow.role.editor",
            Self::RoleHeld(Role::Admin) => "allow.role.admin",
            Self::Operator => "allow.operator",
            Self::NotSignedIn => "deny.not-signed-in",
            Self::RoleMissing(Role::Editor) => "deny.role-missing.editor",
            Self::RoleMissing(Role::Admin) => "deny.role-missing.admin",
            Self::ScopeMissing => "deny.scope-missing",
        }
    }

    /// Whether the action may go on.
    pub fn is_allowed(self) -> bool {
        match self {
            Self::Public | Self::SignedIn | Self::RoleHeld(_) | Self::Operator => true,
            Self::NotSignedIn | Self::RoleMissing(_) | Self::ScopeMissing => false,
        }
    }
}

/// Why the policy said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Signing in may help (HTTP 401).
    #[error("not signed in")]
    NotSignedIn,
    /// Signing in does not help (HTTP 403).
    #[error("the role {} is missing", .0.as_str())]
    RoleMissing(Role),
    /// Signing in does not help: the token must have been given another scope (HTTP 403).
    #[error("the token lacks a scope")]
    ScopeMissing,
}

/// The rules, with the names the pool gives to the groups behind the roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    admin_group: String,
    editor_group: String,
    required_scopes: Vec<RequiredScope>,
}

impl Default for Policy {
    fn default() -> Self {
        Self::new("admin", "editor")
    }
}

impl Policy {
    /// Makes the policy for a pool with these group names.
    pub fn new(admin_group: impl Into<String>, editor_group: impl Into<String>) -> Self {
        Self {
            admin_group: admin_group.into(),
            editor_group: editor_group.into(),
            required_scopes: Vec::new(),
        }
    }

    /// Asks besides for scopes, all of those listed for an action.
    ///
    /// Only access tokens are asked: they say what a program may do in somebody's name. A
    /// session rests on an ID token, which has no scopes, and is nobody's but the person's.
    /// For the same reason ID tokens must not be accepted as bearer tokens where a scope is
    /// required.
    #[must_use]
    pub fn requiring(self, required_scopes: Vec<RequiredScope>) -> Self {
        Self { required_scopes, ..self }
    }

    /// The scopes asked for besides.
    pub fn required_scopes(&self) -> &[RequiredScope] {
        &self.required_scopes
    }

    /// The roles of the caller, least first; group names are compared exactly.
    pub fn roles(&self, caller: &Caller) -> Vec<Role> {
        let groups = match caller {
            Caller::Operator => return vec![Role::Editor, Role::Admin],
            Caller::Anonymous => return Vec::new(),
            Caller::SignedIn(identity) => &identity.claims().groups,
        };
        let admin = groups.contains(&self.admin_group);
        let editor = admin || groups.contains(&self.editor_group);
        let mut roles = Vec::new();
        roles.extend(editor.then_some(Role::Editor));
        roles.extend(admin.then_some(Role::Admin));
        roles
    }

    /// Decides, and says why.
    pub fn decide(&self, caller: &Caller, action: Action) -> Reason {
        match (action.needs(), caller) {
            (_, Caller::Operator) => Reason::Operator,
            (Need::Nothing, _) => Reason::Public,
            (_, Caller::Anonymous) => Reason::NotSignedIn,
            (Need::Role(role), Caller::SignedIn(_)) if !self.roles(caller).contains(&role) => {
                Reason::RoleMissing(role)
            }
            (_, Caller::SignedIn(identity)) if !self.has_scopes(identity, action) => {
                Reason::ScopeMissing
            }
            (Need::Role(role), Caller::SignedIn(_)) => Reason::RoleHeld(role),
            (Need::SignedIn, Caller::SignedIn(_)) => Reason::SignedIn,
        }
    }

    /// Lets the caller pass or says how they were denied.
    pub fn authorize(&self, caller: &Caller, action: Action) -> Result<(), AccessError> {
        match self.decide(caller, action) {
            Reason::Public | Reason::SignedIn | Reason::RoleHeld(_) | Reason::Operator => Ok(()),
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
mod tests {
    #![expect(clippy::disallowed_methods, reason = "policy tests need callers of every kind")]

    use proptest::prelude::*;

    use super::*;
    use crate::caller::VerifiedClaims;

    fn member(groups: Vec<String>) -> Caller {
        with_scope(groups, TokenUse::Access, "")
    }

    fn with_scope(groups: Vec<String>, token_use: TokenUse, scope: &str) -> Caller {
        Caller::SignedIn(Identity::from_verified(VerifiedClaims {
            sub: "sub".to_owned(),
            username: "name".to_owned(),
            email: None,
            groups,
            scope: scope.to_owned(),
            token_use,
            expires_at: 0,
        }))
    }

    fn groups() -> impl Strategy<Value = Vec<String>> {
        let name = prop_oneof![
            Just("admin".to_owned()),
            Just("editor".to_owned()),
            Just("Admin".to_owned()),
            Just("admin ".to_owned()),
            Just("\u{430}dmin".to_owned()),
            ".*",
        ];
        proptest::collection::vec(name, 0..6)
    }

    proptest! {
        #[test]
        fn nobody_but_an_admin_can_delete(groups in groups()) {
            let is_admin = groups.iter().any(|group| group == "admin");
            let allowed = Policy::default().authorize(&member(groups), Action::DeleteNews).is_ok();
            prop_assert_eq!(allowed, is_admin);
        }

        #[test]
        fn decide_and_authorize_agree(groups in groups()) {
            let policy = Policy::default();
            for caller in [member(groups), Caller::Anonymous, Caller::Operator] {
                for action in Action::ALL {
                    let decided = policy.decide(&caller, action).is_allowed();
                    prop_assert_eq!(decided, policy.authorize(&caller, action).is_ok());
                }
            }
        }
    }

    #[test]
    fn the_table_of_actions_and_roles() {
        let policy = Policy::default();
        let callers = [
            Caller::Anonymous,
            member(vec![]),
            member(vec!["editor".to_owned()]),
            member(vec!["admin".to_owned()]),
        ];
        let decisions = Action::ALL
            .map(|action| callers.each_ref().map(|caller| policy.decide(caller, action).as_str()));
        let [news, account, save, desk, write, delete, restore, erase, audit, access] = decisions;
        assert_eq!(news, ["allow.public"; 4]);
        let signed_in = "allow.signed-in";
        let readers = ["deny.not-signed-in", signed_in, signed_in, signed_in];
        assert_eq!([account, save], [readers; 2]);
        let editors = [
            "deny.not-signed-in",
            "deny.role-missing.editor",
            "allow.role.editor",
            "allow.role.editor",
        ];
        assert_eq!([desk, write], [editors; 2]);
        let refused = "deny.role-missing.admin";
        let admins = ["deny.not-signed-in", refused, refused, "allow.role.admin"];
        assert_eq!([delete, restore, erase, audit, access], [admins; 5]);
    }

    #[test]
    fn an_admin_is_an_editor_too() {
        let roles = |caller: &Caller| {
            let roles = Policy::default().roles(caller);
            roles.into_iter().map(Role::as_str).collect::<Vec<_>>()
        };
        assert_eq!(roles(&Caller::Operator), ["editor", "admin"]);
        assert_eq!(roles(&member(vec!["admin".to_owned()])), ["editor", "admin"]);
        assert_eq!(roles(&member(vec!["editor".to_owned()])), ["editor"]);
        assert!(roles(&member(vec!["Editor".to_owned()])).is_empty());
        assert!(roles(&Caller::Anonymous).is_empty());
    }

    #[test]
    fn scopes_are_required_of_access_tokens_besides_the_role() {
        let rules = ["news:delete=gazette/delete", "news:delete=gazette/all", "account:read=me"];
        let rules = rules.map(|rule| rule.parse().unwrap()).to_vec();
        let policy = Policy::default().requiring(rules.clone());
        assert_eq!(policy.required_scopes(), rules);
        let admin = |token_use, scope| with_scope(vec!["admin".to_owned()], token_use, scope);
        let decide = |caller: &Caller, action| policy.decide(caller, action).as_str();
        let delete = |scope| decide(&admin(TokenUse::Access, scope), Action::DeleteNews);
        assert_eq!(delete("gazette/delete gazette/all"), "allow.role.admin");
        assert_eq!(delete("openid gazette/all gazette/delete"), "allow.role.admin");
        for scope in
            ["", "gazette/delete", "gazette/deletegazette/all", "GAZETTE/DELETE gazette/all"]
        {
            assert_eq!(delete(scope), "deny.scope-missing", "{scope}");
        }
        let session = admin(TokenUse::Id, "");
        assert_eq!(decide(&session, Action::DeleteNews), "allow.role.admin");
        assert_eq!(decide(&session, Action::ReadAccount), "allow.signed-in");
        let granted = "gazette/delete gazette/all me";
        let reader = with_scope(Vec::new(), TokenUse::Access, granted);
        assert_eq!(decide(&reader, Action::DeleteNews), "deny.role-missing.admin");
        assert_eq!(decide(&reader, Action::ReadAccount), "allow.signed-in");
        let program = member(Vec::new());
        assert_eq!(decide(&program, Action::ReadAccount), "deny.scope-missing");
        assert_eq!(policy.authorize(&program, Action::ReadAccount), Err(AccessError::ScopeMissing));
        assert_eq!(decide(&program, Action::ReadNews), "allow.public");
    }

    #[test]
    fn groups_in_a_line_never_name_a_group_that_is_not_there() {
        let groups = ["editor", "a,admin", ",", "[b c]"].map(str::to_owned).to_vec();
        let Caller::SignedIn(identity) = member(groups) else { unreachable!() };
        assert_eq!(identity.claims().groups_in_a_line(), "editor,[b c]");
    }
}
